"""Programmes, products and customers for tests."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from dangol.campaigns.models import Campaign, Stage, Target
from dangol.campaigns.programmes import add_stage, open_programme
from dangol.customers.models import ContactPoint, Customer
from dangol.interactions.models import Thread
from dangol.places.models import Place
from dangol.places.tree import renumber
from dangol.purchases.models import Line, Product, Transaction

NUMBERS = count(1)
MONDAY_TEN = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
"""Monday 9 March 2026, 10:00 in Seoul."""


def customer(name: str = "김단골", *, phone: str | None = "") -> Customer:
    """A person with a phone of their own (None: without)."""
    made = Customer.objects.create(name=name, source="test", source_key=str(next(NUMBERS)))
    if phone is not None:
        value = phone or f"+8210{next(NUMBERS):08}"
        ContactPoint.objects.create(customer=made, kind="phone", value=value)
    return made


def product(code: str = "MARU", name: str = "마루", parent: Product | None = None) -> Product:
    """A product in the tree."""
    made = Product.objects.create(code=code, name=name, name_en=code.title(), parent=parent)
    renumber(Product)
    made.refresh_from_db()
    return made


def bought(
    who: Customer, where: Place, at: dt.datetime, what: Product | None = None, kind: str = "sale"
) -> Transaction:
    """A transaction of a customer."""
    made = Transaction.objects.create(
        customer=who, place=where, kind=kind, at=at, source="test", source_key=str(next(NUMBERS))
    )
    if what:
        Line.objects.create(transaction=made, product=what)
    return made


def programme(place: Place, **fields: Any) -> Campaign:
    """A programme that began on 1 March 2026."""
    fields = {"name": "해피콜", "starts_on": dt.date(2026, 3, 1), "place": place, **fields}
    return open_programme(by=None, **fields)


def stage(campaign: Campaign, **fields: Any) -> Stage:
    """A call seven days after a sale."""
    fields = {"name": "7일", "days_after": 7, "kind": "sale", "script": "{customer}님", **fields}
    return add_stage(campaign, by=None, **fields)


def target(of: Stage, who: Customer, *, at: dt.datetime = MONDAY_TEN, **fields: Any) -> Target:
    """A call that is due."""
    thread = Thread.objects.create(customer=who, place=fields.get("place"), begun_by="happy_call")
    defaults: dict[str, Any] = {
        "campaign": of.campaign, "occasion": thread.pk, "due_on": at.date(), "due_at": at,
        "next_at": at - dt.timedelta(minutes=1),
    }  # fmt: skip
    return Target.objects.create(stage=of, customer=who, thread=thread, **{**defaults, **fields})
