"""Staged customers judged against those that are known, and stored, by statements over the batch."""

from __future__ import annotations

from django.utils import timezone

from dangol.core.events import publish
from dangol.customers import number_loading as numbers
from dangol.customers.attributes import loading as own
from dangol.customers.events import RecordsChanged
from dangol.customers.records.keeping import OF_A_PERSON, OF_AN_ORGANISATION, SAID, keep_records
from dangol.imports.kinds import Batch
from dangol.imports.staging import rows_of, run
from dangol.places.loading import resolve_places

FIELDS = {
    # column of the customer: what the stage says of it
    "name": "s.name", "kind": "s.kind", "given_name": "s.given_name",
    "family_name": "s.family_name", "born_on": "s.born_on", "gender": "s.gender",
    "language": "s.language", "home_place_id": "s.home_id", "tier": "s.tier", "note": "s.note",
}  # fmt: skip
DIFFERS = " OR ".join(
    f"({said} IS NOT NULL AND {said} IS DISTINCT FROM c.{field})" for field, said in FIELDS.items()
)
POINTS = """
CREATE TEMP TABLE stage_point ON COMMIT DROP AS
SELECT DISTINCT ON (s.line, p.kind, p.value) s.line, s.target, p.kind, p.value, p.parts, p.label,
       p.preferred, false AS known, NULL::uuid AS back,
       CASE WHEN p.kind = 'phone' THEN left(reverse(regexp_replace(p.value, '\\D', '', 'g')), 20)
            ELSE '' END AS tail
FROM stage s CROSS JOIN LATERAL (VALUES
    ('phone', s.phone, '{}'::jsonb, '', true, 1),
    ('phone', s.phone2, '{}'::jsonb, '2', s.phone IS NULL, 2),
    ('email', s.email, '{}'::jsonb, '', true, 3),
    ('address', s.line_address, s.parts, '', true, 4)
) AS p(kind, value, parts, label, preferred, turn)
WHERE p.value IS NOT NULL AND s.verdict IS NULL
ORDER BY s.line, p.kind, p.value, p.turn
"""
ADDRESS = """
UPDATE stage SET
    parts = jsonb_strip_nulls(jsonb_build_object('postcode', postcode, 'province', province,
        'district', district, 'street', coalesce(street, CASE WHEN province IS NULL THEN address END),
        'detail', detail, 'country', upper(country))),
    line_address = left(concat(
        CASE WHEN postcode IS NOT NULL THEN '(' || postcode || ') ' END,
        CASE WHEN address IS NOT NULL THEN concat_ws(' ', address, detail)
             WHEN coalesce(country, 'KR') IN ('KR', 'JP', 'CN', 'TW')
             THEN concat_ws(' ', province, district, street, detail)
             ELSE concat_ws(' ', detail, street, district, province) END), 254)
WHERE coalesce(address, street, district, province) IS NOT NULL
"""
OTHER_KIND = """
UPDATE stage s SET verdict = 'refused', refused_column = 'key',
    reason = CASE WHEN r.kind = 'person' THEN %(person)s ELSE %(company)s END,
    facts = jsonb_build_object('key', s.key, 'system', r.source)
FROM customers_sourcerecord r
WHERE s.verdict IS NULL AND r.source = %(source)s AND r.key = s.key AND r.kind <> s.kind
"""
RETURNED = """
UPDATE customers_contactpoint cp SET ended_at = NULL, ended_for = '', label = p.label
FROM stage_point p JOIN stage s ON s.line = p.line
WHERE s.verdict = 'changed' AND s.alone AND NOT p.known AND cp.id = p.back
"""
"""What had left with its row comes back with it."""
FIRST = """
UPDATE customers_contactpoint cp SET preferred = o.turn = 1 AND o.usable
FROM (SELECT p.id, p.state NOT IN ('wrong', 'moved') AS usable, row_number() OVER (
          PARTITION BY p.customer_id, p.kind
          ORDER BY p.state NOT IN ('wrong', 'moved') DESC, p.chosen_at DESC NULLS LAST,
              p.state = 'verified' DESC, p.checked_at DESC NULLS LAST,
              n.value IS NOT NULL DESC, p.label, p.preferred DESC, p.created_at DESC) AS turn
      FROM stage s JOIN customers_contactpoint p ON p.customer_id = s.target
      LEFT JOIN stage_point n ON n.line = s.line AND n.kind = p.kind AND n.value = p.value
          AND NOT n.known
      WHERE s.verdict = 'changed' AND s.alone AND p.ended_at IS NULL) o
WHERE cp.id = o.id AND cp.preferred IS DISTINCT FROM (o.turn = 1 AND o.usable)
"""
"""Of several ways of one kind one comes first: chosen, verified, then what just came."""


