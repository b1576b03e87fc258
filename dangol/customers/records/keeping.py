"""Source records written by statements over many: from a staged batch, and from customers made here."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext_noop

from dangol.customers import number_loading as numbers
from dangol.customers.attributes import loading as own
from dangol.customers.records.models import BY_HAND, MOST_WAYS, OURS
from dangol.imports.kinds import Batch
from dangol.imports.staging import run

OF_A_PERSON = gettext_noop("“%(key)s” belongs to a person of “%(system)s”")
OF_AN_ORGANISATION = gettext_noop("“%(key)s” belongs to an organisation of “%(system)s”")
SAID = f"""jsonb_strip_nulls(jsonb_build_object(
    'name', s.name, 'kind', s.kind, 'given_name', s.given_name, 'family_name', s.family_name,
    'born_on', s.born_on, 'gender', s.gender, 'language', s.language, 'phone', s.phone,
    'phone2', s.phone2, 'email', s.email, 'address', s.line_address, 'postcode', s.postcode,
    'home', s.home_id, 'tier', s.tier, 'note', s.note, {numbers.SAID}))"""

KEPT = f"""
INSERT INTO customers_sourcerecord AS r (source, key, kind, customer_id, values, attributes,
    first_seen_at, seen_at, changed_at, revision, unread, times)
SELECT %(source)s, s.key, coalesce(s.kind, 'person'), s.target, {SAID}, coalesce(o.said, '{{}}'),
    %(now)s, %(now)s, %(now)s, 1, true, '{{}}'
FROM stage s CROSS JOIN {own.SAID_OF_LINE}
WHERE s.verdict IN ('new', 'changed') AND s.key <> '' ORDER BY s.line
ON CONFLICT (source, key) DO UPDATE SET values = r.values || excluded.values,
    attributes = r.attributes || excluded.attributes,
    times = r.times || coalesce((SELECT jsonb_object_agg(e.key, %(now)s::timestamptz)
        FROM jsonb_each(excluded.values) e WHERE r.values -> e.key IS DISTINCT FROM e.value), '{{}}'),
    seen_at = excluded.seen_at, gone_at = NULL,
    customer_id = coalesce(r.customer_id, excluded.customer_id),
    unread = r.unread OR NOT r.values @> excluded.values,
    changed_at = CASE WHEN r.values @> excluded.values THEN r.changed_at ELSE excluded.changed_at END,
    revision = r.revision + CASE WHEN r.values @> excluded.values THEN 0 ELSE 1 END
"""
TOLD = f"""
UPDATE customers_sourcerecord r SET attributes = r.attributes || o.said
FROM stage s CROSS JOIN {own.SAID_OF_LINE}
WHERE s.verdict = 'same' AND r.source = %(source)s AND r.key = s.key AND NOT r.attributes @> o.said
"""
"""A row that changes nothing of its customer may still say something else than before."""
BEFORE = f"""
INSERT INTO customers_recordversion (record_id, values, raw, since, until)
SELECT r.id, r.values, r.raw, r.changed_at, %(now)s
FROM stage s JOIN customers_sourcerecord r ON r.source = %(source)s AND r.key = s.key
WHERE s.verdict = 'changed' AND NOT r.values @> {SAID}
"""
MISSING = """
INSERT INTO customers_sourcerecord (source, key, kind, customer_id, values, as_of, first_seen_at,
    seen_at, changed_at, revision, unread, times)
SELECT coalesce(nullif(c.source, ''), %(ours)s), coalesce(nullif(c.source_key, ''), c.id::text),
    c.kind, c.id, jsonb_strip_nulls(jsonb_build_object('name', c.name,
        'given_name', nullif(c.given_name, ''), 'family_name', nullif(c.family_name, ''),
        'born_on', c.born_on, 'gender', nullif(c.gender, ''), 'language', c.language,
        'tier', nullif(c.tier, ''), 'note', nullif(c.note, ''), 'home', c.home_place_id,
        'postcode', p.postcode)) || coalesce(p.ways, '{}'),
    CASE WHEN c.source = ANY(%(by_hand)s) THEN c.created_at END,
    c.created_at, c.updated_at, c.updated_at, 1, true, '{}'
FROM customers_customer c LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(kind || CASE WHEN turn > 1 THEN turn::text ELSE '' END, value) AS ways,
           max(parts ->> 'postcode') FILTER (WHERE kind = 'address' AND turn = 1) AS postcode
    FROM (SELECT kind, value, parts,
              row_number() OVER (PARTITION BY kind ORDER BY preferred DESC, created_at) AS turn
          FROM customers_contactpoint WHERE customer_id = c.id AND ended_at IS NULL) points
    WHERE turn <= %(most)s) p ON true
WHERE {which} NOT EXISTS (SELECT 1 FROM customers_sourcerecord r WHERE r.customer_id = c.id)
ON CONFLICT (source, key) DO NOTHING
"""
"""What was written here is as old as its customer; how old other values are nobody knows."""


def keep_records(batch: Batch) -> None:
    """Keep what the staged rows say, and what their records said before."""
    facts = {"source": batch.source, "now": timezone.now()}
    run(BEFORE, facts)
    run(KEPT, facts)
    run(TOLD, facts)


def mirror_customers(keys: Collection[uuid.UUID] | None = None) -> int:
    """Give a record to every customer without one (or to those of these ids); how many it made."""
    which = "" if keys is None else "c.id = ANY(%(keys)s) AND"
    facts = {"ours": OURS, "by_hand": list(BY_HAND), "most": MOST_WAYS, "keys": list(keys or [])}
    return run(MISSING.replace("{which}", which), facts)
