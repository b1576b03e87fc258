"""What an answer is worth: how many records it settles, times how unsure the model is.

A pair of two customers with forty records between them comes before one with two, when both are as
unsure; a pair that is nearly certain comes after both.
"""

from __future__ import annotations

import uuid

from django.db import connection

from dangol.customers.records.models import SourceRecord
from dangol.identity.models import Question

LEAST = 0.05
"""So unsure counts even what the model is sure of: a contradiction is asked about for another reason."""
WEIGHED = """
UPDATE identity_question q SET gain = greatest(4 * c.p * (1 - c.p), %(least)s) * c.records
FROM (
    SELECT o.id, 1 / (1 + power(2.0::float8, least(greatest(-o.weight, -60), 60))) AS p,
        (SELECT count(*) FROM customers_sourcerecord r
         WHERE r.customer_id IN (a.customer_id, b.customer_id)) AS records
    FROM identity_question o
    JOIN customers_sourcerecord a ON a.id = o.a_id JOIN customers_sourcerecord b ON b.id = o.b_id
    WHERE o.settled = '' AND o.why <> 'audit' ORDER BY o.id FOR UPDATE OF o SKIP LOCKED) c
WHERE q.id = c.id AND q.gain <> greatest(4 * c.p * (1 - c.p), %(least)s) * c.records
"""


def gain_of(weight: float, records: int) -> float:
    """What an answer is worth that settles so many records."""
    chance = 1 / (1 + 2.0 ** min(max(-weight, -60.0), 60.0))
    return max(4 * chance * (1 - chance), LEAST) * records


def settled_by(question: Question) -> int:
    """How many records an answer settles, as its worth was weighed."""
    return round(question.gain / gain_of(question.weight, 1))


def records_of(*customers: uuid.UUID | None) -> int:
    """How many records these customers have together: what a question about them settles."""
    return SourceRecord.objects.filter(customer__in={c for c in customers if c}).count()


def weigh_questions() -> int:
    """Say of every open question what it is worth now, but of those that are just being answered; how
    many changed."""
    with connection.cursor() as cursor:
        cursor.execute(WEIGHED, {"least": LEAST})
        return int(cursor.rowcount)
