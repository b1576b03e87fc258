"""Sources by program: the same actions as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from dangol.core.api import After, Limit, Page, may, one_of, page_of
from dangol.core.masking import shown_name
from dangol.sources import actions, connections, removing
from dangol.sources.gone_site_api import router as gone_sites
from dangol.sources.models import Run, Source
from dangol.sources.outgoing.api import router as outgoing
from dangol.sources.queries import refused_rows, runs_of, sources_visible_to
from dangol.sources.running.giving_up import failure_text

router = Router(tags=["sources"])
router.add_router("", outgoing)
router.add_router("", gone_sites)
Entity = Literal["person", "organisation", "transaction", "product", "site"]
Connection = Literal["folder", "postgresql", "mariadb", "database", "rest"]
Rank = Annotated[int, Field(strict=True, ge=0, le=100)]
ONE_OBJECT = ConfigDict(extra="forbid")  # a list would pass for an object that says nothing


class MappedIn(Schema):
    """How one of our columns is read."""

    model_config = ONE_OBJECT
    from_: list[str] = Field(
        [], alias="from", max_length=6, description="headings; several are joined"
    )
    value: str = Field("", max_length=200, description="where the cells are empty")
    do: list[list[str]] = Field([], max_length=8, description="[[transformation, option]]")


class ScheduleIn(Schema):
    """When and how a source is read."""

    model_config = ONE_OBJECT
    schedule: str = Field("", max_length=60, description="a cron line; empty: by hand")
    full: bool = True
    watermark_column: str = Field("", max_length=120)


class SourceIn(Schema):
    """A source with all that a run needs."""

    code: str = Field(max_length=40)
    name: str = Field(max_length=80)
    system: str = Field("", max_length=40)
    entity: Entity
    connection: Connection
    reach: dict[str, str | int | bool] = Field(
        {}, description="host, port, database, user; folder; url, paths …"
    )
    hidden: str = Field(
        "", max_length=2000, description="password, token or address; never shown again"
    )
    place: str = Field(max_length=200, description="table, file (or pattern) or path")
    mapping: dict[str, MappedIn]
    trust: dict[str, Rank] = {}
    schedule: ScheduleIn = ScheduleIn()


class SourceChange(Schema):
    """What is said anew; what is not there stays."""

    model_config = ONE_OBJECT
    reach: dict[str, str | int | bool] | None = None
    hidden: str | None = Field(None, max_length=2000)
    place: str | None = Field(None, max_length=200)
    mapping: dict[str, MappedIn] | None = None
    trust: dict[str, Rank] | None = None
    schedule: ScheduleIn | None = None


class SourceOut(Schema):
    """A source; what is hidden stays hidden."""

    id: uuid.UUID
    code: str
    name: str
    system: str
    entity: str
    connection: str
    reach: dict[str, Any]
    place: str
    columns: list[str]
    mapping: dict[str, Any]
    trust: dict[str, int]
    full: bool
    watermark_column: str
    schedule: str
    next_at: dt.datetime | None
    paused_at: dt.datetime | None


class RunOut(Schema):
    """Where a run stands, and what it did."""

    id: uuid.UUID
    source_id: uuid.UUID
    state: str
    full: bool
    created_at: dt.datetime
    ended_at: dt.datetime | None
    rows: int
    position: int
    new: int
    changed: int
    same: int
    gone: int
    refused: int
    asked: dict[str, Any]
    strange: dict[str, int]
    failure: str

    @staticmethod
    def resolve_strange(run: Run) -> dict[str, int]:
        """How often each strange thing came, without samples."""
        return {what: entry["count"] for what, entry in run.strange.items()}

    @staticmethod
    def resolve_failure(run: Run) -> str:
        """In the language of the asking person."""
        return failure_text(run) if run.failure else ""


class RefusedRecordOut(Schema):
    """A row that was not taken."""

    line: int
    column: str
    reason: str
    cells: list[str]


class RunIn(Schema):
    """How it is read this time."""

    model_config = ONE_OBJECT
    full: bool | None = Field(
        None, description="everything, or only what is newer; empty: as usual"
    )


def mine(request: HttpRequest, key: uuid.UUID, ability: str = "sources.see") -> Source:
    """A source, for somebody with the ability."""
    return one_of(sources_visible_to(may(request, ability)), key, "source")


def my_run(request: HttpRequest, key: uuid.UUID, ability: str = "sources.see") -> Run:
    """A run of a source."""
    user = may(request, ability)
    rows = Run.objects.select_related("source").filter(source__in=sources_visible_to(user))
    return one_of(rows, key, "run")


def said(mapping: dict[str, MappedIn]) -> dict[str, Any]:
    """A mapping as actions take it."""
    return {
        name: {"from": one.from_, "value": one.value, "do": one.do} for name, one in mapping.items()
    }


@router.get("/sources", response=Page[SourceOut])
def list_sources(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Every source by name."""
    return page_of(sources_visible_to(may(request, "sources.see")), "name", after, limit)


