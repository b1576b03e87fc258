"""All records against all: the first uniting of a company's sources, and every night's second look.

Waiting records get their customers, and customers whom a file just brought join those who were here.
Customers that were there before are never joined here: what looks like one is put before the steward.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dangol.core.models import User
from dangol.customers.records.keeping import mirror_customers
from dangol.customers.records.models import SourceRecord
from dangol.identity.learned import Learned, learned, new_version
from dangol.identity.matching.full import Matched, load, match
from dangol.identity.matching.kinds import KINDS, PERSON, Kind
from dangol.identity.matching.splink_model import teachable
from dangol.identity.models import Run
from dangol.identity.recognising.following import follow_records
from dangol.identity.recognising.founding import loaded
from dangol.identity.recognising.progress import Tell, begun, count, telling
from dangol.identity.recognising.readings import store_readings
from dangol.identity.recognising.settled import apart_records, same_answers
from dangol.identity.recognising.settling import settle
from dangol.identity.recognising.streaming import streamed
from dangol.identity.recognising.ties import find_ties
from dangol.warehouse.engine import backend

READ_AT_ONCE = 20_000
ENOUGH = 2_000
"""Fewer records than this teach no model of their own."""
OUTGROWN = 2
"""From so many times the records that taught it on, a model is learned anew."""


def match_all(
    run: Run, *, by: User | None, memory: str = "4GB", tell: Tell = lambda run: None,
    read: Callable[[], None] = lambda: None,
) -> Run:  # fmt: skip
    """Read what is unread, compare everything, found customers, ask; tells of each step, and when all
    is `read`."""

    def step(name: str, total: int = 0) -> None:
        run.step, run.done, run.total = name, 0, total
        run.save(update_fields=["step", "done", "total"])
        tell(run)

    run.begun_at = timezone.now()
    run.save(update_fields=["begun_at"])
    step("read")
    mirror_customers()
    run.counts = {"records": read_unread(run, tell)}
    read()
    with tempfile.TemporaryDirectory(prefix="dangol-matching-") as folder:
        con = duckdb.connect(str(Path(folder) / "records.duckdb"))
        con.execute(f"SET memory_limit = '{memory}'")
        for kind in KINDS.values():
            step("compare")
            if size := load_readings(con, kind):
                match_kind(con, kind, size, run, step, tell)
        mark_read(run)
        con.close()
    run.ended_at = timezone.now()
    run.step = ""
    run.save()
    tell(run)
    return run


def match_kind(
    con: duckdb.DuckDBPyConnection, kind: Kind, size: int, run: Run, step: Callable[[str], None],
    tell: Tell,
) -> None:  # fmt: skip
    """Compare all records of a kind, found its customers, ask, tie."""
    model = learned(kind.key)
    taught = model.row.records if model.row else 0
    enough = size >= ENOUGH and size >= taught * OUTGROWN and teachable(con, kind)
    own = None if enough else model.parameters
    found = match(
        con, model.thresholds, own, spark_session(), same_answers(), apart_records(), kind
    )
    model = keep_model(model, found, size, kind)
    if run.model is None:
        run.model = model.row
    count(run, {
        "pairs": found.pairs, "refused": len(found.clusters.refused),
        "scored_seconds": round(found.scored, 1),
    })  # fmt: skip
    step("join")
    count(run, settle(con, found, model, run, tell, kind))
    step("follow")
    followed = follow_records(kind.key, begun(run), by=run.by, tell=telling(run, tell))
    count(run, {"followed": followed})
    step("households")
    count(run, find_ties(con, kind))


PORTION = """SELECT id, kind, values FROM customers_sourcerecord
WHERE unread AND kind = ANY(%s) AND id > %s AND changed_at <= %s ORDER BY id LIMIT %s"""


def spark_session() -> Any:
    """The session of the lake's Spark; None where the lake's engine is the embedded one."""
    if settings.ENGINE == "duckdb":
        return None
    return backend().session  # type: ignore[attr-defined]


def read_unread(run: Run, tell: Tell) -> int:
    """Read every record that is new or changed, portion by portion; they are marked at the end."""
    assert run.begun_at is not None
    unread = SourceRecord.objects.filter(unread=True, kind__in=KINDS, changed_at__lte=run.begun_at)
    run.total, last = unread.count(), 0
    with without_index(run.total), connection.cursor() as cursor:
        while True:
            cursor.execute(PORTION, [list(KINDS), last, run.begun_at, READ_AT_ONCE])
            records = [(number, kind, loaded(values)) for number, kind, values in cursor.fetchall()]
            if not records:
                return run.done
            with transaction.atomic():
                store_readings(records, timezone.now().year)
            last = records[-1][0]
            run.done += len(records)
            run.save(update_fields=["done", "total"])
            tell(run)


MANY = 200_000
"""From so many keys on, an index is made faster at the end than kept at every row."""


@contextmanager
def without_index(records: int) -> Iterator[None]:
    """Do without the index of the keys while very many are written."""
    with connection.cursor() as cursor:
        if records >= MANY:
            cursor.execute("DROP INDEX IF EXISTS block_key")
        try:
            yield
        finally:
            cursor.execute(
                "CREATE INDEX IF NOT EXISTS block_key ON identity_blockkey (key) INCLUDE (reading_id)"
            )


def mark_read(run: Run) -> None:
    """Mark what this run has read; what changed since is read again, and what has no customer because
    the people of its group were parted meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_sourcerecord SET unread = false, failed_at = NULL"
            " WHERE unread AND kind = ANY(%s) AND changed_at <= %s AND customer_id IS NOT NULL",
            [list(KINDS), run.begun_at],
        )


def load_readings(con: duckdb.DuckDBPyConnection, kind: Kind = PERSON) -> int:
    """Copy all readings of a kind into the engine; how many."""
    listed = ", ".join(f"g.{c}" for c in kind.columns)
    types = {"id": pa.int64(), **{c: pa.string() for c in kind.columns}, "latin": pa.bool_()}
    wanted = (
        f"SELECT g.record_id, {listed} FROM identity_reading g WHERE g.kind = '{kind.key}'"
        " ORDER BY g.record_id"
    )
    with streamed(wanted, types) as rows:
        if rows is None:
            return 0
        load(con, rows, kind)
    found = con.execute("select count(*) from records").fetchall()
    return int(found[0][0])


def keep_model(model: Learned, found: Matched, size: int, kind: Kind) -> Learned:
    """Keep what was learned as a version of its own; this run goes on by the thresholds that it
    compared by."""
    if found.parameters is model.parameters:
        return model
    row = new_version(kind.key, found.parameters, records=size)
    return Learned(found.parameters, model.thresholds, row)
