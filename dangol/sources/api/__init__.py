"""Sources by program: the same actions as the pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from dangol.core.api import After, Limit, Page, may, one_of, page_of
from dangol.core.masking import shown_name
from dangol.sources import actions, connections, removing
from dangol.sources.api.gone_sites import router as gone_sites
from dangol.sources.api.shapes import (
    MappedIn,
    RefusedRecordOut,
    RunIn,
    RunOut,
    SourceChange,
    SourceIn,
    SourceOut,
)
from dangol.sources.models import Run, Source
from dangol.sources.outgoing.api import router as outgoing
from dangol.sources.queries import refused_rows, runs_of, sources_visible_to

router = Router(tags=["sources"])
router.add_router("", outgoing)
router.add_router("", gone_sites)


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
    source = connections.a_new_source(
        code=body.code, name=body.name, system=body.system, entity=body.entity.value,
        connection=body.connection.value, reach=body.reach, hidden=body.hidden, by=by,
    )  # fmt: skip
    seen = actions.read_headings(source, body.place)
    with transaction.atomic():
        source = change(connections.keep_source(source, by=by), body, seen, by)
    return Status(201, source)


@router.get("/sources/{source_id}", response=SourceOut)
def get_source(request: HttpRequest, source_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One source."""
    return mine(request, source_id)


@router.patch("/sources/{source_id}", response=SourceOut)
def change_source(request: HttpRequest, source_id: uuid.UUID, body: SourceChange):  # type: ignore[no-untyped-def]
    """Say some of it anew: all of it or nothing."""
    source, by = mine(request, source_id, "sources.change"), may(request, "sources.change")
    tried, seen = None, None
    if body.reach is not None or body.hidden is not None:
        reach = source.reach if body.reach is None else body.reach
        tried = connections.try_connection(source, reach=reach, hidden=body.hidden)
    if body.place is not None:
        seen = actions.read_headings(tried.of(source) if tried else source, body.place)
    with transaction.atomic():
        if tried:
            source = connections.keep_connection(source, tried, by=by)
        return change(source, body, seen, by)


def change(
    source: Source, body: SourceIn | SourceChange, seen: actions.Headings | None, by: Any
) -> Source:
    """Everything but the connection; other systems have been asked by now."""
    if seen is not None:
        source = actions.keep_place(source, seen, by=by)
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
            "line": row.line, "file": row.file, "file_line": row.file_line or None,
            "column": row.column, "cells": [shown_name(cell[:2000]) for cell in row.cells],
            "reason": _(row.reason) % row.facts if row.facts else _(row.reason),
        }
        for row in page["items"]
    ]  # fmt: skip
    return page
