"""What people decided, as the runs over all records respect it."""

from __future__ import annotations

import uuid

from django.db import connection
from django.db.models import F

from dangol.identity.models import Answer, Apart, Question

EVERY_PAIR = """
WITH parted AS MATERIALIZED (
    SELECT p.a_id, p.b_id, a.customer_id AS mine, b.customer_id AS theirs FROM identity_apart p
    JOIN customers_sourcerecord a ON a.id = p.a_id JOIN customers_sourcerecord b ON b.id = p.b_id
    WHERE a.customer_id IS DISTINCT FROM b.customer_id)
SELECT DISTINCT x.id, y.id FROM parted p
CROSS JOIN LATERAL (SELECT p.a_id AS id UNION
    SELECT r.id FROM customers_sourcerecord r WHERE r.customer_id = p.mine) x
CROSS JOIN LATERAL (SELECT p.b_id AS id UNION
    SELECT r.id FROM customers_sourcerecord r WHERE r.customer_id = p.theirs) y
"""


def same_answers() -> list[tuple[int, int]]:
    """Pairs of records that a steward called one person, and that still are one customer's."""
    found = Question.objects.filter(settled=Answer.SAME, a__customer=F("b__customer"))
    return list(found.values_list("a_id", "b_id"))


def apart_records() -> list[tuple[int, int]]:
    """Every record of a customer with every one of another from whom a person told them apart."""
    with connection.cursor() as cursor:
        cursor.execute(EVERY_PAIR)
        return list(cursor.fetchall())


def apart_customers() -> set[frozenset[uuid.UUID]]:
    """Pairs of customers that a person told apart."""
    found = Apart.objects.values_list("a__customer", "b__customer")
    return {frozenset((a, b)) for a, b in found if a and b and a != b}