def judge(batch: Batch) -> None:
    """New, changed or the same: by the source's key, field by field, contact point by contact point."""
    if "home" in batch.mapped:
        resolve_places(batch, "home", "home_id")
    if batch.mapped & {"address", "street", "district", "province"}:
        run(ADDRESS)
    run(
        "UPDATE stage s SET target = r.customer_id,"
        " alone = NOT EXISTS (SELECT 1 FROM customers_sourcerecord o"
        " WHERE o.customer_id = r.customer_id AND o.id <> r.id)"
        " FROM customers_sourcerecord r"
        " WHERE s.verdict IS NULL AND r.source = %(source)s AND r.key = s.key",
        {"source": batch.source},
    )
    numbers.name_kind(batch)
    refuse_other_kind(batch)
    find_points()
    own.find_values(batch)
    run("UPDATE stage SET verdict = 'new' WHERE verdict IS NULL AND target IS NULL")
    run(
        f"""UPDATE stage s SET verdict = CASE WHEN {DIFFERS} OR {own.FRESH} OR {numbers.FRESH}
              OR s.line IN (SELECT line FROM stage_point WHERE NOT known) THEN 'changed' ELSE 'same' END
            FROM customers_customer c WHERE s.verdict IS NULL AND c.id = s.target AND s.alone""",
        {"source": batch.source},
    )
    run(
        f"""UPDATE stage s SET verdict = CASE WHEN {own.FRESH} OR NOT r.values @> {SAID}
              THEN 'changed' ELSE 'same' END
            FROM customers_sourcerecord r WHERE s.verdict IS NULL AND NOT s.alone
              AND r.source = %(source)s AND r.key = s.key""",
        {"source": batch.source},
    )
    if batch.dry:
        show_samples(batch)


def find_points() -> None:
    """Put the contact points of the staged rows beside those that are known: what a person ended does
    not come back, what had left with its row does."""
    run("DROP TABLE IF EXISTS pg_temp.stage_point")
    run(POINTS)
    run("ANALYZE stage_point")
    run(
        "UPDATE stage_point p SET known = true FROM customers_contactpoint cp"
        " WHERE p.target IS NOT NULL AND cp.customer_id = p.target AND cp.kind = p.kind"
        " AND cp.value = p.value AND (cp.ended_at IS NULL OR cp.ended_for = '')"
    )
    run(
        "UPDATE stage_point p SET back = cp.id FROM customers_contactpoint cp"
        " WHERE NOT p.known AND cp.customer_id = p.target AND cp.kind = p.kind"
        " AND cp.value = p.value AND cp.ended_for = 'source'"
    )


def refuse_other_kind(batch: Batch) -> None:
    """A key that is a person's never becomes an organisation's, nor the other way round."""
    run(OTHER_KIND, {"source": batch.source, "person": OF_A_PERSON, "company": OF_AN_ORGANISATION})


def show_samples(batch: Batch) -> None:
    """Before and after of the first few, for the picture."""
    before = ", ".join(
        f"'{field}', CASE WHEN {said} IS NOT NULL AND {said} IS DISTINCT FROM c.{field}"
        f" THEN c.{field}::text END"
        for field, said in FIELDS.items()
        if field != "home_place_id"
    )
    after = ", ".join(
        f"'{field}', CASE WHEN c.id IS NULL OR {said} IS DISTINCT FROM c.{field} THEN {said}::text END"
        for field, said in FIELDS.items()
        if field != "home_place_id"
    )
    points = """(SELECT coalesce(jsonb_object_agg(p.kind || p.label, p.value), '{}')
                 FROM stage_point p WHERE p.line = s.line AND NOT p.known)"""
    old = """(SELECT coalesce(jsonb_object_agg(p.kind || p.label, cp.value), '{}')
              FROM stage_point p JOIN customers_contactpoint cp ON cp.customer_id = s.target
               AND cp.kind = p.kind AND cp.label = p.label AND cp.ended_at IS NULL
              WHERE p.line = s.line AND NOT p.known)"""
    run(
        f"""UPDATE stage s SET seen = jsonb_build_object(
                'before', jsonb_strip_nulls(jsonb_build_object({before})) || {old} || {own.BEFORE}
                    || {numbers.BEFORE},
                'after', jsonb_strip_nulls(jsonb_build_object({after},
                    'home', CASE WHEN s.home_id IS DISTINCT FROM c.home_place_id THEN s.home END))
                    || {points} || {own.AFTER} || {numbers.AFTER})
            FROM (SELECT line, target FROM (SELECT line, target, row_number() OVER (
                    PARTITION BY verdict ORDER BY line) AS turn FROM stage
                    WHERE verdict IN ('new', 'changed')) x WHERE turn <= 6) few
            LEFT JOIN customers_customer c ON c.id = few.target
            WHERE s.line = few.line""",
        {"source": batch.source},
    )


