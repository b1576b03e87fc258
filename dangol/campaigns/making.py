"""The one statement that makes a programme's calls of one due day.

Who is chosen depends only on the transactions, the rules and the days before, never on the moment
of the run: so twice or late gives the same list.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection

# One row for each (stage, transaction) of the day that was not decided yet:
# ranked, judged, then written as thread, target and decision in one go.
MAKE_DAY = """
WITH stage AS (
    SELECT s.*, p.lo AS place_lo, p.hi AS place_hi, pr.lo AS product_lo, pr.hi AS product_hi
    FROM campaigns_stage s
    LEFT JOIN places_place p ON p.id = s.place_id
    LEFT JOIN purchases_product pr ON pr.id = s.product_id
    WHERE s.campaign_id = %(campaign)s AND s.ended_at IS NULL
),
candidate AS (
    SELECT s.id AS stage_id, s.order AS stage_order, t.id AS transaction_id, t.customer_id,
           t.place_id, t.at, coalesce(p.time_zone, %(zone)s) AS zone
    FROM stage s
    JOIN purchases_transaction t
      ON t.at >= %(day)s::timestamp AT TIME ZONE 'UTC' - make_interval(days => s.days_after + 1)
     AND t.at <  %(day)s::timestamp AT TIME ZONE 'UTC' - make_interval(days => s.days_after - 2)
     AND t.gone_at IS NULL AND (s.kind = '' OR t.kind = s.kind)
    LEFT JOIN places_place p ON p.id = t.place_id
    WHERE (t.at AT TIME ZONE coalesce(p.time_zone, %(zone)s))::date + s.days_after = %(day)s
      AND (%(whole)s OR p.lo BETWEEN %(lo)s AND %(hi)s)
      AND (s.place_id IS NULL OR p.lo BETWEEN s.place_lo AND s.place_hi)
      AND (s.product_id IS NULL OR EXISTS (
            SELECT 1 FROM purchases_line l JOIN purchases_product x ON x.id = l.product_id
            WHERE l.transaction_id = t.id AND x.lo BETWEEN s.product_lo AND s.product_hi))
      AND NOT EXISTS (SELECT 1 FROM campaigns_decision d
                      WHERE d.stage_id = s.id AND d.transaction_id = t.id AND d.making)
),
ranked AS (
    SELECT c.*, row_number() OVER (PARTITION BY customer_id
                                   ORDER BY stage_order, at, transaction_id) AS turn,
           first_value(transaction_id) OVER (PARTITION BY customer_id
                                             ORDER BY stage_order, at, transaction_id) AS first_one
    FROM candidate c
),
known AS (
    SELECT r.*, earlier.stage_id AS earlier_stage, earlier.due_on AS earlier_on,
           (SELECT CASE WHEN bool_or(cp.state NOT IN ('wrong', 'moved')) THEN 'usable'
                        WHEN count(*) > 0 THEN 'wrong' ELSE 'none' END
            FROM customers_contactpoint cp
            WHERE cp.customer_id = r.customer_id AND cp.kind = 'phone' AND cp.ended_at IS NULL
           ) AS phone
    FROM ranked r
    LEFT JOIN LATERAL (
        SELECT x.stage_id, x.due_on FROM campaigns_target x
        WHERE x.campaign_id = %(campaign)s AND x.customer_id = r.customer_id
          AND x.due_on > %(day)s::date - %(quarantine)s AND x.due_on <= %(day)s
        ORDER BY x.due_on DESC, x.id LIMIT 1
    ) earlier ON true
),
judged AS MATERIALIZED (
    SELECT k.*, uuidv7() AS thread_id, uuidv7() AS target_id,
           CASE WHEN phone = 'none' THEN 'no_phone'
                WHEN phone = 'wrong' THEN 'wrong_phone'
                WHEN earlier_stage = stage_id THEN 'already_called'
                WHEN earlier_stage IS NOT NULL THEN 'other_stage_sooner'
                WHEN turn > 1 THEN 'same_day'
                ELSE 'chosen' END AS reason
    FROM known k
),
begun AS (
    INSERT INTO interactions_thread (id, created_at, customer_id, place_id, transaction_id, begun_by)
    SELECT thread_id, %(at)s, customer_id, place_id, transaction_id, 'happy_call'
    FROM judged WHERE reason = 'chosen'
),
due AS (
    INSERT INTO campaigns_target (id, created_at, campaign_id, stage_id, customer_id, thread_id,
        transaction_id, place_id, occasion, due_on, due_at, level, zone, next_at, attempts_made, result)
    SELECT target_id, %(at)s, %(campaign)s, stage_id, customer_id, thread_id, transaction_id,
           place_id, transaction_id, %(day)s,
           (%(day)s::date + %(opens)s::time) AT TIME ZONE zone, 2, zone,
           (%(day)s::date + %(opens)s::time) AT TIME ZONE zone, 0, ''
    FROM judged WHERE reason = 'chosen'
),
said AS (
    INSERT INTO campaigns_decision (id, created_at, campaign_id, stage_id, customer_id,
        transaction_id, target_id, chosen, reason, facts, at, making)
    SELECT uuidv7(), %(at)s, %(campaign)s, stage_id, customer_id, transaction_id,
           CASE WHEN reason = 'chosen' THEN target_id END, reason = 'chosen', reason,
           jsonb_strip_nulls(jsonb_build_object('due_on', %(day)s::date,
               'stage', CASE WHEN reason IN ('already_called', 'other_stage_sooner')
                             THEN earlier_stage END,
               'on', CASE WHEN reason IN ('already_called', 'other_stage_sooner')
                          THEN earlier_on END,
               'transaction', CASE WHEN reason = 'same_day' THEN first_one END)),
           %(at)s, true
    FROM judged
)
SELECT count(*) FILTER (WHERE reason = 'chosen'), count(*) FILTER (WHERE reason <> 'chosen')
FROM judged
"""


def make_day(
    campaign_id: uuid.UUID,
    day: dt.date,
    *,
    at: dt.datetime,
    quarantine_days: int,
    span: tuple[int, int] | None,
    opens: str,
    zone: str,
) -> tuple[int, int]:
    """Make the calls of one due day; returns (chosen, skipped) of those not decided before."""
    lo, hi = span or (0, 0)
    parameters = {
        "campaign": campaign_id, "day": day, "at": at, "quarantine": max(quarantine_days, 1),
        "whole": span is None, "lo": lo, "hi": hi, "opens": opens, "zone": zone,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MAKE_DAY, parameters)
        chosen, skipped = cursor.fetchone()
    return chosen, skipped
