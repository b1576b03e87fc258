"""What past calls said of addresses and e-mail: people move, boxes close, and some calls ask.

Hidden truth, drawn from each contact point's own number so that a seed gives the same company:
addresses hold out with 27% a year going wrong for three years and half of that afterwards,
e-mail with 18%; 1 to 7% were wrong from the start, by source. A verification takes 22 seconds.
"""

from __future__ import annotations

from django.db import connection

from dangol.customers.records.models import OURS
from dangol.demo.bulk import TABLES

YEARLY = {"address": 0.31, "email": 0.2}
"""Rates a year, as logarithms: 27% and 18% of what is right."""
ASKED = {"address": 0.4, "email": 0.22}
"""Share of answered calls that ask."""
SECONDS = 22
DRAW = "((hashtextextended({0}::text, {1}) & 16777215) + 0.5) / 16777216.0"
LASTS = f"-ln({DRAW.format('p.id', 11)}) / %(rate)s"
SAID = f"""
    CREATE TEMP TABLE said ON COMMIT DROP AS
    WITH held AS (
        SELECT p.id, p.customer_id, p.source, p.created_at, c.home_place_id,
               CASE WHEN {DRAW.format("p.id", 12)} < CASE p.source WHEN 'event' THEN 0.07
                   WHEN 'service' THEN 0.03 ELSE 0.012 END THEN p.created_at
                   ELSE p.created_at + interval '1 year' * (CASE WHEN {LASTS} < 3 THEN {LASTS}
                       ELSE 3 + 2 * ({LASTS} - 3) END)::float8 END AS until
        FROM customers_contactpoint p JOIN customers_customer c ON c.id = p.customer_id
        WHERE p.kind = %(kind)s AND p.ended_at IS NULL AND p.state IN ('unverified', 'verified')),
    asked AS (
        SELECT h.*, i.id AS call, i.ended_at AS at, i.agent_id, i.ended_at > h.until AS wrong,
               min(i.ended_at) FILTER (WHERE i.ended_at > h.until) OVER (PARTITION BY h.id) AS found
        FROM held h JOIN interactions_interaction i ON i.customer_id = h.customer_id
        WHERE i.answered_at IS NOT NULL AND i.ended_at >= %(since)s
          AND i.ended_at >= h.created_at AND {DRAW.format("i.id", "%(salt)s")} < %(asked)s)
    SELECT * FROM asked WHERE found IS NULL OR at <= found
"""
CHECKS = """
    INSERT INTO customers_check (id, created_at, contact_point_id, outcome, at, by_id, place_id,
        source, home_place_id, day, interaction_id)
    SELECT md5(id::text || call::text)::uuid, at, id,
           CASE WHEN NOT wrong THEN 'verified' WHEN %(kind)s = 'address' THEN 'moved' ELSE 'wrong' END,
           at, agent_id, NULL, source, home_place_id, (at AT TIME ZONE 'Asia/Seoul')::date, call
    FROM said
"""
TOLD = f"wrong AND {DRAW.format('id', 13)} < 0.7"
TOLD_OF = f"s.wrong AND {DRAW.format('s.id', 13)} < 0.7"
"""Seven in ten say where they are now."""
REPLACED = f"""
    INSERT INTO customers_contactpoint (id, created_at, customer_id, kind, value, parts, label,
        preferred, state, checked_at, source, ended_at, tail)
    SELECT md5('new' || p.id::text)::uuid, s.at, p.customer_id, p.kind,
           CASE WHEN p.kind = 'email' THEN 'new.' || p.value
                ELSE regexp_replace(p.value, '[0-9]+호$', (1000 + abs(hashtext(p.id::text)) %% 2000) || '호')
           END, p.parts, '', p.preferred, 'verified', s.at, 'agent', NULL, ''
    FROM said s JOIN customers_contactpoint p ON p.id = s.id WHERE {TOLD_OF}
"""
ENDED = f"""
    UPDATE customers_contactpoint p SET ended_at = s.at FROM said s
    WHERE s.id = p.id AND {TOLD_OF}
"""
HEARD = f"""
    INSERT INTO customers_check (id, created_at, contact_point_id, outcome, at, by_id, place_id,
        source, home_place_id, day, interaction_id)
    SELECT md5('heard' || id::text)::uuid, at, md5('new' || id::text)::uuid, 'verified', at, agent_id,
           NULL, 'agent', home_place_id, (at AT TIME ZONE 'Asia/Seoul')::date, call
    FROM said WHERE {TOLD}
"""
FORMER = f"""
    INSERT INTO customers_recordversion (record_id, values, since, until)
    SELECT r.id, r.values, r.changed_at, greatest(s.at, r.changed_at)
    FROM said s JOIN customers_sourcerecord r ON r.source = %(ours)s AND r.key = s.customer_id::text
    WHERE {TOLD_OF}
"""
WRITTEN = f"""
    INSERT INTO customers_sourcerecord AS r (source, key, kind, customer_id, values, times, attributes,
        first_seen_at, seen_at, changed_at, revision, unread)
    SELECT %(ours)s, c.id::text, c.kind, c.id, jsonb_build_object(p.kind, p.value),
           jsonb_build_object(p.kind, s.at), '{{}}', s.at, s.at, s.at, 1, false
    FROM said s JOIN customers_contactpoint p ON p.id = md5('new' || s.id::text)::uuid
    JOIN customers_customer c ON c.id = s.customer_id WHERE {TOLD_OF}
    ON CONFLICT (source, key) DO UPDATE SET values = r.values || excluded.values,
        times = r.times || excluded.times, revision = r.revision + 1,
        seen_at = greatest(r.seen_at, excluded.seen_at),
        changed_at = greatest(r.changed_at, excluded.changed_at)
"""
"""What was told on a call stands in a record of our own, as in customers/records/by_hand.py."""
LONGER = f"""
    UPDATE interactions_interaction i SET ended_at = i.ended_at + n.more, wrapped_at = i.wrapped_at + n.more
    FROM (SELECT call, count(*) * interval '{SECONDS} seconds' AS more FROM said GROUP BY call) n
    WHERE n.call = i.id
"""


def verify_by_calls(since: str = "-infinity") -> None:
    """Let the calls since a day ask for addresses and e-mail; what was wrong is mostly put right."""
    with connection.cursor() as cursor:
        # the rows were just loaded: without figures of them each contact point would read all calls
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        for salt, kind in enumerate(YEARLY, 21):
            facts = {"kind": kind, "rate": YEARLY[kind], "asked": ASKED[kind], "salt": salt,
                     "since": since, "ours": OURS}  # fmt: skip
            cursor.execute(SAID, facts)
            for statement in (CHECKS, REPLACED, ENDED, HEARD, FORMER, WRITTEN, LONGER):
                cursor.execute(statement, facts)
            cursor.execute("DROP TABLE said")
