"""Programmes and due calls by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field

from dangol.campaigns import actions, programmes
from dangol.campaigns.api.router import router
from dangol.campaigns.explaining import spoken
from dangol.campaigns.models import Target
from dangol.campaigns.queries import (
    decisions_visible_to,
    programmes_visible_to,
    progress_of,
    stages_of,
    targets_visible_to,
)  # fmt: skip
from dangol.core.api import After, Body, Instant, Limit, Page, Problem, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.interactions.models import Interaction
from dangol.places.scope import places_visible_to
from dangol.purchases.models import Product

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class ProgrammeOut(Schema):
    """A programme's rules."""

    id: uuid.UUID
    name: str
    name_en: str
    purpose: str
    place_id: uuid.UUID
    priority: int
    daily_capacity: int | None
    starts_on: dt.date
    ends_on: dt.date | None
    quarantine_days: int
    valid_days: int
    hours: dict[str, list[list[str]]]
    paused_at: dt.datetime | None


class StageOut(Schema):
    """One call of a programme."""

    id: uuid.UUID
    order: int
    name: str
    days_after: int
    kind: str
    product_id: uuid.UUID | None
    place_id: uuid.UUID | None
    questionnaire_id: uuid.UUID | None
    script: str
    max_attempts: int
    waits: dict[str, int]


class StandingOut(ProgrammeOut):
    """A programme with its stages and kept counts."""

    stages: list[StageOut]
    open: int
    done: int
    reached: int
    given_up: int


class ProgrammeIn(Body):
    """A programme to begin."""

    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    purpose: Literal["happy_call", "confirmation", "research", "promotion"] = "happy_call"
    place_id: uuid.UUID
    priority: int = Field(5, ge=1, le=9)
    daily_capacity: int | None = Field(None, ge=0, le=1_000_000)
    starts_on: dt.date
    ends_on: dt.date | None = None
    quarantine_days: int = Field(7, ge=0, le=365)
    valid_days: int = Field(30, ge=0, le=3650)
    hours: dict[Literal["0", "1", "2", "3", "4", "5", "6"], list[tuple[Clock, Clock]]] | None = None
    """Calling hours by weekday (Monday is 0), where the customer's site is; usual hours if left out."""
    country: str = Field("KR", max_length=10)


class StageIn(Body):
    """A call to add to a programme."""

    name: str = Field(min_length=1, max_length=100)
    days_after: int = Field(7, ge=0, le=3650)
    kind: Literal["", "sale", "service", "other"] = ""
    product_id: uuid.UUID | None = None
    questionnaire_id: uuid.UUID | None = None
    script: str = Field("", max_length=10000)
    max_attempts: int = Field(5, ge=1, le=100)


class DueCallOut(Schema):
    """A due call."""

    id: uuid.UUID
    campaign_id: uuid.UUID
    stage_id: uuid.UUID
    customer_id: uuid.UUID
    thread_id: uuid.UUID
    transaction_id: uuid.UUID | None
    place_id: uuid.UUID | None
    due_on: dt.date
    next_at: dt.datetime
    attempts_made: int
    leased_by_id: uuid.UUID | None
    finished_at: dt.datetime | None
    result: str


class DecisionOut(Schema):
    """Why somebody was chosen or skipped."""

    id: uuid.UUID
    stage_id: uuid.UUID
    customer_id: uuid.UUID
    transaction_id: uuid.UUID | None
    chosen: bool
    reason: str
    words: str
    facts: dict[str, Any]
    at: dt.datetime

    @staticmethod
    def resolve_words(row: Any) -> str:
        return spoken(row.reason, row.facts)


class OutcomeIn(Body):
    """How a try ended."""

    interaction_id: uuid.UUID
    outcome: Literal[
        "done", "refused", "call_back", "no_answer", "busy", "wrong_number", "moved", "failed"
    ]
    call_back_at: Instant | None = None


def standing(campaign: Any) -> dict[str, Any]:
    """A programme as told, with stages and counts."""
    progress = progress_of([campaign.pk])[campaign.pk]
    told = {name: getattr(campaign, name) for name in ProgrammeOut.model_fields}
    return told | {
        "stages": list(stages_of(campaign)),
        "open": progress.open,
        "done": progress.done,
        "reached": progress.reached,
        "given_up": progress.dropped,
    }


