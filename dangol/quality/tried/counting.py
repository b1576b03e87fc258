"""Checks counted by month, site, source, kind and age, and how many of the wrong ones were put right.

A month that differs is counted again, so that what was found wrong and what of it was corrected
always belong to one moment.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from dangol.quality.tried.ages import age_sql

WRONG = "c.outcome IN ('wrong', 'moved')"
CORRECTED = """EXISTS (SELECT 1 FROM customers_contactpoint q
          WHERE q.customer_id = p.customer_id AND q.kind = p.kind AND q.ended_at IS NULL
            AND q.state = 'verified' AND q.checked_at >= c.at)"""
"""The customer has a verified contact point of the same kind since the check."""
# What was found wrong long ago may be put right today: its month differs by that alone.
DIFFERING = f"""
    SELECT month FROM (
        SELECT month, tried, wrong FROM quality_tried
        UNION ALL
        SELECT first, -checked, -wrong FROM customers_checktally WHERE span = 'month') both_sides
    GROUP BY month HAVING sum(tried) <> 0 OR sum(wrong) <> 0
    UNION
    SELECT month FROM (
        SELECT month, place_id, source, kind, corrected FROM quality_tried WHERE corrected > 0
        UNION ALL
        SELECT date_trunc('month', c.day)::date, c.home_place_id, c.source, p.kind, -1
        FROM customers_check c JOIN customers_contactpoint p ON p.id = c.contact_point_id
        WHERE {WRONG} AND {CORRECTED}) both_sides
    GROUP BY month, place_id, source, kind HAVING sum(corrected) <> 0
    ORDER BY month
"""
AGE = age_sql("greatest(0, extract(epoch FROM c.at - p.created_at) / 86400)::float8")
COUNTED = f"""
    INSERT INTO quality_tried (month, place_id, source, kind, age, tried, wrong, corrected)
    SELECT %(month)s, c.home_place_id, c.source, p.kind, {AGE}, count(*),
           count(*) FILTER (WHERE {WRONG}),
           count(*) FILTER (WHERE CASE WHEN {WRONG} THEN {CORRECTED} ELSE false END)
    FROM customers_check c JOIN customers_contactpoint p ON p.id = c.contact_point_id
    WHERE c.day >= %(month)s AND c.day < %(month)s::date + interval '1 month'
    GROUP BY c.home_place_id, c.source, p.kind, {AGE}
"""


WHOLE = """
    INSERT INTO quality_triedwhole (month, by_site, place_id, source, kind, age, tried, wrong,
        corrected)
    SELECT %(month)s, grouping(place_id) = 0, place_id, coalesce(source, ''), coalesce(kind, ''), age,
           sum(tried), sum(wrong), sum(corrected)
    FROM quality_tried WHERE month = %(month)s
    GROUP BY GROUPING SETS ((place_id), (source, kind, age))
"""


def months_to_count() -> list[dt.date]:
    """The months whose counts are not what the tallies of checks and the contact points say."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def count_month(month: dt.date) -> None:
    """Count one month anew; readers see the old counts or the new ones, never both."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE quality_tried IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM quality_tried WHERE month = %s", [month])
        cursor.execute(COUNTED, {"month": month})
        cursor.execute("DELETE FROM quality_triedwhole WHERE month = %s", [month])
        cursor.execute(WHOLE, {"month": month})


def count_checks() -> int:
    """Count every month that changed; how many."""
    months = months_to_count()
    for month in months:
        count_month(month)
    return len(months)
