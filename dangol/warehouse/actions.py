"""What can be done to the lake. One piece of work at a time, whoever asks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection, transaction
from django.utils import timezone

from dangol.core.alone import alone
from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.warehouse import manifest as lake
from dangol.warehouse.checking import damaged, forget_marks, forget_versions_with, suspect
from dangol.warehouse.copying import Copier, Pending, new_token, pending
from dangol.warehouse.facts import FACTS
from dangol.warehouse.keeping import readable
from dangol.warehouse.manifest import Damaged, Manifest, NoLake, TableVersion
from dangol.warehouse.models import Run, RunKind, Standing
from dangol.warehouse.reading import snapshot

LAKE = "warehouse lake"
"""One piece of work on the lake at a time."""


def agreed() -> Manifest | None:
    """The newest version, if this database and the lake belong together; None: make it anew."""
    try:
        newest = lake.newest()
    except (NoLake, Damaged):
        return None
    standing = Standing.objects.filter(pk=1).first()
    known = standing.token.hex if standing else ""
    # `agreed` is the token before: the process died between publishing and writing it down
    return newest if known in (newest.token, newest.agreed) and known else None


def copy_changes(
    *, by: User | None = None, rebuild: Collection[str] | None = None, run: Run | None = None
) -> Run | None:
    """Bring the lake up to date; the tables that `rebuild` names are made anew.

    Returns the run, or None where nothing had changed.
    """
    kind = RunKind.COPY if rebuild is None else RunKind.REBUILD
    with alone(LAKE), recorded(run or Run(kind=kind, by=by)) as run:
        before = agreed()
        with snapshot() as cursor:
            read_at = timezone.now()
            changed = pending(cursor)
            copier = Copier(cursor, before, changed, rebuild or (), progress_of(run))
            tables = copier.tables()
        if before and tables_same(before, tables):
            forget_marks()
            agree(before, changed, read_at)
            return None if run._state.adding else finish(run, before)
        made = publish_next(before, tables, kind, read_at, changed)
        forget_marks()
        run.rows = copier.rows
        return finish(run, made)


@transaction.atomic
def ask_for_rebuild(tables: Collection[str] = (), *, by: User | None) -> Run:
    """Have the lake, or some tables, made anew in the background; one at a time."""
    open_one = Run.objects.filter(kind=RunKind.REBUILD, finished_at=None, failure="").first()
    if open_one:
        return open_one
    run = Run.objects.create(kind=RunKind.REBUILD, by=by, doing=", ".join(tables)[:60])
    record_change("warehouse.rebuild_asked", run, by=by, changes={"tables": [[], list(tables)]})
    rebuild_later(run, list(tables))
    return run


def rebuild_later(run: Run, tables: list[str]) -> None:
    """Enqueue a rebuild."""
    from dangol.warehouse.jobs import rebuild

    rebuild.defer(key=str(run.pk), tables=tables)


def rebuild_tables(run: Run, tables: Collection[str] = ()) -> Run | None:
    """Make tables (empty: all) anew from the source."""
    run.total, run.done = estimated_rows(tables or list(FACTS)), 0
    return copy_changes(rebuild=tables or list(FACTS), run=run)


def estimated_rows(tables: Collection[str]) -> int:
    """About how many rows the source has, as PostgreSQL remembers."""
    names = [FACTS[name].model._meta.db_table for name in tables]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class"
            " WHERE oid = ANY(SELECT to_regclass(n) FROM unnest(%s::text[]) n)", [names],
        )  # fmt: skip
        return int(cursor.fetchone()[0])


def repair() -> Run | None:
    """Make damaged files anew; older versions that name one are no longer kept."""
    before = agreed()
    bad = damaged([f for m in readable() for f in m.files()], thoroughly=True)
    for file in bad:
        suspect(file)
    forget_versions_with({f.path for f in bad})
    run = Run(kind=RunKind.CHECK)
    return copy_changes(run=run) if bad or before is None else None


def tables_same(before: Manifest, tables: dict[str, TableVersion]) -> bool:
    """Whether nothing came, went or was written anew."""
    return before.tables.keys() == tables.keys() and all(
        before.tables[name].files == table.files for name, table in tables.items()
    )


def publish_next(
    before: Manifest | None,
    tables: dict[str, TableVersion],
    kind: str,
    read_at: dt.datetime,
    changed: Pending | None = None,
) -> Manifest:
    """Give the next version its number and let the database agree to it."""
    standing = Standing.objects.filter(pk=1).first()
    number = max([*lake.versions(), standing.version if standing else 0], default=0) + 1
    tables = {
        name: t if t.changed_in else replace(t, changed_in=number) for name, t in tables.items()
    }
    made = Manifest(
        number, str(kind), read_at.isoformat(), new_token(),
        standing.token.hex if standing else "", tables,
    )  # fmt: skip
    lake.publish(made)
    agree(made, changed or Pending(), read_at)
    return made


@transaction.atomic
def agree(made: Manifest, changed: Pending, read_at: dt.datetime) -> None:
    """Write down which version holds what was changed, and forget those changes."""
    Standing.objects.update_or_create(
        pk=1,
        defaults={
            "token": uuid.UUID(made.token), "version": made.version, "looked_at": read_at,
        },
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM warehouse_change WHERE id = ANY(%s)", [changed.ids])


@contextmanager
def recorded(run: Run) -> Iterator[Run]:
    """A run whose failure is written down, with what it was doing."""
    run.started_at = timezone.now()
    if not run._state.adding:
        run.save()
    try:
        yield run
    except Exception as failure:
        run.failure = f"{type(failure).__name__}: {failure}"[:2000]
        run.finished_at = timezone.now()
        last = Run.objects.filter(kind=run.kind).first()
        if run._state.adding and last and last.failure == run.failure:
            run.pk, run._state.adding = last.pk, False  # the same again: one line, not thousands
        run.save()
        raise


def finish(run: Run, made: Manifest) -> Run:
    """The run succeeded."""
    run.version, run.finished_at, run.doing = made.version, timezone.now(), ""
    run.bytes = sum(t.bytes for t in made.tables.values())
    run.save()
    return run


def progress_of(run: Run) -> Callable[[str, int], None]:
    """Writes down how far a run that somebody asked for has come."""

    def write(table: str, rows: int) -> None:
        if not run._state.adding:
            run.done, run.doing = run.done + rows, table
            run.save(update_fields=["done", "doing"])

    return write
