"""Own attributes of staged customers: what differs from what is known, and its storing."""

from __future__ import annotations

from dangol.customers.attributes.queries import PREFIX
from dangol.imports.kinds import Batch
from dangol.imports.staging import rows_of, run

COLUMNS = {"double precision": 0, "boolean": 1, "text": 2, "date": 3}
TYPES = ("float8", "boolean", "text", "date")
FRESH = "s.line IN (SELECT line FROM stage_value WHERE NOT known)"
"""Whether a staged row says something new of its customer's attributes."""
SAID = "coalesce(to_jsonb({0}.figure), to_jsonb({0}.flag), to_jsonb({0}.choice), to_jsonb({0}.day))"
EMPTY = """
CREATE TEMP TABLE stage_value (line int, target uuid, key text, attribute_id uuid, figure float8,
    flag boolean, choice text, day date, known boolean, before jsonb) ON COMMIT DROP
"""
FOUND = """
INSERT INTO stage_value
SELECT s.line, s.target, v.key, a.id, v.figure, v.flag, v.choice, v.day,
    CASE WHEN {no} THEN (r.attributes -> v.key = 'false') IS TRUE ELSE
        (av.figure, av.flag, av.choice, av.day) IS NOT DISTINCT FROM (v.figure, v.flag, v.choice, v.day)
        OR (a.consent AND ({old_word})) IS TRUE END,
    {before}
FROM stage s CROSS JOIN LATERAL (VALUES {values}) v (key, figure, flag, choice, day)
LEFT JOIN customers_attribute a ON a.key = v.key
LEFT JOIN customers_attributevalue av ON av.customer_id = s.target AND av.attribute_id = a.id
LEFT JOIN customers_sourcerecord r ON r.source = %(source)s AND r.key = s.key AND s.key <> ''
WHERE s.verdict IS NULL AND num_nonnulls(v.figure, v.flag, v.choice, v.day) = 1
"""
OLD_WORD = """r.attributes -> v.key = to_jsonb(v.flag)
            OR (v.flag AND av.flag IS FALSE AND (NOT s.alone OR NOT r.attributes ? v.key))"""
"""Whether a file says nothing new of a consent: its record said so before (it may have been refused,
cleared or put aside by a merge since), or it is a Yes against a No that others know of too."""
NO = "a.consent AND v.flag IS FALSE AND s.key <> ''"
"""A No that a record says for the first time is news also where a No stands: after a merge is undone
both have said it."""
SAID_OF_LINE = f"""LATERAL (SELECT jsonb_object_agg(v.key, {SAID.format("v")}) AS said
    FROM stage_value v WHERE v.line = s.line) o"""
"""What a staged row says, found by its line: whatever a planner believes of the other tables, nothing
is gathered for all lines again and again. Null for a row that says nothing."""
STORED = """
INSERT INTO customers_attributevalue AS av (customer_id, attribute_id, figure, flag, choice, day)
SELECT s.target, v.attribute_id, v.figure, v.flag, v.choice, v.day
FROM stage_value v JOIN stage s ON s.line = v.line
WHERE s.verdict IN ('new', 'changed') AND NOT v.known ORDER BY v.line, v.key
ON CONFLICT (customer_id, attribute_id) DO UPDATE SET figure = excluded.figure,
    flag = excluded.flag, choice = excluded.choice, day = excluded.day
"""
CHANGES = f"""(SELECT coalesce(jsonb_object_agg('{PREFIX}' || v.key,
    jsonb_build_array(v.before, {SAID.format("v")})), '{{}}')
    FROM stage_value v WHERE v.line = s.line AND NOT v.known)"""
"""What changes, for the audit: [before, after] by field."""
BEFORE = f"""(SELECT coalesce(jsonb_object_agg('{PREFIX}' || v.key, v.before), '{{}}')
    FROM stage_value v WHERE v.line = s.line AND NOT v.known)"""
AFTER = f"""(SELECT coalesce(jsonb_object_agg('{PREFIX}' || v.key, {SAID.format("v")}), '{{}}')
    FROM stage_value v WHERE v.line = s.line AND NOT v.known)"""


def make_values() -> None:
    """An empty table of values for this transaction, found by their line."""
    run("DROP TABLE IF EXISTS pg_temp.stage_value")
    run(EMPTY)
    run("CREATE INDEX ON stage_value (line)")


def find_values(batch: Batch) -> None:
    """Put the attributes of the staged rows beside what is known of their customers."""
    make_values()
    own = {name for name in batch.mapped if name.startswith(PREFIX)}
    values = [
        value_row(name, COLUMNS[kind])
        for name, kind in rows_of(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = 'pg_temp.stage'::regclass AND attnum > 0"
        )
        if name in own
    ]
    if values:
        found = FOUND.format(
            before=SAID.format("av"), values=", ".join(values), old_word=OLD_WORD, no=NO
        )
        run(found, {"source": batch.source})
        run("ANALYZE stage_value")


def value_row(name: str, at: int) -> str:
    """One attribute of a staged row: its key, and the column of its kind."""
    cells = [f's."{name}"' if n == at else f"NULL::{kind}" for n, kind in enumerate(TYPES)]
    return f"('{name.removeprefix(PREFIX)}', {', '.join(cells)})"


def store_values() -> None:
    """Write what is new; a value that was there is replaced."""
    run(STORED)