@router.post("/sources", response={201: SourceOut})
def connect_source(request: HttpRequest, body: SourceIn):  # type: ignore[no-untyped-def]
    """Connect, map, trust and schedule a source; it is tried before anything is kept."""
    by = may(request, "sources.change")
    with transaction.atomic():
        source = connections.connect_source(
            code=body.code, name=body.name, system=body.system, entity=body.entity,
            connection=body.connection, reach=body.reach, hidden=body.hidden, by=by,
        )  # fmt: skip
        source = change(source, body, by)
    return Status(201, source)


@router.get("/sources/{source_id}", response=SourceOut)
def get_source(request: HttpRequest, source_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One source."""
    return mine(request, source_id)


@router.patch("/sources/{source_id}", response=SourceOut)
def change_source(request: HttpRequest, source_id: uuid.UUID, body: SourceChange):  # type: ignore[no-untyped-def]
    """Say some of it anew: all of it or nothing."""
    source, by = mine(request, source_id, "sources.change"), may(request, "sources.change")
    with transaction.atomic():
        if body.reach is not None or body.hidden is not None:
            reach = source.reach if body.reach is None else body.reach
            source = connections.change_connection(source, reach=reach, hidden=body.hidden, by=by)
        return change(source, body, by)


def change(source: Source, body: SourceIn | SourceChange, by: Any) -> Source:
    """Everything but the connection."""
    if body.place is not None:
        source = actions.choose_place(source, body.place, by=by)
    if body.mapping is not None:
        source = actions.set_mapping(source, said(body.mapping), by=by)
    if body.trust is not None:
        source = actions.set_trust(source, body.trust, by=by)
    if body.schedule is not None:
        source = actions.set_schedule(source, **body.schedule.dict(), by=by)
    return source


@router.post("/sources/{source_id}/test", response=dict[str, str])
def test_source(request: HttpRequest, source_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Whether it answers."""
    source = mine(request, source_id, "sources.change")
    return {"answer": connections.check_connection(source.connection, source.reach, source.hidden)}


@router.delete("/sources/{source_id}", response={204: None})
def remove_source(request: HttpRequest, source_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Take back a source that was never read; one that was is paused instead."""
    source = mine(request, source_id, "sources.change")
    removing.remove_source(source, by=may(request, "sources.change"))
    return Status(204, None)


@router.post("/sources/{source_id}/pause", response=SourceOut)
def pause_source(request: HttpRequest, source_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Read it no more by schedule."""
    source = mine(request, source_id, "sources.run")
    return actions.pause_source(source, by=may(request, "sources.run"))


@router.post("/sources/{source_id}/resumption", response=SourceOut)
def resume_source(request: HttpRequest, source_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Read it by schedule again."""
    source = mine(request, source_id, "sources.run")
    return actions.resume_source(source, by=may(request, "sources.run"))


@router.get("/sources/{source_id}/runs", response=Page[RunOut])
def list_source_runs(
    request: HttpRequest, source_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """Its runs, the latest first."""
    return page_of(runs_of(mine(request, source_id)), "-created_at", after, limit)


@router.post("/sources/{source_id}/runs", response={202: RunOut})
def run_source(request: HttpRequest, source_id: uuid.UUID, body: RunIn):  # type: ignore[no-untyped-def]
    """Read it now, in the background; a run under way goes on."""
    source = mine(request, source_id, "sources.run")
    return Status(202, actions.start_run(source, by=may(request, "sources.run"), full=body.full))


@router.get("/source-runs/{source_run_id}", response=RunOut)
def get_source_run(request: HttpRequest, source_run_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Where a run stands."""
    return my_run(request, source_run_id)


@router.post("/source-runs/{source_run_id}/stop", response=RunOut)
def stop_source_run(request: HttpRequest, source_run_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Stop before the next batch."""
    run = my_run(request, source_run_id, "sources.run")
    return actions.stop_run(run, by=may(request, "sources.run"))


@router.post("/source-runs/{source_run_id}/permission", response=RunOut)
def allow_source_run(request: HttpRequest, source_run_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """It looked wrong, but it is right: go on."""
    run = my_run(request, source_run_id, "sources.run")
    return actions.allow_run(run, by=may(request, "sources.run"))


@router.get("/source-runs/{source_run_id}/refused", response=Page[RefusedRecordOut])
def list_refused_source_rows(
    request: HttpRequest, source_run_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """What it refused, with reasons."""
    page = page_of(refused_rows(my_run(request, source_run_id)), "line", after, limit)
    page["items"] = [
        {
            "line": row.line, "column": row.column, "cells": [shown_name(cell) for cell in row.cells],
            "reason": _(row.reason) % row.facts if row.facts else _(row.reason),
        }
        for row in page["items"]
    ]  # fmt: skip
    return page
