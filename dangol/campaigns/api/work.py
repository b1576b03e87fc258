"""Changing programmes and moving due calls by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from dangol.campaigns import actions, programmes
from dangol.campaigns.api.router import router
from dangol.campaigns.models import Stage, Target
from dangol.campaigns.queries import agents, programmes_visible_to
from dangol.core.api import Body, may, one_of
from dangol.core.models import User


class ProgrammeChange(Body):
    """What to change; left out: stays."""

    name: str | None = Field(None, min_length=1, max_length=100)
    priority: int | None = Field(None, ge=1, le=9)
    daily_capacity: int | None = Field(None, ge=0, le=1_000_000)
    ends_on: dt.date | None = None
    quarantine_days: int | None = Field(None, ge=0, le=365)


class StageChange(Body):
    """What to change of a stage; left out: stays."""

    name: str | None = Field(None, min_length=1, max_length=100)
    days_after: int | None = Field(None, ge=0, le=3650)
    script: str | None = Field(None, max_length=10000)
    max_attempts: int | None = Field(None, ge=1, le=100)


class DueCalls(Body):
    """Waiting calls of programmes that you may change."""

    due_call_ids: list[uuid.UUID] = Field(min_length=1, max_length=1000)


class HandOverIn(DueCalls):
    """To an agent, to another stage, or (neither) back to everybody."""

    agent_id: uuid.UUID | None = None
    stage_id: uuid.UUID | None = None


class LevelIn(DueCalls):
    """Sooner or later within the programme."""

    level: Literal["sooner", "ordinary", "later"]


class Count(Schema):
    """How many were changed."""

    changed: int


class ProgrammeNow(Schema):
    """A programme's rules as they stand."""

    id: uuid.UUID
    name: str
    priority: int
    daily_capacity: int | None
    ends_on: dt.date | None
    quarantine_days: int


class StageNow(Schema):
    """A stage as it stands."""

    id: uuid.UUID
    name: str
    days_after: int
    script: str
    max_attempts: int
    ended_at: dt.datetime | None


LEVELS = {"sooner": 1, "ordinary": 2, "later": 3}


def stage_of(user: User, key: uuid.UUID) -> Stage:
    """A stage of a programme that the person may change; 404 otherwise."""
    visible = programmes_visible_to(user, "programmes.edit")
    return one_of(Stage.objects.filter(campaign__in=visible), key, "stage")


def waiting(user: User, keys: list[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the due calls that the person may move."""
    visible = programmes_visible_to(user, "programmes.edit")
    rows = Target.objects.filter(pk__in=keys, campaign__in=visible, finished_at=None)
    return list(rows.values_list("pk", flat=True))


@router.patch("/programmes/{programme_id}", response=ProgrammeNow)
def change_programme(request: HttpRequest, programme_id: uuid.UUID, body: ProgrammeChange) -> Any:
    """Change a programme's rules."""
    user = may(request, "programmes.edit")
    campaign = one_of(programmes_visible_to(user, "programmes.edit"), programme_id, "programme")
    return programmes.change_programme(campaign, by=user, **body.dict(exclude_unset=True))


@router.patch("/stages/{stage_id}", response=StageNow)
def change_stage(request: HttpRequest, stage_id: uuid.UUID, body: StageChange) -> Any:
    """Change a stage; calls that are already due keep their place."""
    user = may(request, "programmes.edit")
    fields = body.dict(exclude_unset=True)
    return programmes.change_stage(stage_of(user, stage_id), by=user, **fields)


@router.delete("/stages/{stage_id}", response=StageNow)
def end_stage(request: HttpRequest, stage_id: uuid.UUID) -> Any:
    """The stage makes no more calls."""
    user = may(request, "programmes.edit")
    return programmes.end_stage(stage_of(user, stage_id), by=user)


@router.post("/due-calls/hand-over", response=Count)
def hand_over_due_calls(request: HttpRequest, body: HandOverIn) -> Any:
    """Give waiting calls to an agent, to another stage, or back to everybody."""
    user = may(request, "programmes.edit")
    agent = stage = None
    if body.agent_id:
        agent = one_of(agents(), body.agent_id, "agent")
    if body.stage_id:
        stage = stage_of(user, body.stage_id)
    keys = waiting(user, body.due_call_ids)
    return {"changed": actions.hand_over(keys, by=user, agent=agent, stage=stage)}


@router.post("/due-calls/level", response=Count)
def reprioritise_due_calls(request: HttpRequest, body: LevelIn) -> Any:
    """Let waiting calls come sooner or later within their programme."""
    user = may(request, "programmes.edit")
    keys = waiting(user, body.due_call_ids)
    return {"changed": actions.reprioritise(keys, LEVELS[body.level], by=user)}


@router.post("/due-calls/drop", response=Count)
def drop_due_calls(request: HttpRequest, body: DueCalls) -> Any:
    """Take waiting calls off the list; one that an agent holds stays."""
    user = may(request, "programmes.edit")
    rows = Target.objects.filter(pk__in=waiting(user, body.due_call_ids))
    return {"changed": sum(actions.drop(row, by=user) for row in rows)}
