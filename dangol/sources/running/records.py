"""Rows of people and organisations become source records, by statements over a batch."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from dangol.core.resident_numbers import without_numbers
from dangol.customers.records.keeping import OF_A_PERSON, OF_AN_ORGANISATION
from dangol.imports.staging import copy_text, rows_of
from dangol.imports.staging import run as execute
from dangol.places.loading import places_by_text
from dangol.sources.entities import columns_of, needed
from dangol.sources.models import Entity, Run
from dangol.sources.running.arranging import Arranged
from dangol.sources.running.numbers import WHAT as OF_A_RESIDENT
from dangol.sources.running.retrying import AGAIN
from dangol.sources.strange import PUT_RIGHT, Row, read_row

STAGE = """
CREATE TEMP TABLE stage (line int, key text, values jsonb, raw jsonb, as_of text, left_out jsonb,
    verdict text, reason text, facts jsonb) ON COMMIT DROP
"""
OTHER_KIND = """
UPDATE stage s SET verdict = 'refused', reason = %(other)s,
    facts = jsonb_build_object('key', s.key, 'system', r.source)
FROM customers_sourcerecord r WHERE s.verdict IS NULL AND r.source = %(system)s AND r.key = s.key
    AND r.kind <> %(kind)s
"""
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('records of ' || %(system)s, 0))"
"""Two sources of one system may bring the same new key at once."""
VERDICTS = """
UPDATE stage s SET verdict = CASE WHEN r.id IS NULL THEN 'new'
    WHEN r.values = s.values AND r.gone_at IS NULL THEN 'same' ELSE 'changed' END
FROM stage x LEFT JOIN customers_sourcerecord r ON r.source = %(system)s AND r.key = x.key
WHERE s.verdict IS NULL AND x.line = s.line
"""
SEEN = """
UPDATE customers_sourcerecord r SET seen_at = %(now)s, raw = s.raw, refused = s.left_out,
    as_of = coalesce(s.as_of::timestamptz, r.as_of)
FROM stage s WHERE s.verdict = 'same' AND r.source = %(system)s AND r.key = s.key
    AND (r.raw IS DISTINCT FROM s.raw OR r.refused IS DISTINCT FROM s.left_out
        OR r.as_of IS DISTINCT FROM coalesce(s.as_of::timestamptz, r.as_of))
"""
BEFORE = """
INSERT INTO customers_recordversion (record_id, values, raw, since, until)
SELECT r.id, r.values, r.raw, r.changed_at, %(now)s
FROM stage s JOIN customers_sourcerecord r ON r.source = %(system)s AND r.key = s.key
WHERE s.verdict = 'changed' AND r.values IS DISTINCT FROM s.values
"""
KEPT = """
INSERT INTO customers_sourcerecord AS r (source, key, kind, values, raw, refused, as_of,
    first_seen_at, seen_at, changed_at, revision, unread, times)
SELECT %(system)s, s.key, %(kind)s, s.values, s.raw, s.left_out, s.as_of::timestamptz, %(now)s,
    %(now)s, %(now)s, 1, true, '{}'
FROM stage s WHERE s.verdict IN ('new', 'changed') ORDER BY s.line
ON CONFLICT (source, key) DO UPDATE SET values = excluded.values, raw = excluded.raw,
    refused = excluded.refused,
    times = r.times || coalesce((SELECT jsonb_object_agg(e.key, coalesce(excluded.as_of, %(now)s))
        FROM jsonb_each(excluded.values) e WHERE r.values -> e.key IS DISTINCT FROM e.value), '{}'),
    as_of = coalesce(excluded.as_of, r.as_of), seen_at = excluded.seen_at, gone_at = NULL,
    unread = true, changed_at = excluded.changed_at, revision = r.revision + 1
WHERE r.kind = excluded.kind
"""
KNOWN_BEFORE = """
UPDATE stage s SET verdict = 'refused', reason = %(reason)s,
    facts = jsonb_build_object('key', s.key, 'line', k.line)
FROM sources_knownrow k WHERE s.verdict IS NULL AND k.source_id = %(source)s AND k.key = s.key
    AND k.seen_in = %(run)s
"""
TWICE = """
UPDATE stage s SET verdict = 'refused', reason = %(reason)s,
    facts = jsonb_build_object('key', s.key, 'line', f.line)
