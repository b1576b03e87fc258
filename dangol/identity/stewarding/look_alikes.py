"""Customers who may be the same as this one: what a steward has still to say."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from dangol.core.masking import shown_name
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.identity.models import Question, QuestionWhy
from dangol.identity.stewarding.queries import queue_of, with_records
from dangol.identity.stewarding.words import why_words

SHOWN = 5


@dataclass(frozen=True)
class LookAlike:
    """A pair that waits: the other customer, and why the matching did not decide."""

    question: Question
    other: Customer
    name: str
    why: str


def look_alikes(user: User, customer: Customer, records: list[int]) -> list[LookAlike]:
    """At most five other customers whom this person is asked about, the most gain first."""
    if not records or not user.can("matching.decide"):
        return []
    pairs = queue_of(user).filter(Q(a__in=records) | Q(b__in=records))
    pairs = pairs.exclude(why=QuestionWhy.AUDIT).exclude(a__customer=F("b__customer"))
    found: dict[object, LookAlike] = {}
    for pair in with_records(pairs)[: SHOWN * 4]:
        other = pair.b.customer if pair.a.customer_id == customer.pk else pair.a.customer
        assert other is not None
        why = why_words(customer.kind, pair.why, pair.steps)
        found.setdefault(other.pk, LookAlike(pair, other, shown_name(other.name), why))
    return list(found.values())[:SHOWN]
