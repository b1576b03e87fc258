"""All records against all: the first uniting of a company's sources, and every night's second look.

Waiting records get their customers, and customers whom a file just brought join those who were here.
Customers that were there before are never joined here: what looks like one is put before the steward.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections import defaultdict
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
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.learned import Learned, learned
from dangol.identity.matching.full import Matched, load, match
from dangol.identity.matching.kinds import KINDS, PERSON, Kind
from dangol.identity.matching.splink_model import teachable
from dangol.identity.models import Model, Run
from dangol.identity.recognising.following import follow_records
from dangol.identity.recognising.founding import assign, found_customers, loaded
from dangol.identity.recognising.newcomers import join_newcomers, newcomers
from dangol.identity.recognising.progress import Tell, begun, count, telling
from dangol.identity.recognising.questions import ask_about, steps_of_pairs
from dangol.identity.recognising.readings import store_readings
from dangol.identity.recognising.settled import apart_records, same_answers
from dangol.identity.recognising.ties import find_ties
from dangol.warehouse.engine import backend

READ_AT_ONCE = 20_000
FOUND_AT_ONCE = 20_000
ENOUGH = 2_000
"""Fewer records than this teach no model of their own."""
OUTGROWN = 2
"""From so many times the records that taught it on, a model is learned anew."""


def match_all(
    run: Run, *, by: User | None, memory: str = "4GB", tell: Tell = lambda run: None
) -> Run:
    """Read what is unread, compare everything, found customers, ask; tells of each step."""

    def step(name: str, total: int = 0) -> None:
        run.step, run.done, run.total = name, 0, total
        run.save(update_fields=["step", "done", "total"])
        tell(run)

    run.begun_at = timezone.now()
    run.save(update_fields=["begun_at"])
    step("read")
    mirror_customers()
    run.counts = {"records": read_unread(run, tell)}
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
    """Mark what this run has read; what changed since is read again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_sourcerecord SET unread = false"
            " WHERE unread AND kind = ANY(%s) AND changed_at <= %s",
            [list(KINDS), run.begun_at],
        )


def load_readings(con: duckdb.DuckDBPyConnection, kind: Kind = PERSON) -> int:
    """Copy all readings of a kind into the engine; how many."""
    listed = ", ".join(f"g.{c}" for c in kind.columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT g.record_id, {listed} FROM identity_reading g WHERE g.kind = '{kind.key}'"
            " ORDER BY g.record_id) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        ) as copy,
    ):
        data = b"".join(bytes(part) for part in copy)
    if not data:
        return 0
    from pyarrow import csv

    types = {"id": pa.int64(), **{c: pa.string() for c in kind.columns}}
    table = csv.read_csv(
        pa.BufferReader(data),
        read_options=csv.ReadOptions(column_names=list(types)),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
    )
    latin = pa.compute.equal(table["latin"], "t")
    load(con, table.set_column(table.column_names.index("latin"), "latin", latin), kind)
    return int(table.num_rows)


def keep_model(model: Learned, found: Matched, size: int, kind: Kind) -> Learned:
    """Keep what was learned as a version of its own."""
    if found.parameters is model.parameters:
        return model
    last = Model.objects.filter(kind=kind.key).order_by("-version").first()
    row = Model.objects.create(
        kind=kind.key, version=(last.version if last else 0) + 1, records=size,
        parameters=found.parameters.as_json(), join_from=model.thresholds.join,
        review_from=model.thresholds.review,
    )  # fmt: skip
    return Learned(found.parameters, model.thresholds, row)


def settle(
    con: duckdb.DuckDBPyConnection, found: Matched, model: Learned, run: Run, tell: Tell, kind: Kind
) -> dict[str, int]:
    """Give waiting records their customers, join newcomers to who was here, and ask where two
    customers look like one."""
    ids = [row[0] for row in con.execute("select id from records order by id").fetchall()]
    owner = dict(SourceRecord.objects.exclude(customer=None).values_list("pk", "customer_id"))
    groups: dict[int, list[int]] = defaultdict(list)
    for at, label in enumerate(found.clusters.labels):
        groups[label].append(ids[at])

    told = telling(run, tell)
    meeting = [members for members in groups.values() if len(owners_of(members, owner)) > 1]
    moved = join_newcomers(meeting, owner, newcomers(run, kind.key), by=run.by, tell=told)
    owner |= moved
    new: list[list[int]] = []
    joining: list[tuple[int, uuid.UUID]] = []
    asked: set[int] = set()
    for members in groups.values():
        customers = owners_of(members, owner)
        if not customers:
            new.append(members)
        elif len(customers) == 1:
            joining += [(m, next(iter(customers))) for m in members if m not in owner]
        else:
            asked.update(m for m in members if m in owner)
    assign(joining)
    owner |= dict(joining)
    made, trust = 0, trust_of_sources()
    for at in range(0, len(new), FOUND_AT_ONCE):
        made += found_customers(new[at : at + FOUND_AT_ONCE], trust, begun(run))
        told(min(at + FOUND_AT_ONCE, len(new)), len(new))
    waited = {m for members in new for m in members} | {m for m, _c in joining}
    keep_links(con, ids, found, model, waited | set(moved), kind)
    questions = ask_about(con, ids, found, model, owner, asked, kind)
    return {
        "made": made, "joined": len(waited) - made, "merged": len(moved), "asked": questions,
    }  # fmt: skip


def owners_of(members: list[int], owner: dict[int, uuid.UUID]) -> set[uuid.UUID]:
    """The customers to whom records of a group belong already."""
    return {owner[m] for m in members if m in owner}


def keep_links(
    con: duckdb.DuckDBPyConnection, ids: list[int], found: Matched, model: Learned, new: set[int],
    kind: Kind,
) -> None:  # fmt: skip
    """Keep why each of these records was joined."""
    rows = []
    for a, b, weight in found.clusters.used:
        record, other = max(ids[a], ids[b]), min(ids[a], ids[b])
        if record in new or other in new:
            rows.append((record, other, weight))
    steps = steps_of_pairs(con, [(o, r) for r, o, _w in rows], kind)
    version = str(model.row.pk) if model.row else "\\N"
    now = timezone.now().isoformat()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE fresh (LIKE identity_link INCLUDING IDENTITY)")
        with cursor.copy(
            "COPY fresh (record_id, other_id, weight, steps, model_id, at) FROM STDIN"
        ) as copy:
            for record, other, weight in rows:
                told = json.dumps(steps.get((other, record), []))
                copy.write(f"{record}\t{other}\t{weight}\t{told}\t{version}\t{now}\n")
        cursor.execute(
            "INSERT INTO identity_link (record_id, other_id, weight, steps, model_id, at)"
            " SELECT record_id, other_id, weight, steps, model_id, at FROM fresh"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute("DROP TABLE fresh")
