"""The lake by program: how it stands, what is in it, and making it anew."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpRequest
from ninja import Router, Schema, Status

from dangol.core.api import After, Body, Limit, Page, may, no_such, page_of
from dangol.warehouse import actions
from dangol.warehouse.facts import FACTS, FactTable
from dangol.warehouse.models import Run
from dangol.warehouse.queries import lake_standing, runs_visible_to

router = Router(tags=["lake"])


class LakeTableOut(Schema):
    """One table of the newest version."""

    name: str
    label: str
    grain: str
    rows: int
    bytes: int
    files: int
    earliest: str
    latest: str
    changed_in: int


class LakeOut(Schema):
    """How the lake stands."""

    version: int | None
    as_of: dt.datetime | None
    waiting: int
    seconds_behind: float
    rows: int
    bytes: int
    tables: list[LakeTableOut]


class LakeColumnOut(Schema):
    """One column: what it holds and what it means."""

    name: str
    type: str
    label: str
    meaning: str
    of: str


class LakeTableColumnsOut(Schema):
    """One declared table."""

    name: str
    label: str
    grain: str
    time: str
    customer: str
    columns: list[LakeColumnOut]


class LakeRunOut(Schema):
    """One piece of work."""

    id: uuid.UUID
    kind: str
    state: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    version: int | None
    rows: int
    bytes: int
    done: int
    total: int
    failure: str


class RebuildIn(Body):
    """Which tables; none: all."""

    tables: list[str] = []


def known(name: str) -> FactTable:
    """A declared table, or 404."""
    if name not in FACTS:
        raise no_such("table")
    return FACTS[name]


@router.get("/lake", response=LakeOut)
def get_lake(request: HttpRequest):  # type: ignore[no-untyped-def]
    """How the lake stands: version, lag, tables with rows and sizes."""
    may(request, "lake.see")
    standing = lake_standing()
    return {
        "version": standing.newest.version if standing.newest else None,
        "as_of": standing.as_of, "waiting": standing.waiting,
        "seconds_behind": standing.lag.total_seconds(),
        "rows": standing.rows, "bytes": standing.bytes,
        "tables": [
            {
                "name": t.fact.name, "label": str(t.fact.label), "grain": str(t.fact.grain),
                "rows": t.version.rows, "bytes": t.version.bytes, "files": len(t.version.files),
                "earliest": t.earliest, "latest": t.latest, "changed_in": t.version.changed_in,
            }
            for t in standing.tables
        ],
    }  # fmt: skip


@router.get("/lake/tables/{name}", response=LakeTableColumnsOut)
def get_lake_table(request: HttpRequest, name: str):  # type: ignore[no-untyped-def]
    """What a row of a table is and what its columns mean."""
    may(request, "lake.see")
    fact = known(name)
    return {
        "name": fact.name, "label": str(fact.label), "grain": str(fact.grain),
        "time": fact.time, "customer": fact.customer,
        "columns": [
            {
                "name": c.name, "type": c.type, "label": str(c.label), "meaning": str(c.meaning),
                "of": c.of,
            }
            for c in fact.columns
        ],
    }  # fmt: skip


@router.get("/lake/runs", response=Page[LakeRunOut])
def list_lake_runs(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Work done on the lake, the latest first."""
    rows = runs_visible_to(may(request, "lake.see"))
    return page_of(rows, "-created_at", after, limit)


@router.post("/lake/rebuilds", response={202: LakeRunOut})
def rebuild_lake(request: HttpRequest, body: RebuildIn):  # type: ignore[no-untyped-def]
    """Have tables made anew in the background; one under way is answered instead of another."""
    user = may(request, "lake.rebuild")
    tables = [known(name).name for name in body.tables]
    run: Run = actions.ask_for_rebuild(tables, by=user)
    return Status(202, run)
