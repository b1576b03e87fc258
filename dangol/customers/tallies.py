"""Tallies of checks against the checks they count: filling, folding, comparison."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

RECOMPUTED = """
    SELECT s.span, s.first, c.home_place_id AS place_id, c.source, count(*) AS checked,
           count(*) FILTER (WHERE c.outcome IN ('wrong', 'moved')) AS wrong
    FROM customers_check c
    CROSS JOIN LATERAL (VALUES ('day', c.day), ('month', date_trunc('month', c.day)::date)) s (span, first)
    GROUP BY 1, 2, 3, 4
"""
DIFFERENCES = f"""
    SELECT span, first, place_id, source, sum(kept_checked)::bigint, sum(kept_wrong)::bigint,
           sum(checked)::bigint, sum(wrong)::bigint
    FROM (SELECT span, first, place_id, source, checked AS kept_checked, wrong AS kept_wrong,
                 0 AS checked, 0 AS wrong FROM customers_checktally
          UNION ALL SELECT span, first, place_id, source, 0, 0, checked, wrong FROM ({RECOMPUTED}) made
    ) both_sides
    GROUP BY 1, 2, 3, 4
    HAVING (sum(kept_checked), sum(kept_wrong)) <> (sum(checked), sum(wrong))
    ORDER BY 1, 2, 3, 4
"""
FOLD = """
    WITH gone AS (
        DELETE FROM customers_checktally WHERE (span, first) IN (
            SELECT span, first FROM customers_checktally GROUP BY span, first
            HAVING count(*) > count(DISTINCT (place_id, source)))
        RETURNING span, first, place_id, source, checked, wrong)
    INSERT INTO customers_checktally (span, first, place_id, source, checked, wrong)
    SELECT span, first, place_id, source, sum(checked), sum(wrong) FROM gone
    GROUP BY 1, 2, 3, 4 HAVING sum(checked) <> 0 OR sum(wrong) <> 0
    ORDER BY 1, 2, 3, 4
"""


class Difference(NamedTuple):
    """A tally that does not say what the checks say."""

    span: str
    first: dt.date
    place: UUID | None
    source: str
    kept: tuple[int, int]
    made: tuple[int, int]


def tally_differences() -> list[Difference]:
    """Every tally that differs from the recomputation from the checks; (checked, wrong) each."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [
            Difference(span, first, place, source, tuple(sums[:2]), tuple(sums[2:]))
            for span, first, place, source, *sums in cursor.fetchall()
        ]


def fill_tallies() -> None:
    """Make every tally from the checks, where none is kept yet: after a load without the trigger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_checktally (span, first, place_id, source, checked, wrong)"
            f" {RECOMPUTED}"
        )


@transaction.atomic
def recompute_tallies() -> int:
    """Make the tallies again from the checks where they differ; how many did. Checks wait meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE customers_check IN SHARE ROW EXCLUSIVE MODE")
        wrong = len(tally_differences())
        if wrong:
            cursor.execute("DELETE FROM customers_checktally")
            fill_tallies()
    return wrong


@transaction.atomic
def fold_check_tallies() -> int:
    """Add up what came in by single calls, so that reading stays short; how many rows remain of it.

    One statement takes the old rows and writes their sums: a reader sees the one or the other, and
    a second fold at the same time finds nothing left to take.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        return int(cursor.rowcount)