@router.get("/programmes", response=Page[ProgrammeOut])
def list_programmes(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Programmes that you may see, the first priority first."""
    return page_of(programmes_visible_to(may(request, "programmes.see")), "priority", after, limit)


@router.get("/programmes/{programme_id}", response=StandingOut)
def get_programme(request: HttpRequest, programme_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One programme with its stages and counts."""
    rows = programmes_visible_to(may(request, "programmes.see"))
    return standing(one_of(rows, programme_id, "programme"))


@router.post("/programmes", response={201: StandingOut})
def open_programme(request: HttpRequest, body: ProgrammeIn):  # type: ignore[no-untyped-def]
    """Begin a programme."""
    user = may(request, "programmes.edit")
    fields = body.dict(exclude_none=True)
    place = one_of(places_visible_to(user, "programmes.edit"), fields.pop("place_id"), "place")
    return Status(201, standing(programmes.open_programme(by=user, place=place, **fields)))


@router.post("/programmes/{programme_id}/stages", response={201: StandingOut})
def add_stage(request: HttpRequest, programme_id: uuid.UUID, body: StageIn):  # type: ignore[no-untyped-def]
    """Add a call to a programme."""
    from dangol.interactions.models import Questionnaire

    user = may(request, "programmes.edit")
    campaign = one_of(programmes_visible_to(user, "programmes.edit"), programme_id, "programme")
    fields = body.dict()
    product, questionnaire = fields.pop("product_id"), fields.pop("questionnaire_id")
    if product:
        fields["product"] = one_of(Product.objects.all(), product, "product")
    if questionnaire:
        rows = Questionnaire.objects.filter(ended_at=None)
        fields["questionnaire"] = one_of(rows, questionnaire, "questionnaire")
    programmes.add_stage(campaign, by=user, **fields)
    return Status(201, standing(campaign))


@router.post("/programmes/{programme_id}/pause", response=StandingOut)
def pause_programme(request: HttpRequest, programme_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Hand out no more calls."""
    user = may(request, "programmes.edit")
    rows = programmes_visible_to(user, "programmes.edit")
    return standing(programmes.pause(one_of(rows, programme_id, "programme"), by=user))


@router.delete("/programmes/{programme_id}/pause", response=StandingOut)
def resume_programme(request: HttpRequest, programme_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Hand out calls again."""
    user = may(request, "programmes.edit")
    rows = programmes_visible_to(user, "programmes.edit")
    return standing(programmes.resume(one_of(rows, programme_id, "programme"), by=user))


@router.get("/programmes/{programme_id}/due-calls", response=Page[DueCallOut])
def list_due_calls(
    request: HttpRequest, programme_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """A programme's due calls, the next try first."""
    user = may(request, "programmes.see")
    campaign = one_of(programmes_visible_to(user), programme_id, "programme")
    page = page_of(targets_visible_to(user).filter(campaign=campaign), "next_at", after, limit)
    record_access(request, "api due calls", [row.customer_id for row in page["items"]])
    return page


@router.get("/programmes/{programme_id}/decisions", response=Page[DecisionOut])
def list_decisions(
    request: HttpRequest, programme_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """Why customers were chosen or skipped, the latest first."""
    user = may(request, "programmes.see")
    campaign = one_of(programmes_visible_to(user), programme_id, "programme")
    page = page_of(decisions_visible_to(user).filter(campaign=campaign), "-at", after, limit)
    record_access(request, "api decisions", [row.customer_id for row in page["items"]])
    return page


@router.post("/due-calls/claims", response={201: DueCallOut, 204: None})
def claim_due_call(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Take the best due call; it is yours for three minutes, longer if renewed. 204: none is due."""
    target = actions.claim_next(may(request, "desk.work"))
    if target is None:
        return Status(204, None)
    record_access(request, "api claim", [target.customer_id])
    return Status(201, target)


def held(request: HttpRequest, key: uuid.UUID) -> Target:
    """A due call that the person holds; 404 otherwise."""
    user = may(request, "desk.work")
    return one_of(Target.objects.filter(leased_by=user, finished_at=None), key, "due call of yours")


@router.post("/due-calls/{due_call_id}/renewal", response=DueCallOut)
def renew_due_call(request: HttpRequest, due_call_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Keep a claimed call a little longer."""
    target, user = held(request, due_call_id), may(request, "desk.work")
    actions.renew_lease(target, user)
    target.refresh_from_db()
    return target


@router.delete("/due-calls/{due_call_id}/claim", response={204: None})
def release_due_call(request: HttpRequest, due_call_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Give a claimed call back that was not tried."""
    actions.release(held(request, due_call_id), may(request, "desk.work"))
    return Status(204, None)


@router.post("/due-calls/{due_call_id}/outcomes", response=DueCallOut)
def record_due_call_outcome(request: HttpRequest, due_call_id: uuid.UUID, body: OutcomeIn):  # type: ignore[no-untyped-def]
    """Write how a try ended; the programme's rules say whether it is tried again."""
    user = may(request, "desk.work")
    target = held(request, due_call_id)
    rows = Interaction.objects.filter(customer=target.customer_id, agent=user)
    interaction = one_of(rows, body.interaction_id, "conversation of yours with this customer")
    if interaction.ended_at is None:
        raise Problem(409, _("The conversation goes on"), _("End it before you write its outcome."))
    return actions.record_outcome(
        target, body.outcome, interaction=interaction, by=user, call_back_at=body.call_back_at
    )
