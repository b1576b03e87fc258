"""Staged transactions judged and stored by statements over the batch: heads, lines, ownership."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from dangol.core.events import publish
from dangol.imports.kinds import Batch
from dangol.imports.staging import refuse_where, resolve, rows_of, run, texts_in
from dangol.places.loading import resolve_places
from dangol.purchases.events import TransactionsLoaded
from dangol.purchases.queries import products_by_text

CUSTOMERS = """
UPDATE stage s SET customer_id = r.customer_id FROM customers_sourcerecord r
WHERE s.verdict IS NULL AND r.source = %(source)s AND r.key = s.customer
"""
CUSTOMERS_OF_OTHERS = """
UPDATE stage s SET customer_id = c.id
FROM (SELECT key, min(customer_id::text)::uuid AS id FROM customers_sourcerecord
      WHERE key = ANY(%(keys)s) AND customer_id IS NOT NULL
      GROUP BY key HAVING count(DISTINCT customer_id) = 1) c
WHERE s.verdict IS NULL AND s.customer_id IS NULL AND c.key = s.customer
"""
MOMENTS = """
UPDATE stage s SET moment = CASE
        WHEN s.at ~ '[+-][0-9][0-9]:?[0-9][0-9]$' AND length(s.at) > 19 THEN s.at::timestamptz
        ELSE s.at::timestamp AT TIME ZONE coalesce(
            (SELECT p.time_zone FROM places_place p WHERE p.id = s.place_id), %(zone)s) END,
    day = left(s.at, 10)::date, kind = coalesce(s.kind, 'sale'), currency = coalesce(s.currency, 'KRW'),
    quantity = coalesce(s.quantity, 1), head = g.head, first = s.line = g.head,
    total = coalesce(g.amount, g.lines, 0), line_amount = coalesce(s.line_amount,
        CASE WHEN g.size = 1 THEN s.amount END, 0)
FROM (SELECT key, min(line) AS head, count(*) AS size,
             (array_agg(amount ORDER BY line))[1] AS amount, sum(line_amount) AS lines
      FROM stage WHERE verdict IS NULL GROUP BY key) g
WHERE s.verdict IS NULL AND g.key = s.key
"""
KNOWN = """
UPDATE stage s SET target = t.id FROM purchases_transaction t
WHERE s.verdict IS NULL AND t.source = %(source)s AND t.source_key = s.key
"""
SAME = """
WITH said AS MATERIALIZED (
    SELECT x.key,
        string_agg(concat_ws('/', x.product_id, x.quantity::numeric(12,3),
            x.line_amount::numeric(16,2)), ',' ORDER BY x.product_id, x.quantity, x.line_amount)
            FILTER (WHERE x.product_id IS NOT NULL) AS lines,
        coalesce(bool_or(x.product_id IS NOT NULL AND coalesce(x.plate, x.serial) IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM purchases_ownership o
                WHERE o.customer_id = x.customer_id AND o.plate = coalesce(x.plate, o.plate)
                  AND o.serial = coalesce(x.serial, o.serial))), false) AS owns_more
    FROM stage x WHERE x.verdict IS NULL AND x.target IS NOT NULL GROUP BY x.key),
kept AS MATERIALIZED (
    SELECT l.transaction_id, string_agg(concat_ws('/', l.product_id, l.quantity::numeric(12,3),
        l.amount::numeric(16,2)), ',' ORDER BY l.product_id, l.quantity, l.amount) AS lines
    FROM purchases_line l
    WHERE l.transaction_id IN (SELECT target FROM stage WHERE first AND target IS NOT NULL)
    GROUP BY l.transaction_id)
UPDATE stage s SET verdict = CASE WHEN t.customer_id = h.customer_id
        AND t.place_id IS NOT DISTINCT FROM coalesce(h.place_id, t.place_id)
        AND t.kind = h.kind AND t.at = h.moment AND t.amount = h.total
        AND t.currency = h.currency AND t.staff_name = coalesce(h.staff, t.staff_name)
        AND t.note = coalesce(h.note, t.note) AND t.gone_at IS NULL
        AND coalesce(said.lines, '') = coalesce(kept.lines, '') AND NOT said.owns_more
    THEN 'same' ELSE 'changed' END,
    seen = CASE WHEN %(dry)s THEN jsonb_build_object('before', jsonb_build_object('at', t.at,
        'amount', t.amount, 'kind', t.kind), 'after', jsonb_build_object('at', h.moment,
        'amount', h.total, 'kind', h.kind)) END
