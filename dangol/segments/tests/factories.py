"""Segments and sales for tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from dangol.customers.actions import add_customer
from dangol.customers.models import Customer
from dangol.purchases.models import Transaction
from dangol.segments.actions import make_segment
from dangol.segments.models import Membership, Segment

NUMBERS = count(1)
REGULARS = {"count": {"of": "transactions", "days": 365}, "from": 2}


def somebody(world: Any, place: str = "GANGNAM", **fields: Any) -> Customer:
    """A customer of a site."""
    given = {"name": f"손님{next(NUMBERS)}", "home_place": world.place(place), "by": None}
    return add_customer(**given | fields)


def sale(customer: Customer, days_ago: int = 1, amount: object = 100, **fields: Any) -> Transaction:
    """Something bought so many days ago."""
    given = {"kind": "sale", "source": "test", "source_key": str(next(NUMBERS)), "currency": "KRW"}
    at = timezone.now() - dt.timedelta(days=days_ago)
    return Transaction.objects.create(
        customer=customer, place=customer.home_place, at=at, amount=Decimal(str(amount)),
        **given | fields,
    )  # fmt: skip


def a_segment(world: Any, rule: Any = None, **fields: Any) -> Segment:
    """A segment of the company, of those who bought twice in a year."""
    given = {"name": f"단골 {next(NUMBERS)}", "place": world.place("HQ"), "by": world.mark}
    return make_segment(rule=REGULARS if rule is None else rule, **given | fields)


def members_of(segment: Segment) -> set[str]:
    """The names of the members."""
    rows = Membership.objects.filter(segment=segment)
    return set(rows.values_list("customer__name", flat=True))
