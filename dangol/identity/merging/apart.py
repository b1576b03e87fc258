"""Customers that a person told apart: no run joins them again."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from dangol.core.models import User
from dangol.customers.models import SourceRecord
from dangol.identity.models import Apart

Pair = frozenset[uuid.UUID]


def apart_between(customers: Collection[uuid.UUID]) -> list[Apart]:
    """What tells any two of these customers apart."""
    found = Apart.objects.filter(a__customer__in=customers, b__customer__in=customers)
    return [
        one
        for one in found.select_related("a", "b", "by")
        if one.a.customer_id != one.b.customer_id
    ]


def apart_pairs(customers: Collection[uuid.UUID]) -> set[Pair]:
    """Pairs of these customers that were told apart."""
    if len(customers) < 2:
        return set()
    return {
        frozenset((one.a.customer_id, one.b.customer_id))  # type: ignore[arg-type]
        for one in apart_between(customers)
    }


def keep_apart(one: uuid.UUID, other: uuid.UUID, *, by: User | None) -> Apart | None:
    """Write down that two customers are two; None when one of them has no record to tell it by."""
    first = SourceRecord.objects.filter(customer=one).order_by("pk").first()
    second = SourceRecord.objects.filter(customer=other).order_by("pk").first()
    if first is None or second is None:
        return None
    return part_records(first.pk, second.pk, by=by)


def part_records(one: int, other: int, *, by: User | None) -> Apart:
    """Write down that two records are two customers'."""
    a, b = sorted((one, other))
    parted, _made = Apart.objects.get_or_create(a_id=a, b_id=b, defaults={"by": by})
    return parted
