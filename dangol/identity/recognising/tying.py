"""Two customers tied: a household, a branch and its head office; what a person ended is not tied again."""

from __future__ import annotations

import uuid

from dangol.customers.models import Relation

STORED = """
INSERT INTO customers_relation (id, created_at, from_customer_id, to_customer_id, kind)
SELECT uuidv7(), now(), p.a, p.b, %(kind)s FROM (
    SELECT DISTINCT ON (least(a.customer_id, b.customer_id), greatest(a.customer_id, b.customer_id))
        a.customer_id AS a, b.customer_id AS b
    FROM unnest(%(a)s::bigint[], %(b)s::bigint[]) AS t(a, b)
    JOIN customers_sourcerecord a ON a.id = t.a JOIN customers_sourcerecord b ON b.id = t.b
    WHERE a.customer_id <> b.customer_id) p
WHERE NOT EXISTS (SELECT 1 FROM customers_relation r WHERE r.kind = %(kind)s
    AND (r.from_customer_id, r.to_customer_id) IN ((p.a, p.b), (p.b, p.a)))
"""
"""`tie` for very many: by records, whose customers are looked up at that moment."""


def tie(a: uuid.UUID, b: uuid.UUID, kind: str, *, decided: bool = False) -> Relation | None:
    """Tie two customers; None when that is known, or was ended by a person.

    `decided` says that a person ties them now: that outweighs an end of before.
    """
    both = Relation.objects.filter(kind=kind, from_customer__in=[a, b], to_customer__in=[a, b])
    if (both.filter(ended_at=None) if decided else both).exists():
        return None
    if kind == "household":
        a, b = sorted((a, b))
    return Relation.objects.create(from_customer_id=a, to_customer_id=b, kind=kind)
