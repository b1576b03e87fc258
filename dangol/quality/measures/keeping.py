"""Every record's faults as bits, and their counts by field, source and site, once a day."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone

from dangol.customers.records.models import OURS
from dangol.quality.measures.fields import (
    ALONE,
    FIELDS,
    OF_PEOPLE,
    ORGANISATION,
    REACHED,
    REFUSED,
    SAID,
    bit,
    bits_sql,
)
from dangol.quality.models import Policy

VALUES = ", ".join(
    f"{SAID[field]} AS v_{field}, {REFUSED[field]} AS refused_{field}" for field in FIELDS
)
# When a connected source was first read says nothing of how old its values are.
SINCE = ", ".join(
    f"coalesce((r.times ->> '{field}')::timestamptz, r.as_of,"
    f" CASE WHEN r.raw IS NULL THEN r.first_seen_at END) AS told_{field}"
    for field in FIELDS
)
# Somebody who verified a value makes it fresh, whichever source said it.
SINCE_ALL = ", ".join(
    f"greatest(told_{field}, CASE WHEN {field}.state = 'verified' THEN {field}.checked_at END)"
    f" AS since_{field}, {field}.state AS {field}_state"
    if field in REACHED
    else f"told_{field} AS since_{field}"
    for field in FIELDS
)
POINTS = "\n".join(
    f"LEFT JOIN customers_contactpoint {way} ON {way}.customer_id = said.customer_id"
    f" AND {way}.kind = '{way}' AND {way}.value = v_{way} AND {way}.ended_at IS NULL"
    for way in REACHED
)
SEEN = f"""
    WITH live AS (
        SELECT r.id, r.source, r.customer_id, r.kind, {VALUES}, {SINCE}
        FROM customers_sourcerecord r WHERE r.gone_at IS NULL),
    known AS (
        SELECT customer_id, count(DISTINCT source) AS sources,
               count(DISTINCT source) FILTER (WHERE source <> %(ours)s) AS others
        FROM live WHERE customer_id IS NOT NULL GROUP BY customer_id),
    said AS (
        SELECT live.*, coalesce(known.sources, 1) AS sources,
               coalesce(reading.strange, '{{}}') AS strange,
               CASE WHEN live.customer_id IS NULL THEN 1
                    ELSE count(*) OVER (PARTITION BY live.source, live.customer_id) END AS same_customer,
               count(*) OVER (PARTITION BY live.source, v_phone) AS same_phone,
               count(*) OVER (PARTITION BY live.source, lower(v_email)) AS same_email
        FROM live LEFT JOIN known USING (customer_id)
        LEFT JOIN identity_reading reading ON reading.record_id = live.id
        -- What was written here by hand holds only what was written: it is no record of its own.
        WHERE live.source <> %(ours)s OR coalesce(known.others, 0) = 0),
    seen AS (
        SELECT said.*, c.home_place_id AS place_id, c.name AS golden_name,
               c.born_on::text AS golden_born, nullif(c.gender, '') AS golden_gender, {SINCE_ALL}
        FROM said LEFT JOIN customers_customer c ON c.id = said.customer_id
        {POINTS})
    INSERT INTO quality_faults AS f (record_id, source, place_id, bits)
    SELECT id, source, place_id, {bits_sql()} FROM seen
    ON CONFLICT (record_id) DO UPDATE SET source = excluded.source, place_id = excluded.place_id,
        bits = excluded.bits
    WHERE (f.source, f.place_id, f.bits) IS DISTINCT FROM
          (excluded.source, excluded.place_id, excluded.bits)
"""
GONE = """
    DELETE FROM quality_faults f USING customers_sourcerecord r
    WHERE r.id = f.record_id AND (r.gone_at IS NOT NULL OR r.source = %(ours)s AND EXISTS (
        SELECT 1 FROM customers_sourcerecord o WHERE o.customer_id = r.customer_id
            AND o.gone_at IS NULL AND o.source <> %(ours)s))
"""


def _without(*names: str) -> str:
    """None of these faults."""
    return f"bits & ({' | '.join(f'm.{name}' for name in names)}) = 0"


COUNTED = f"""
    INSERT INTO quality_measure (day, source, place_id, field, records, filled, valid, shared, fresh,
        compared, agreeing)
    SELECT %(today)s, source, place_id, m.field, count(*),
           count(*) FILTER (WHERE {_without("missing")}),
           count(*) FILTER (WHERE {_without("missing", "invalid")}),
           count(*) FILTER (WHERE bits & m.shared <> 0),
           count(*) FILTER (WHERE {_without("missing", "stale")}),
           count(*) FILTER (WHERE {_without("missing")} AND bits & {ALONE} = 0),
           count(*) FILTER (WHERE {_without("missing", "differs")} AND bits & {ALONE} = 0)
    FROM quality_faults JOIN (VALUES {
    ", ".join(
        f"('{field}', {bit(field, 'missing')}::bigint, {bit(field, 'invalid')}::bigint,"
        f" {bit(field, 'shared')}::bigint, {bit(field, 'stale')}::bigint,"
        f" {bit(field, 'differs')}::bigint, {ORGANISATION if field in OF_PEOPLE else 0}::bigint)"
        for field in FIELDS
    )
}) AS m (field, missing, invalid, shared, stale, differs, unless) ON bits & m.unless = 0
    GROUP BY GROUPING SETS ((source, m.field), (source, m.field, place_id))
    HAVING grouping(place_id) = 1 OR place_id IS NOT NULL
"""


@transaction.atomic
def measure_records(policy: Policy, today: dt.date) -> int:
    """Look at every record again and count; how many records have new faults or lost some.

    Of sites the last day alone is kept, of the company each day.
    """
    fresh = timezone.now() - dt.timedelta(days=policy.fresh_days)
    facts = {"ours": OURS, "today": today, "fresh": fresh}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(GONE, facts)
        cursor.execute(SEEN, facts)
        changed = cursor.rowcount
        cursor.execute(
            "DELETE FROM quality_measure WHERE day = %(today)s OR place_id IS NOT NULL", facts
        )
        cursor.execute(COUNTED, facts)
    return int(changed)
