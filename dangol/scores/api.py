"""Scores by program: models, their versions and runs, and what they say of customers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, may, no_such, page_of
from dangol.core.audit import record_access
from dangol.customers.queries import customer_by_id
from dangol.scores import actions
from dangol.scores.models import ScoreModel
from dangol.scores.queries import (
    models_visible_to,
    runs_of,
    scores_of,
    scores_visible_to,
    versions_of,
)
from dangol.scores.return_api import router as return_router
from dangol.scores.words import failure_words

router = Router(tags=["scores"])
router.add_router("", return_router)


class ScoreModelOut(Schema):
    """One score that the company keeps."""

    key: str
    kind: str
    name: str
    name_en: str
    score_every: str
    learn_every: str
    champion: int | None = None

    @staticmethod
    def resolve_champion(model: ScoreModel) -> int | None:
        """The champion's number."""
        return model.champion.number if model.champion else None


class ScoreVersionOut(Schema):
    """What a model learned once, and how it did on days that it had not seen."""

    number: int
    algorithm: str
    first_day: dt.date | None
    last_day: dt.date | None
    lake_version: int
    created_at: dt.datetime
    promoted_at: dt.datetime | None
    metrics: dict[str, Any]


class ScoreRunOut(Schema):
    """One piece of work on a model."""

    id: uuid.UUID
    state: str
    """waiting, running, finished, failed, or lacking: too little to go on so far."""
    learn: bool
    created_at: dt.datetime
    finished_at: dt.datetime | None
    as_of: dt.date | None
    lake_version: int | None
    customers: int
    changed: int
    done: int
    total: int
    failure: str
    failure_told: str
    """What it lacked or why it failed, in words, and what to do."""

    @staticmethod
    def resolve_failure_told(run: Any) -> str:
        """In the language that was asked for."""
        return failure_words(run.failure)


class ScoreOut(Schema):
    """What a model says of a customer."""

    customer_id: uuid.UUID
    model: str
    value: float
    low: float | None
    high: float | None
    cell: str
    before: str
    reasons: list[Any]
    at: dt.datetime

    @staticmethod
    def resolve_model(score: Any) -> str:
        """The model's key."""
        return str(score.model.key)


class ScoreRunIn(Body):
    """Whether to learn anew before scoring."""

    learn: bool = False


class ChampionIn(Body):
    """The version that scores from now on."""

    number: int = Field(ge=1, le=2**31 - 1)


def the_model(request: HttpRequest, key: str, ability: str = "scores.see") -> ScoreModel:
    """A model that the person may see; 403 without the ability, 404 where there is none."""
    user = may(request, ability)
    found = models_visible_to(user).filter(key=key).first()
    if found is None:
        raise no_such("score")
    return found


@router.get("/scores", response=list[ScoreModelOut])
def list_score_models(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Every score of the company."""
    return models_visible_to(may(request, "scores.see"))


@router.get("/scores/{slug:key}/versions", response=Page[ScoreVersionOut])
def list_score_versions(request: HttpRequest, key: str, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """What a model learned, the latest first, each with the figures of its back-test."""
    return page_of(versions_of(the_model(request, key)), "-number", after, limit)


@router.get("/scores/{slug:key}/runs", response=Page[ScoreRunOut])
def list_score_runs(request: HttpRequest, key: str, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Work on a model, the latest first."""
    return page_of(runs_of(the_model(request, key)), "-created_at", after, limit)


@router.post("/scores/{slug:key}/runs", response={202: ScoreRunOut})
def run_score(request: HttpRequest, key: str, body: ScoreRunIn):  # type: ignore[no-untyped-def]
    """Have a model run in the background; one under way is answered instead of another."""
    model = the_model(request, key, "scores.run")
    run = actions.ask_for_run(model, learn=body.learn, by=may(request, "scores.run"))
    return Status(202, run)


@router.put("/scores/{slug:key}/champion", response=ScoreModelOut)
def promote_score_version(request: HttpRequest, key: str, body: ChampionIn):  # type: ignore[no-untyped-def]
    """Make a version the champion; twice changes nothing."""
    model = the_model(request, key, "scores.promote")
    version = model.versions.filter(number=body.number).first()
    if version is None:
        raise no_such("version")
    return actions.promote_version(version, by=may(request, "scores.promote"))


@router.get("/scores/{slug:key}/customers", response=Page[ScoreOut])
def list_scores(  # type: ignore[no-untyped-def]
    request: HttpRequest, key: str, cell: str = "", after: After = "", limit: Limit = 50
):
    """Customers by score, the highest first; `cell` narrows."""
    user = may(request, "customers.see")
    rows = scores_visible_to(user).filter(model__key=key).select_related("model")
    page = page_of(rows.filter(cell=cell) if cell else rows, "-value", after, limit)
    record_access(request, "api scores", [score.customer_id for score in page["items"]])
    return page


@router.get("/customers/{uuid:customer_id}/scores", response=list[ScoreOut])
def list_scores_of_customer(request: HttpRequest, customer_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """What every model says of one customer."""
    customer = customer_by_id(may(request, "customers.see"), customer_id)
    if customer is None:
        raise no_such("customer")
    record_access(request, "api scores", [customer.pk])
    return scores_of(customer)
