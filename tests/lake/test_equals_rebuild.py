"""Whatever happens to the rows and whenever is copied, the lake equals one that is made anew."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.db import transaction

from dangol.customers.models import ContactPoint, Customer
from dangol.places.models import Place
from dangol.purchases.models import Line, Product, Transaction
from dangol.warehouse import files
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.compacting import compact
from dangol.warehouse.engine import lake
from dangol.warehouse.facts import FACTS
from tests.lake.factories import DAY, NUMBERS

pytestmark = pytest.mark.usefixtures("lake_folder")


class Company:
    """Random business."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.products = [Product.objects.create(code=f"p{n}", name=f"제품{n}") for n in range(3)]
        self.places = list(Place.objects.filter(kind="site"))

    def some(self, model, most=3):
        keys = list(model.objects.values_list("pk", flat=True).order_by("pk"))
        return model.objects.filter(pk__in=self.rng.sample(keys, min(most, len(keys))))

    def customer(self):
        Customer.objects.create(name="김", home_place=self.rng.choice([None, *self.places]))

    def sales(self, many=4):
        buyers = list(self.some(Customer, 4))
        if not buyers:
            return
        made = [
            Transaction(
                customer=self.rng.choice(buyers), place=self.rng.choice([None, *self.places]),
                kind="sale", source="t", source_key=str(next(NUMBERS)),
                at=DAY + dt.timedelta(hours=self.rng.randrange(9000)),
                amount=Decimal(self.rng.randrange(-500, 9000)) / 100,
                currency=self.rng.choice(["KRW", "USD", "EUR"]),
            )
            for _n in range(self.rng.randrange(1, many))
        ]  # fmt: skip
        Transaction.objects.bulk_create(made)
        Line.objects.bulk_create(
            Line(transaction=one, product=self.rng.choice(self.products), amount=one.amount)
            for one in made
        )

    def bulk(self):
        self.sales(60)

    def correct(self):
        for one in self.some(Transaction):
            one.amount += 1
            one.currency = self.rng.choice(["KRW", "JPY"])
            one.save()

    def move(self):
        self.some(Transaction, 5).update(customer=self.some(Customer, 1).first())

    def delete(self):
        chosen = list(self.some(Transaction, 2))
        Line.objects.filter(transaction__in=chosen).delete()
        Transaction.objects.filter(pk__in=[one.pk for one in chosen]).delete()

    def point(self):
        for one in self.some(Customer, 1):
            ContactPoint.objects.create(customer=one, kind="phone", value=str(next(NUMBERS)))
        self.some(ContactPoint, 1).update(state="wrong")

    def think_again(self):
        try:
            with transaction.atomic():
                self.sales()
                self.correct()
                raise LookupError
        except LookupError:
            pass

    def rename(self):
        Place.objects.filter(pk=self.rng.choice(self.places).pk).update(name=f"지점{next(NUMBERS)}")

    def anything(self):
        deeds = [
            self.customer, self.sales, self.sales, self.bulk, self.correct, self.move,
            self.delete, self.point, self.think_again, self.rename,
        ]  # fmt: skip
        self.rng.choice(deeds)()


def everything():
    """All rows of all tables, sorted."""
    seen = lake()
    return {name: seen.run(seen.table(name).order_by("id")) for name in seen.manifest.tables}


@pytest.mark.parametrize("seed", range(6))
def test_the_increments_equal_the_rebuild(world, seed, monkeypatch):
    monkeypatch.setattr(files, "BLOCK", 50)
    monkeypatch.setattr("dangol.warehouse.copying.BLOCK", 50)
    monkeypatch.setattr("dangol.warehouse.compacting.BLOCK", 50)
    company = Company(seed)
    copied, signed = 0, {}
    for _turn in range(40):
        company.anything()
        if company.rng.random() < 0.4:
            run = copy_changes()
            if run:
                copied += 1
                merge(signed, run.version, first=copied == 1)
        if company.rng.random() < 0.1:
            compact()
    run = copy_changes()
    if run:
        merge(signed, run.version, first=False)
    by_increments = everything()
    copy_changes(rebuild=list(FACTS))
    anew = everything()
    assert by_increments.keys() == anew.keys()
    for name, rows in anew.items():
        assert by_increments[name].equals(rows), name
    assert signed == state_of(anew["transactions"])
    assert len(anew["transactions"]) == Transaction.objects.count()
    assert copied > 5


def state_of(rows) -> dict[tuple, Decimal]:
    """A state per customer and currency as the full computation gives it."""
    found: dict[tuple, Decimal] = {}
    for row in rows.to_pylist():
        key = row["customer"], row["currency"]
        found[key] = found.get(key, Decimal(0)) + row["amount"]
    return found


def merge(state: dict[tuple, Decimal], version: int, *, first: bool) -> None:
    """The same state by what came and went."""
    seen = lake(version)
    if first:
        state.update(state_of(seen.run(seen.table("transactions"))))
        return
    change = seen.changes("transactions", since=version - 1)
    assert change is not None
    for sign, table in ((1, change.added), (-1, change.removed)):
        for row in seen.run(table).to_pylist():
            key = row["customer"], row["currency"]
            state[key] = state.get(key, Decimal(0)) + sign * row["amount"]
    left = {
        (r["customer"], r["currency"]) for r in seen.run(seen.table("transactions")).to_pylist()
    }
    for key in set(state) - left:
        assert state.pop(key) == 0
