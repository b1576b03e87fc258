"""Cases by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema, Status
from pydantic import Field, field_validator

from dangol.cases import actions
from dangol.cases.api.router import router
from dangol.cases.clock import read_clock
from dangol.cases.models import Case
from dangol.cases.queries import cases_visible_to, categories_in_use, people_for
from dangol.core.api import After, Body, Limit, Page, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_words
from dangol.customers.by_id import customer_or_problem
from dangol.places.scope import places_visible_to


class CaseOut(Schema):
    """A case; its clock is at /cases/{id}."""

    id: uuid.UUID
    number: int
    thread_id: uuid.UUID
    customer_id: uuid.UUID
    place_id: uuid.UUID
    category_id: uuid.UUID
    title: str
    description: str
    priority: int
    state: str
    holder: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    resolved_at: dt.datetime | None
    closed_at: dt.datetime | None
    confirmed: bool | None
    resolution: str

    @field_validator("title", "description", "resolution", mode="after")
    @classmethod
    def words(cls, text: str) -> str:
        """As the person asking may see them."""
        return shown_words(text)


class CaseWithClock(CaseOut):
    """A case with its working minutes."""

    minutes_allowed: int
    minutes_used: float
    minutes_left: float
    clock_running: bool


class CategoryOut(Schema):
    """What cases can be about."""

    id: uuid.UUID
    code: str
    name: str
    kind: str
    minutes: int


class CaseIn(Body):
    """A case to open."""

    customer_id: uuid.UUID
    place_id: uuid.UUID
    category_id: uuid.UUID
    title: str = Field(max_length=200)
    description: str = Field("", max_length=20_000)
    priority: Literal[0, 1, 2, 3] = 1


class ResolutionIn(Body):
    """What was done."""

    resolution: str


class ConfirmationIn(Body):
    """The customer's word."""

    solved: bool


class TurnIn(Body):
    """Whose turn."""

    holder: Literal["site", "head_office", "customer"]


class ClosureIn(Body):
    """Why it ends without the customer's word."""

    reason: str


class AssignmentIn(Body):
    """Who works on it; empty: nobody."""

    person_id: uuid.UUID | None


class SiteIn(Body):
    """The site that owns it from now on."""

    place_id: uuid.UUID


class CaseChange(Body):
    """What to correct; left out: stays."""

    title: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = None
    priority: Literal[0, 1, 2, 3] | None = None
    category_id: uuid.UUID | None = None


class NoteIn(Body):
    """Something said inside the company."""

    text: str


class NoteOut(Schema):
    """A note as kept."""

    id: uuid.UUID
    text: str
    created_at: dt.datetime


def with_clock(case: Case) -> dict[str, Any]:
    """A case as told, with its clock."""
    reading = read_clock(case, case.stints.select_related("place"), timezone.now())
    told = {name: getattr(case, name) for name in CaseOut.model_fields}
    return told | {
        "minutes_allowed": case.minutes,
        "minutes_used": round(reading.used, 2),
        "minutes_left": round(reading.left, 2),
        "clock_running": reading.running and reading.open_now,
    }


def mine(request: HttpRequest, key: uuid.UUID, ability: str = "cases.work") -> Case:
    """A visible case, for somebody who may work on it."""
    return one_of(cases_visible_to(may(request, ability)), key, "case")


@router.get("/cases", response=Page[CaseOut])
def list_cases(
    request: HttpRequest, after: After = "", limit: Limit = 50, open: bool | None = None
):  # type: ignore[no-untyped-def]
    """Cases that you may see, newest first."""
    rows = cases_visible_to(may(request, "cases.see"))
    if open is not None:
        rows = rows.filter(closed_at__isnull=open)
    page = page_of(rows, "-opened_at", after, limit)
    record_access(request, "api cases", [case.customer_id for case in page["items"]])
    return page


@router.get("/case-categories", response=list[CategoryOut])
def list_case_categories(request: HttpRequest):  # type: ignore[no-untyped-def]
    """What cases can be about."""
    may(request, "cases.see")
    return categories_in_use()


