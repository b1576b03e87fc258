"""Returns by program: lots over a score's cell or a segment, what came of it, with the hold-out beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, Problem, may, no_such, page_of
from dangol.customers.queries import customer_by_id
from dangol.scores import actions
from dangol.scores.models import Use
from dangol.scores.queries import models_visible_to, uses_visible_to
from dangol.scores.returns import lifts_of, sides_of
from dangol.segments.queries import segments_visible_to

router = Router(tags=["returns"])
Measure = Annotated[str, Field(max_length=20)]
COUNTED = ("spent", "bought")
"""What the product counts itself, and nobody else."""
Share = Annotated[float, Field(ge=0.01, le=0.9, description="share that is held out by lot")]


class UseOut(Schema):
    """What was done with a cell of a score, or with a segment."""

    id: uuid.UUID
    name: str
    model: str | None = None
    cell: str
    segment_id: uuid.UUID | None
    hold_out: float
    days: int
    started_at: dt.datetime
    counted_at: dt.datetime | None
    ended_at: dt.datetime | None

    @staticmethod
    def resolve_model(use: Use) -> str | None:
        """The score's key."""
        return use.model.key if use.model else None


class EstimateOut(Schema):
    """Means for each customer, treated less held out, with Welch's 95% interval."""

    measure: str
    adjusted: bool
    """Whether spending before was taken into account (CUPED)."""
    treated: float
    held_out: float
    difference: float
    low: float
    high: float
    p: float


class ReturnOut(UseOut):
    """A use with what came of it so far."""

    treated: int
    held_out: int
    lifts: list[EstimateOut]


class UseIn(Body):
    """Whom to draw lots over: a cell of a score (empty: everybody it scores), or a segment."""

    name: str = Field(min_length=1, max_length=120)
    model: str | None = Field(None, max_length=40)
    cell: str = Field("", max_length=40)
    segment_id: uuid.UUID | None = None
    hold_out: Share = 0.2
    days: int = Field(30, ge=1, le=730)


class OutcomeOfCustomerIn(Body):
    """What somebody else counted for one customer, such as a redemption."""

    amount: float = Field(allow_inf_nan=False)


def the_use(request: HttpRequest, use_id: uuid.UUID, ability: str = "scores.see") -> Use:
    """A use that the person may see, or 404."""
    found = uses_visible_to(may(request, ability)).filter(pk=use_id).first()
    if found is None:
        raise no_such("use")
    return found


def with_lifts(use: Use) -> dict[str, Any]:
    """The use, how many were drawn, and every estimate."""
    said = [
        {"measure": measure, "adjusted": adjusted, **vars(one)}
        for measure, pair in lifts_of(use).items()
        for adjusted, one in zip((False, True), pair, strict=True)
        if one is not None
    ]
    fields = (
        "id",
        "name",
        "cell",
        "segment_id",
        "hold_out",
        "days",
        "started_at",
        "counted_at",
        "ended_at",
    )
    known = {name: getattr(use, name) for name in fields}
    return known | sides_of(use) | {"model": UseOut.resolve_model(use), "lifts": said}


@router.get("/returns", response=Page[UseOut])
def list_returns(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """What was done with scores and segments, the latest first."""
    return page_of(uses_visible_to(may(request, "scores.see")), "-started_at", after, limit)


@router.post("/returns", response={200: UseOut, 201: UseOut})
def begin_return(request: HttpRequest, body: UseIn):  # type: ignore[no-untyped-def]
    """Draw lots: who is treated, and who is held out so that it can be said what came of it.

    The same once more within a day is answered (200) by the first; with other figures it is a 409.
    """
    user = may(request, "scores.run")
    if (body.model is None) == (body.segment_id is None):
        raise ValidationError({"model": _("Name a score (model) or a segment (segment_id).")})
    meant: dict[str, Any] = {}
    if body.model is not None:
        meant = {"model": models_visible_to(user).filter(key=body.model).first(), "cell": body.cell}
    else:
        meant = {"segment": segments_visible_to(user).filter(pk=body.segment_id).first()}
    if not (meant.get("model") or meant.get("segment")):
        raise no_such("score or segment")
    given = {"name": body.name, "hold_out": body.hold_out, "days": body.days}
    try:
        return Status(201, actions.begin_use(by=user, **given, **meant))
    except actions.AlreadyBegun as known:
        if known.same:
            return Status(200, known.use)
        told = _(
            "Under this name it was begun today with other figures; end that one, or choose another name."
        )
        raise Problem(409, _("Already begun"), told, id=str(known.use.pk)) from None


@router.get("/returns/{uuid:use_id}", response=ReturnOut)
def get_return(request: HttpRequest, use_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One use with what came of it, as counted last."""
    return with_lifts(the_use(request, use_id))


@router.post("/returns/{uuid:use_id}/count", response=ReturnOut)
def count_return(request: HttpRequest, use_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Count what customers bought since; twice changes nothing."""
    use = the_use(request, use_id, "scores.run")
    actions.count_outcomes(use)
    use.refresh_from_db()
    return with_lifts(use)


@router.post("/returns/{uuid:use_id}/ending", response=ReturnOut)
def end_return(request: HttpRequest, use_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Watch it no more; what came so far is counted a last time. Twice changes nothing."""
    use = the_use(request, use_id, "scores.run")
    return with_lifts(actions.end_use(use, by=may(request, "scores.run")))


@router.post("/returns/{uuid:use_id}/resumption", response=ReturnOut)
def resume_return(request: HttpRequest, use_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Watch it again, as if it had never been ended. Twice changes nothing."""
    use = the_use(request, use_id, "scores.run")
    return with_lifts(actions.resume_use(use, by=may(request, "scores.run")))


@router.put("/returns/{uuid:use_id}/customers/{uuid:customer_id}/outcomes/{slug:measure}")
def put_outcome(  # type: ignore[no-untyped-def]
    request: HttpRequest,
    use_id: uuid.UUID,
    customer_id: uuid.UUID,
    measure: Measure,
    body: OutcomeOfCustomerIn,
):
    """Write down what came of it for one customer by a measure of one's own; again replaces it."""
    use = the_use(request, use_id, "scores.run")
    if measure in COUNTED:
        raise ValidationError({"measure": _("This measure is counted from the purchases.")})
    customer = customer_by_id(may(request, "customers.see"), customer_id)
    if customer is None:
        raise no_such("customer")
    actions.record_outcome(use, customer, measure, body.amount, by=may(request, "scores.run"))
    return {"measure": measure, "amount": body.amount}