FROM (SELECT key, min(line) AS line FROM stage WHERE verdict IS NULL GROUP BY key
      HAVING count(*) > 1) f
WHERE s.verdict IS NULL AND f.key = s.key AND s.line > f.line
"""
KNOWN = """
INSERT INTO sources_knownrow (source_id, key, seen_in, line)
SELECT DISTINCT ON (key) %(source)s, left(key, 200), %(run)s::uuid, line FROM stage
WHERE key IS NOT NULL AND verdict IS DISTINCT FROM 'refused' ORDER BY key, line
ON CONFLICT (source_id, key) DO UPDATE SET seen_in = excluded.seen_in, line = excluded.line,
    gone_at = NULL
"""

Refusals = list[tuple[int, str, str, dict[str, Any]]]


def apply_records(
    run: Run, rows: list[Arranged], headings: list[str]
) -> tuple[dict[str, int], Refusals]:
    """One batch: how many new, changed, same, and what was refused."""
    staged, refused = staged_rows(run, rows, headings)
    facts = {
        "system": run.source.system, "now": timezone.now(), "kind": run.source.entity,
        "source": run.source_id, "run": run.pk, "reason": AGAIN,
        "other": OF_AN_ORGANISATION if run.source.entity == Entity.PERSON else OF_A_PERSON,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage")
        cursor.execute(STAGE)
        with cursor.copy("COPY stage (line, key, values, raw, as_of, left_out) FROM STDIN") as copy:
            copy.write(copy_text(staged))
        cursor.execute("ANALYZE stage")
    execute(ONE_AT_A_TIME, facts)
    for statement in (TWICE, KNOWN_BEFORE, OTHER_KIND, VERDICTS, SEEN, BEFORE, KEPT):
        execute(statement, facts)
    execute(KNOWN, facts)
    counts = dict(rows_of("SELECT verdict, count(*) FROM stage GROUP BY 1"))
    refused += [
        (line, "key", reason, json.loads(said))
        for line, reason, said in rows_of(
            "SELECT line, reason, facts::text FROM stage WHERE verdict = 'refused' ORDER BY line"
        )
    ]
    counts["refused"] = len(refused)
    return counts, refused


def staged_rows(
    run: Run, rows: list[Arranged], headings: list[str]
) -> tuple[list[list[Any]], Refusals]:
    """Columns of the stage from rows; what was strange is noted on the run."""
    entity = run.source.entity
    columns, must = {c.name: c for c in columns_of(entity)}, needed(entity)
    places = places_by_text() if "home" in run.source.mapping else {}
    lines: list[list[Any]] = [[], [], [], [], [], []]
    refused: Refusals = []
    for row in rows:
        if row.refused:
            refused.append((row.line, *row.refused))
            continue
        read = read_row(row.cells, columns, must)
        for what, column, cell in read.strange:
            if what != OF_A_RESIDENT:  # these were counted as their row came
                run.note(what, 1, [row.line, column, cell[:60]])
        if read.refused:
            refused.append((row.line, *read.refused))
            continue
        left = left_out(read)
        values = as_kept(read.values, places, run, row.line, left)
        raw = dict(zip(headings, row.raw, strict=False))
        said = (row.line, values.pop("key"), values, raw, values.pop("as_of", None), left or None)
        for column, value in zip(lines, said, strict=True):
            column.append(value)
    return lines, refused


def left_out(row: Row) -> list[list[str]]:
    """[field, why, the cell] of what a row says and what is not taken for true; it stays visible."""
    return [
        [column, what, without_numbers(cell[:200])]
        for what, column, cell in row.strange
        if what not in PUT_RIGHT and not (what == "test_data" and column == "name")
    ]


def as_kept(
    values: dict[str, Any], places: dict[str, uuid.UUID], run: Run, line: int,
    left: list[list[str]],
) -> dict[str, Any]:  # fmt: skip
    """Values as a record keeps them: days as text, a site by its id."""
    if born := values.get("born_on"):
        values["born_on"] = born.isoformat()
    if "postcode" in values and not values["postcode"].isdigit():
        values["postcode"] = values["postcode"].replace(" ", "")
    if home := values.get("home"):
        if home in places:
            values["home"] = str(places[home])
        else:
            left.append(["home", "unknown_site", home[:200]])
            run.note("unknown_site", 1, [line, "home", values.pop("home")[:60]])
    return values