def store(batch: Batch) -> None:
    """Write new and changed customers with their contact points and the audit of the changes."""
    facts = {"now": timezone.now(), "source": batch.source, "run": f"import {batch.import_id}",
             "by": batch.by.pk if batch.by else None}  # fmt: skip
    run("UPDATE stage SET target = uuidv7() WHERE verdict = 'new'")
    run(
        """INSERT INTO customers_customer (id, created_at, updated_at, revision, kind, name,
               given_name, family_name, born_on, gender, language, home_place_id, tier, note,
               source, source_key, name_jamo, name_initials)
           SELECT target, %(now)s, %(now)s, 1, coalesce(kind, 'person'), name,
               coalesce(given_name, ''), coalesce(family_name, ''), born_on, coalesce(gender, ''),
               coalesce(language, 'ko'), home_id, coalesce(tier, ''), coalesce(note, ''),
               %(source)s, key, name_jamo, name_initials
           FROM stage WHERE verdict = 'new' ORDER BY line""",
        facts,
    )
    if rows_of("SELECT 1 FROM stage WHERE verdict = 'changed' LIMIT 1"):
        change(facts)
    run(
        """INSERT INTO customers_contactpoint (id, created_at, customer_id, kind, value, parts,
               label, preferred, state, source, tail)
           SELECT uuidv7(), %(now)s, s.target, p.kind, p.value, coalesce(p.parts, '{}'), p.label,
               p.preferred, 'unverified', %(source)s, p.tail
           FROM stage_point p JOIN stage s ON s.line = p.line
           WHERE s.verdict IN ('new', 'changed') AND s.alone IS NOT FALSE AND NOT p.known
             AND p.back IS NULL
           ORDER BY p.line""",
        facts,
    )
    run(RETURNED)
    run(FIRST)
    own.store_values()
    keep_records(batch)
    publish(RecordsChanged(subject_id=batch.import_id, source=batch.source), by=batch.by)


def change(facts: dict) -> None:  # type: ignore[type-arg]
    """Write what differs; an unverified number of the same source gives way to the new one.

    A customer of several records is not written here: which of them counts, survivorship says.
    """
    pairs = ", ".join(
        f"'{field}', CASE WHEN {said} IS DISTINCT FROM c.{field} AND {said} IS NOT NULL"
        f" THEN jsonb_build_array(c.{field}, {said}) END"
        for field, said in FIELDS.items()
    )
    run(
        f"""INSERT INTO core_auditentry (id, created_at, by_id, verb, subject_type, subject_id,
                changes, reason)
            SELECT uuidv7(), %(now)s, %(by)s, 'import_customer', 'customers.customer', c.id,
                jsonb_strip_nulls(jsonb_build_object({pairs})) || (
                    SELECT coalesce(jsonb_object_agg(p.kind || p.label,
                        jsonb_build_array(NULL, p.value)), '{{}}')
                    FROM stage_point p WHERE p.line = s.line AND NOT p.known)
                    || {own.CHANGES} || {numbers.CHANGES}, %(run)s
            FROM stage s JOIN customers_customer c ON c.id = s.target
            WHERE s.verdict = 'changed'""",
        facts,
    )
    sets = ", ".join(f"{field} = coalesce({said}, c.{field})" for field, said in FIELDS.items())
    run(
        f"""UPDATE customers_customer c SET {sets},
                name_jamo = coalesce(s.name_jamo, c.name_jamo),
                name_initials = coalesce(s.name_initials, c.name_initials),
                revision = c.revision + 1, updated_at = %(now)s
            FROM stage s WHERE s.verdict = 'changed' AND s.alone AND c.id = s.target
              AND ({DIFFERS} OR {own.FRESH})""",
        facts,
    )
    run(
        """UPDATE customers_contactpoint cp SET ended_at = %(now)s, ended_for = 'source',
               preferred = false
           FROM stage_point p JOIN stage s ON s.line = p.line
           WHERE s.verdict = 'changed' AND s.alone AND NOT p.known AND cp.customer_id = s.target
             AND cp.kind = p.kind AND cp.label = p.label AND cp.source = %(source)s
             AND cp.state = 'unverified' AND cp.ended_at IS NULL""",
        facts,
    )
