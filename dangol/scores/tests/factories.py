"""Customers with purchases, in the lake, for the tests of scores."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from dangol.customers.models import Customer
from dangol.scores.actions import ask_for_run
from dangol.scores.models import Run, ScoreModel
from dangol.scores.running import perform
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer, a_sale

NOON = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)


def bought(customer: Customer, *days_ago: int, amount: object = 100, **fields: Any) -> Customer:
    """Somebody who bought on these days before 2 March 2026."""
    for ago in days_ago:
        a_sale(customer, amount, at=NOON - dt.timedelta(days=ago), **fields)
    return customer


def buyers(n: int, seed: int = 1, **fields: Any) -> list[Customer]:
    """Customers who bought now and then, and partly stopped, over two years."""
    draw = np.random.default_rng(seed)
    made = []
    for i in range(n):
        rate, leaves = draw.gamma(0.8, 1 / 40), draw.exponential(400)
        first = int(draw.integers(200, 700))
        days, now = {first}, 0.0
        while (now := now + draw.exponential(1 / max(rate, 1e-6))) < min(first, leaves):
            days.add(first - int(now))
        customer = a_customer(name=f"손님{i}", **fields)
        amount = round(float(draw.gamma(4, 2500)))
        made.append(bought(customer, *sorted(days), amount=amount))
    return made


def ran(key: str, *, learn: bool = False) -> Run:
    """A run of a model over what is there now."""
    copy_changes()
    return perform(ask_for_run(ScoreModel.objects.get(key=key), learn=learn, by=None))
