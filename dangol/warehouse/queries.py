"""How the lake stands: its tables, versions, work done, and how far it is behind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from dangol.core.models import User
from dangol.warehouse import manifest
from dangol.warehouse.facts import FACTS, FactTable
from dangol.warehouse.manifest import Damaged, Manifest, NoLake, TableVersion
from dangol.warehouse.models import Run, Standing

LATE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class TableStanding:
    """One table of the newest version."""

    fact: FactTable
    version: TableVersion

    @property
    def earliest(self) -> str:
        """The first day in it."""
        return min((f.earliest[:10] for f in self.version.files if f.earliest), default="")

    @property
    def latest(self) -> str:
        """The last day in it."""
        return max((f.latest[:10] for f in self.version.files if f.latest), default="")


@dataclass(frozen=True)
class LakeStanding:
    """The whole lake."""

    newest: Manifest | None
    tables: list[TableStanding]
    as_of: dt.datetime | None
    waiting: int
    """Statements whose changes were not copied yet."""
    waiting_since: dt.datetime | None

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(t.version.rows for t in self.tables)

    @property
    def bytes(self) -> int:
        """The size of the newest version."""
        return sum(t.version.bytes for t in self.tables)

    @property
    def lag(self) -> dt.timedelta:
        """How old the oldest change is that waits; nothing waiting is no lag."""
        if self.waiting_since is None:
            return dt.timedelta()
        return max(timezone.now() - self.waiting_since, dt.timedelta())

    @property
    def late(self) -> bool:
        """Whether it is further behind than promised."""
        return self.lag > LATE


def runs_visible_to(user: User) -> QuerySet[Run]:
    """Work on the lake, the latest first, for those who may see it."""
    if not user.can("lake.see"):
        return Run.objects.none()
    return Run.objects.select_related("by").order_by("-created_at")


def lake_standing() -> LakeStanding:
    """How the lake stands now."""
    try:
        newest = manifest.newest()
    except (NoLake, Damaged):
        newest = None
    standing = Standing.objects.filter(pk=1).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(at) FROM warehouse_change")
        waiting, since = cursor.fetchone()
    tables = [
        TableStanding(FACTS[name], table)
        for name, table in sorted((newest.tables if newest else {}).items())
        if name in FACTS
    ]
    return LakeStanding(newest, tables, standing.looked_at if standing else None, waiting, since)


def running() -> Run | None:
    """The work under way, or waiting for a worker, that somebody asked for."""
    open_ones = Run.objects.filter(finished_at=None, failure="")
    return open_ones.order_by("-created_at").first()


def kept_versions(limit: int = 30) -> list[Manifest]:
    """The kept versions, the latest first; a damaged one is left out."""
    found = []
    for number in reversed(manifest.versions()[-limit:]):
        try:
            found.append(manifest.load(number))
        except (NoLake, Damaged):
            continue
    return found