@router.get("/cases/{case_id}", response=CaseWithClock)
def get_case(request: HttpRequest, case_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One case with its clock."""
    case = mine(request, case_id, "cases.see")
    record_access(request, "api case", [case.customer_id])
    return with_clock(case)


@router.post("/cases", response={201: CaseWithClock})
def open_case(request: HttpRequest, body: CaseIn):  # type: ignore[no-untyped-def]
    """Open a case at a site."""
    user = may(request, "cases.work")
    case = actions.open_case(
        customer=customer_or_problem(user, body.customer_id),
        place=one_of(places_visible_to(user, "cases.work"), body.place_id, "site"),
        category=one_of(categories_in_use(), body.category_id, "category"),
        title=body.title,
        description=body.description,
        priority=body.priority,
        by=user,
    )
    return Status(201, with_clock(case))


@router.post("/cases/{case_id}/resolution", response=CaseWithClock)
def resolve_case(request: HttpRequest, case_id: uuid.UUID, body: ResolutionIn):  # type: ignore[no-untyped-def]
    """The site says that it is solved."""
    return with_clock(
        actions.resolve_case(mine(request, case_id), body.resolution, by=may(request, "cases.work"))
    )


@router.post("/cases/{case_id}/confirmation", response=CaseWithClock)
def confirm_case(request: HttpRequest, case_id: uuid.UUID, body: ConfirmationIn):  # type: ignore[no-untyped-def]
    """The customer's word: solved closes, not solved reopens."""
    case = mine(request, case_id)
    return with_clock(
        actions.confirm_solution(case, solved=body.solved, by=may(request, "cases.work"))
    )


@router.post("/cases/{case_id}/closure", response=CaseWithClock)
def close_case(request: HttpRequest, case_id: uuid.UUID, body: ClosureIn):  # type: ignore[no-untyped-def]
    """End without the customer's word."""
    case = mine(request, case_id)
    return with_clock(actions.close_case(case, reason=body.reason, by=may(request, "cases.work")))


@router.post("/cases/{case_id}/turn", response=CaseWithClock)
def hand_over_case(request: HttpRequest, case_id: uuid.UUID, body: TurnIn):  # type: ignore[no-untyped-def]
    """Give the turn to the site, head office or the customer."""
    case = mine(request, case_id)
    return with_clock(actions.hand_over_case(case, body.holder, by=may(request, "cases.work")))


@router.post("/cases/{case_id}/notes", response={201: NoteOut})
def add_case_note(request: HttpRequest, case_id: uuid.UUID, body: NoteIn):  # type: ignore[no-untyped-def]
    """Say something inside the company."""
    return Status(
        201, actions.add_note(mine(request, case_id), body.text, by=may(request, "cases.work"))
    )


@router.put("/cases/{case_id}/assignment", response=CaseWithClock)
def assign_case(request: HttpRequest, case_id: uuid.UUID, body: AssignmentIn):  # type: ignore[no-untyped-def]
    """Say who works on it."""
    case = mine(request, case_id)
    person = one_of(people_for(case), body.person_id, "person") if body.person_id else None
    return with_clock(actions.assign_case(case, person, by=may(request, "cases.work")))


@router.put("/cases/{case_id}/site", response=CaseWithClock)
def move_case(request: HttpRequest, case_id: uuid.UUID, body: SiteIn):  # type: ignore[no-untyped-def]
    """Give the case to another site; the minutes used stay."""
    user = may(request, "cases.work")
    place = one_of(places_visible_to(user, "cases.work"), body.place_id, "site")
    return with_clock(actions.move_case(mine(request, case_id), place, by=user))


@router.patch("/cases/{case_id}", response=CaseWithClock)
def change_case(request: HttpRequest, case_id: uuid.UUID, body: CaseChange):  # type: ignore[no-untyped-def]
    """Correct title, description, priority or category; the clock follows."""
    sent = body.dict(exclude_unset=True, exclude={"category_id"})
    fields = {name: value for name, value in sent.items() if value is not None}
    if body.category_id:
        fields["category"] = one_of(categories_in_use(), body.category_id, "category")
    return with_clock(
        actions.change_case(mine(request, case_id), by=may(request, "cases.work"), **fields)
    )