FROM stage h
JOIN purchases_transaction t ON t.id = h.target
JOIN said ON said.key = h.key
LEFT JOIN kept ON kept.transaction_id = h.target
WHERE s.verdict IS NULL AND h.verdict IS NULL AND h.first AND h.key = s.key
"""


def judge(batch: Batch) -> None:
    """Find customers, sites and products, name the unknown ones, and compare with what is there."""
    facts = {"source": batch.source, "zone": settings.TIME_ZONE, "dry": batch.dry}
    find_customers(facts)
    if "site" in batch.mapped:
        resolve_places(batch, "site", "place_id")
    if "product" in batch.mapped:
        known = products_by_text()
        resolve("product", "product_id", {text: known.get(text) for text in texts_in("product")})
        refuse_where(
            "s.product IS NOT NULL AND s.product_id IS NULL", "product",
            gettext_noop("there is no product “%(text)s”"), {"text": "s.product"},
        )  # fmt: skip
    refuse_where(
        "coalesce(s.plate, s.serial) IS NOT NULL AND s.product IS NULL", "product",
        gettext_noop("a plate or serial number needs a product"),
    )  # fmt: skip
    run(MOMENTS, facts)
    refuse_where(
        "s.head < s.line AND h.line = s.head AND (h.customer_id, h.kind, h.moment,"
        " coalesce(h.place_id, s.place_id)) IS DISTINCT FROM (s.customer_id, s.kind, s.moment,"
        " coalesce(s.place_id, h.place_id))",
        "key",
        gettext_noop("customer, site, date or kind differ from line %(line)s of “%(key)s”"),
        {"line": "h.line", "key": "s.key"},
        "FROM stage h",
    )
    run(
        "UPDATE stage SET verdict = 'refused', reason = %(reason)s, facts = '{}'"
        " WHERE verdict IS NULL AND key IN (SELECT key FROM stage WHERE verdict = 'refused')",
        {"reason": gettext_noop("another row with the same key was refused")},
    )
    if run(KNOWN, facts):
        run("ANALYZE stage")
        run(SAME, facts)
    run(
        """UPDATE stage SET verdict = 'new', seen = CASE WHEN %(dry)s THEN jsonb_build_object(
               'after', jsonb_build_object('at', moment, 'amount', total, 'kind', kind,
               'customer', customer, 'site', site, 'product', product)) END
           WHERE verdict IS NULL""",
        {"dry": batch.dry},
    )


def find_customers(facts: dict[str, Any]) -> None:
    """By the key of this source; else by a key that only one customer of any source has."""
    run(CUSTOMERS, facts)
    missing = [key for (key,) in rows_of(
        "SELECT DISTINCT customer FROM stage WHERE customer_id IS NULL AND verdict IS NULL"
    )]  # fmt: skip
    if missing:
        run(CUSTOMERS_OF_OTHERS, {"keys": missing})
        refuse_where(
            "s.customer_id IS NULL", "customer",
            gettext_noop("there is no customer “%(text)s”"), {"text": "s.customer"},
        )  # fmt: skip


def store(batch: Batch) -> None:
    """Write new and changed transactions with lines and ownership, and tell who listens."""
    facts = {"now": timezone.now(), "source": batch.source}
    run(
        "WITH k AS MATERIALIZED (SELECT key, uuidv7() AS id FROM stage"
        " WHERE verdict = 'new' GROUP BY key)"
        " UPDATE stage s SET target = k.id FROM k WHERE s.key = k.key AND s.verdict = 'new'"
    )
    run(
        """INSERT INTO purchases_transaction (id, created_at, customer_id, place_id, kind, at,
               staff_name, amount, currency, source, source_key, note)
           SELECT target, %(now)s, customer_id, place_id, kind, moment, coalesce(staff, ''), total,
               currency, %(source)s, key, coalesce(note, '')
           FROM stage WHERE verdict = 'new' AND first ORDER BY line""",
        facts,
    )
    if rows_of("SELECT 1 FROM stage WHERE verdict = 'changed' LIMIT 1"):
        run(
            """UPDATE purchases_transaction t SET customer_id = s.customer_id,
                   place_id = coalesce(s.place_id, t.place_id), kind = s.kind, at = s.moment,
                   staff_name = coalesce(s.staff, t.staff_name), amount = s.total,
                   currency = s.currency, note = coalesce(s.note, t.note), gone_at = NULL
               FROM stage s WHERE s.verdict = 'changed' AND s.first AND t.id = s.target"""
        )
        run(
            "DELETE FROM purchases_line WHERE transaction_id IN"
            " (SELECT target FROM stage WHERE verdict = 'changed')"
        )
    run(
        """INSERT INTO purchases_line (id, created_at, transaction_id, product_id, quantity, amount)
           SELECT uuidv7(), %(now)s, target, product_id, quantity, line_amount FROM stage
           WHERE verdict IN ('new', 'changed') AND product_id IS NOT NULL ORDER BY line""",
        facts,
    )
    if batch.mapped & {"plate", "serial"}:
        own(facts)
    tell(batch)


def own(facts: dict[str, Any]) -> None:
    """A sale makes its customer the owner and ends the one before; a visit only fills gaps."""
    for same in ("o.serial = s.serial", "s.serial IS NULL AND o.plate = s.plate"):
        run(
            f"""UPDATE purchases_ownership o SET ended_on = s.day
                FROM stage s WHERE s.verdict = 'new' AND s.kind = 'sale' AND o.ended_on IS NULL
                  AND o.customer_id <> s.customer_id AND o.since <= s.day AND {same}"""
        )
    run(
        """INSERT INTO purchases_ownership (id, created_at, customer_id, product_id,
               transaction_id, serial, plate, since, warranty_until)
           SELECT uuidv7(), %(now)s, * FROM (
             SELECT DISTINCT ON (s.customer_id, coalesce(s.serial, ''), coalesce(s.plate, ''))
               s.customer_id, s.product_id,
               CASE WHEN s.kind = 'sale' THEN s.target END, coalesce(s.serial, ''),
               coalesce(s.plate, ''), s.day, s.warranty
             FROM stage s
             WHERE s.verdict IN ('new', 'changed') AND s.product_id IS NOT NULL
               AND coalesce(s.plate, s.serial) IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM purchases_ownership o
                   WHERE o.customer_id = s.customer_id AND o.plate = coalesce(s.plate, o.plate)
                     AND o.serial = coalesce(s.serial, o.serial))
             ORDER BY s.customer_id, coalesce(s.serial, ''), coalesce(s.plate, ''), s.moment) x""",
        facts,
    )


def tell(batch: Batch) -> None:
    """One event for each kind of transaction in the batch."""
    for kind, count, first, last in rows_of(
        "SELECT kind, count(*), min(moment), max(moment) FROM stage"
        " WHERE verdict IN ('new', 'changed') AND first GROUP BY kind ORDER BY kind"
    ):
        publish(
            TransactionsLoaded(
                subject_id=batch.import_id, kind=kind, count=count,
                first_at=first.isoformat(), last_at=last.isoformat(),
            ),
            by=batch.by,
        )  # fmt: skip


HOMES = """
WITH lacking AS (
    SELECT id FROM customers_customer
    WHERE home_place_id IS NULL AND id > %(after)s ORDER BY id LIMIT %(some)s),
latest AS (
    SELECT l.id, t.place_id FROM lacking l LEFT JOIN LATERAL (
        SELECT place_id FROM purchases_transaction t
        WHERE t.customer_id = l.id AND t.place_id IS NOT NULL AND t.gone_at IS NULL ORDER BY t.at DESC LIMIT 1) t ON true),
written AS (
    UPDATE customers_customer c SET home_place_id = latest.place_id FROM latest
    WHERE c.id = latest.id AND latest.place_id IS NOT NULL)
SELECT max(id::text) FROM lacking
"""


def finish(batch: Batch) -> None:
    """Customers without a home site get that of their latest purchase; in pieces, each whole."""
    if "site" not in batch.mapped:
        return
    after: str | None = "00000000-0000-0000-0000-000000000000"
    while after:
        (after,) = rows_of(HOMES, {"after": after, "some": 20_000})[0]
