"""Goals, watches and issues by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, Problem, may, one_of, page_of
from dangol.cubes import actions
from dangol.cubes.api.questions import AsksQuestion, KeptQuestionIn
from dangol.cubes.api.router import router
from dangol.cubes.goals.standing import standing
from dangol.cubes.models import Goal, Issue, Watch
from dangol.cubes.queries import goals_visible_to, issues_visible_to, watches_visible_to
from dangol.cubes.subjects.catalogue import FARTHEST
from dangol.places.scope import places_visible_to
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake

Value = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Word = Annotated[str, Field(max_length=30)]
Members = dict[Word, list[Annotated[str, Field(max_length=80)]]]


class CubeGoalIn(Body):
    """What a figure of a place is to be."""

    name: Name
    name_en: Annotated[str, Field(max_length=80)] = ""
    subject: Word
    measure: Word
    place_id: uuid.UUID
    value: Value
    first: dt.date
    last: dt.date
    filters: Annotated[Members, Field(max_length=20)] = {}


class CubeGoalOut(Schema):
    """A goal."""

    id: uuid.UUID
    name: str
    name_en: str
    subject: str
    measure: str
    place_id: uuid.UUID
    value: float
    first: dt.date
    last: dt.date
    filters: dict[str, list[str]]
    ended_at: dt.datetime | None


class CubeStandingOut(Schema):
    """How a goal stands today: what is, and what should be by now."""

    goal_id: uuid.UUID
    value: float | None
    due: float
    reached: float | None
    """Percent of the goal."""
    meaning: str
    days_left: int


class CubeWatchIn(Body):
    """Rows to look at each hour, and by which test."""

    name: Name
    question: KeptQuestionIn
    measure: Word
    test: Literal["above", "below", "sudden"] = "sudden"
    threshold: Value | None = None
    least: Annotated[int, Field(ge=1, le=100_000)] = 10
    hours: Annotated[int, Field(ge=1, le=720)] = 48


class CubeWatchOut(AsksQuestion):
    """A watch."""

    id: uuid.UUID
    name: str
    measure: str
    test: str
    threshold: float | None
    least: int
    hours: int
    owner_id: uuid.UUID
    looked_at: dt.datetime | None
    ended_at: dt.datetime | None


class CubeIssueOut(AsksQuestion):
    """What a watch found, whose it is, until when, and what came of it."""

    id: uuid.UUID
    watch_id: uuid.UUID
    watch: str
    label: str
    place_id: uuid.UUID | None
    link: str
    value: float
    expected: float | None
    evidence: dict[str, Any]
    owner_id: uuid.UUID
    opened_at: dt.datetime
    due_at: dt.datetime
    taken_at: dt.datetime | None
    taken_by_id: uuid.UUID | None
    closed_at: dt.datetime | None
    closed_by_id: uuid.UUID | None
    words: str

    @staticmethod
    def resolve_watch(issue: Issue) -> str:
        return issue.watch.name

    @staticmethod
    def resolve_link(issue: Issue) -> str:
        return f"/cubes/issues/{issue.pk}/"


class CubeClosureIn(Body):
    """What was found and done."""

    words: Annotated[str, Field(min_length=1, max_length=10_000)]


@router.get("/cubes/goals", response=Page[CubeGoalOut])
def list_cube_goals(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """The goals of your places, the newest first."""
    return page_of(goals_visible_to(may(request, "cubes.see")), "-created_at", after, limit)


@router.get("/cubes/goals/{cube_goal_id}/standing", response=CubeStandingOut)
def get_cube_goal_standing(request: HttpRequest, cube_goal_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """How a goal stands today, by the figures that you may see."""
    user = may(request, "cubes.see")
    goal: Goal = one_of(goals_visible_to(user), cube_goal_id, "goal")
    try:
        found = standing(goal, user, lake())
    except (NoLake, Damaged):
        raise Problem(
            409, _("No figures yet"), _("Nothing was copied into the lake yet.")
        ) from None
    return {"goal_id": goal.pk, **found}


@router.post("/cubes/goals", response={201: CubeGoalOut})
def set_cube_goal(request: HttpRequest, body: CubeGoalIn):  # type: ignore[no-untyped-def]
    """Say what a figure of a place is to be; the place is one where you may set goals."""
    user = may(request, "goals.edit")
    place = one_of(places_visible_to(user, "goals.edit"), body.place_id, "place")
    return Status(201, actions.set_goal(place=place, by=user, **body.dict(exclude={"place_id"})))


@router.put("/cubes/goals/{cube_goal_id}", response=CubeGoalOut)
def change_cube_goal(request: HttpRequest, cube_goal_id: uuid.UUID, body: CubeGoalIn):  # type: ignore[no-untyped-def]
    """Say anew what a figure is to be."""
    user = may(request, "goals.edit")
    found: Goal = one_of(goals_visible_to(user, "goals.edit"), cube_goal_id, "goal")
    place = one_of(places_visible_to(user, "goals.edit"), body.place_id, "place")
    return actions.change_goal(found, place=place, by=user, **body.dict(exclude={"place_id"}))


@router.post("/cubes/goals/{cube_goal_id}/end", response=CubeGoalOut)
def end_cube_goal(request: HttpRequest, cube_goal_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """The goal holds no longer."""
    user = may(request, "goals.edit")
    found = one_of(goals_visible_to(user, "goals.edit"), cube_goal_id, "goal")
    return actions.end_goal(found, by=user)


@router.get("/cubes/watches", response=Page[CubeWatchOut])
def list_cube_watches(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """The watches; without the right to set them, your own."""
    return page_of(watches_visible_to(may(request, "cubes.see")), "name", after, limit)


@router.post("/cubes/watches", response={201: CubeWatchOut})
def set_cube_watch(request: HttpRequest, body: CubeWatchIn):  # type: ignore[no-untyped-def]
    """Have each row of a question looked at with your scope; what it finds is yours to act on."""
    user = may(request, "watches.edit")
    given = body.dict(exclude={"question"})
    made = actions.set_watch(address=body.question.address(), owner=user, by=user, **given)
    return Status(201, made)


@router.put("/cubes/watches/{cube_watch_id}", response=CubeWatchOut)
def change_cube_watch(request: HttpRequest, cube_watch_id: uuid.UUID, body: CubeWatchIn):  # type: ignore[no-untyped-def]
    """Have a watch look for something else; its open issues stay."""
    user = may(request, "watches.edit")
    found: Watch = one_of(watches_visible_to(user), cube_watch_id, "watch")
    given = body.dict(exclude={"question"})
    return actions.change_watch(found, address=body.question.address(), by=user, **given)


@router.post("/cubes/watches/{cube_watch_id}/end", response=CubeWatchOut)
def end_cube_watch(request: HttpRequest, cube_watch_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """It looks no longer; its issues stay until they are closed."""
    user = may(request, "watches.edit")
    return actions.end_watch(one_of(watches_visible_to(user), cube_watch_id, "watch"), by=user)


def the_issue(request: HttpRequest, key: uuid.UUID) -> Issue:
    """An issue that the person may see."""
    return one_of(issues_visible_to(may(request, "cubes.see")), key, "issue")


@router.get("/cubes/issues", response=Page[CubeIssueOut])
def list_cube_issues(
    request: HttpRequest, after: After = "", limit: Limit = 50, open: bool | None = None
):  # type: ignore[no-untyped-def]
    """Your issues and those of your places, the most urgent first."""
    rows = issues_visible_to(may(request, "cubes.see"))
    if open is not None:
        rows = rows.filter(closed_at__isnull=open)
    return page_of(rows, "due_at", after, limit)


@router.get("/cubes/issues/{cube_issue_id}", response=CubeIssueOut)
def get_cube_issue(request: HttpRequest, cube_issue_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One issue with its evidence."""
    return the_issue(request, cube_issue_id)


@router.post("/cubes/issues/{cube_issue_id}/take", response=CubeIssueOut)
def take_cube_issue(request: HttpRequest, cube_issue_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Act on it: from now on it is yours; what somebody took already stays theirs."""
    return actions.take_issue(the_issue(request, cube_issue_id), by=may(request, "cubes.see"))


@router.post("/cubes/issues/{cube_issue_id}/close", response=CubeIssueOut)
def close_cube_issue(request: HttpRequest, cube_issue_id: uuid.UUID, body: CubeClosureIn):  # type: ignore[no-untyped-def]
    """Settle it in words; the same may be found again later as a new issue."""
    found = the_issue(request, cube_issue_id)
    return actions.close_issue(found, body.words, by=may(request, "cubes.see"))
