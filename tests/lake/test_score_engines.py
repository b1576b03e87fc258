"""Every score learns and says the same on DuckDB and on Spark."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from dangol.customers.attributes.models import Attribute, AttributeValue
from dangol.purchases.actions import add_product
from dangol.purchases.models import Line, Transaction
from dangol.scores.recipes import recipe_of
from dangol.scores.tests.factories import NOON
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]


@pytest.fixture
def shop(world, lake_folder):
    """Three hundred customers over two years: refunds, two currencies, four products, own attributes."""
    draw = np.random.default_rng(4)
    products = [add_product(code=c, name=c, by=None) for c in ("A", "B", "C", "D")]
    calls = Attribute.objects.create(key="calls", kind="number", name="문의")
    gone = Attribute.objects.create(key="gone", kind="yes_no", name="해지")
    customers = [a_customer(name=f"손님{n}") for n in range(300)]
    sales, bought = [], []
    for number, customer in enumerate(customers):
        taste, often = number % 3, 1 + draw.poisson(4)
        for nth, ago in enumerate(sorted(draw.integers(1, 730, often), reverse=True)):
            amount = -50 if draw.random() < 0.05 else 100 + int(draw.gamma(2, 400))
            sales.append(
                Transaction(
                    customer=customer, kind="sale", amount=amount, source="t",
                    source_key=f"{number}-{nth}", currency="USD" if draw.random() < 0.1 else "KRW",
                    at=NOON - dt.timedelta(days=int(ago), hours=int(draw.integers(0, 20))),
                )
            )  # fmt: skip
            chosen = products[(taste + nth) % 4 if draw.random() < 0.8 else draw.integers(0, 4)]
            bought.append(Line(transaction=sales[-1], product=chosen, amount=amount))
        AttributeValue.objects.create(customer=customer, attribute=calls, figure=float(number % 9))
        AttributeValue.objects.create(
            customer=customer, attribute=gone, flag=bool(draw.random() < (number % 9) / 10)
        )
    Transaction.objects.bulk_create(sales)
    Line.objects.bulk_create(bought)
    copy_changes()


def told(kind: str, settings: dict[str, Any], engine: str) -> tuple[Any, Any]:
    """What a recipe learns, and what it says of everybody."""
    seen, recipe = lake(engine=engine), recipe_of(kind)
    learned = recipe.learn(seen, settings, lambda *_progress: None)
    return learned, recipe.score(seen, learned, settings, lambda *_progress: None)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("rfm", {"rates": {"USD": 1300}}),
        ("value", {}),
        ("churn", {"horizon": 60}),
        ("churn", {"left_by": "gone", "attributes": True}),
        ("next", {}),
    ],
)
def test_both_engines_learn_and_say_the_same(kind, asked, shop, spark):
    (ours, said), (theirs, there) = (told(kind, asked, engine) for engine in ("", spark))
    assert ours.algorithm == theirs.algorithm
    assert ours.metrics == pytest.approx(theirs.metrics, rel=1e-6)
    assert (said.customer == there.customer).all() and said.cell == there.cell
    assert said.value == pytest.approx(there.value, rel=1e-6)
    assert said.summary["cells"].keys() == there.summary["cells"].keys()
    assert len(said.customer) > 100
