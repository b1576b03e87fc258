"""One rule, three readings: the lake, PostgreSQL and plain Python agree on 10,000 random trees."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from dangol.customers.actions import add_customer
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.models import AttributeValue, Customer
from dangol.purchases.models import Transaction
from dangol.segments import catalogue, deciding
from dangol.segments import rules as r
from dangol.segments.plain import Plain
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.numbers import numbers_of

pytestmark = pytest.mark.usefixtures("lake_folder")
TODAY = dt.date(2026, 6, 15)
TREES, AT_ONCE, NOW = 10_000, 250, 2


@pytest.fixture
def people(world):
    """Forty customers, some with no sale at all, some with many; refunds and three currencies."""
    draw = random.Random(7)
    places = [world.place(code) for code in ("GANGNAM", "MAPO", "HAEUNDAE")]
    made = [
        add_customer(
            name=f"손님{n}", kind=draw.choice(["person", "organisation"]), by=None,
            home_place=draw.choice([*places, None]),
        )
        for n in range(40)
    ]  # fmt: skip
    Transaction.objects.bulk_create(
        Transaction(
            customer=draw.choice(made[:30]), place=draw.choice([*places, None]),
            kind=draw.choice(["sale", "service", "other"]), source="t", source_key=str(n),
            at=dt.datetime(2026, 6, 20, 3, tzinfo=dt.UTC) - dt.timedelta(days=draw.randrange(60)),
            amount=Decimal(draw.randrange(-50, 100)), currency=draw.choice(["KRW", "USD", "EUR"]),
        )
        for n in range(300)
    )  # fmt: skip
    own_attributes(made, draw)
    return made


def own_attributes(made, draw):
    """One of each kind, known of most customers, each value sometimes shared."""
    choices = [{"code": code, "name": code} for code in ("월 단위", "1 year")]
    age, contract, pays, since = (
        make_attribute(key=key, name=key, kind=kind, by=None, choices=choices if kind == "choice" else [])
        for key, kind in (("age", "number"), ("contract", "choice"), ("pays", "yes_no"), ("since", "date"))
    )  # fmt: skip
    for customer in made:
        for attribute, held in (
            (age, {"figure": draw.choice([-1.5, 0, 0.1, 30, 30.25])}),
            (contract, {"choice": draw.choice(["월 단위", "1 year"])}),
            (pays, {"flag": draw.choice([True, False])}),
            (since, {"day": TODAY - dt.timedelta(days=draw.randrange(5))}),
        ):
            if draw.random() < 0.7:
                AttributeValue.objects.create(customer=customer, attribute=attribute, **held)


class Draw:
    """Random rules over what the fixture made."""

    def __init__(self, seed: int, keys: list[str]) -> None:
        self.draw, self.keys = random.Random(seed), keys
        self.pool: list[r.Rule] = []

    def rule(self, depth: int = 3) -> r.Rule:
        """A tree of at most this depth."""
        kind = self.draw.choice(["all", "any", "not", "minus"] + ["leaf"] * 4) if depth else "leaf"
        match kind:
            case "all":
                return r.All(tuple(self.rule(depth - 1) for _ in range(self.draw.randrange(4))))
            case "any":
                return r.Any(tuple(self.rule(depth - 1) for _ in range(self.draw.randrange(4))))
            case "not":
                return r.Not(self.rule(depth - 1))
            case "minus":
                return r.Minus(self.rule(depth - 1), self.rule(depth - 1))
        return self.draw.choice(self.pool)

    def deal(self, leaves: int) -> None:
        """New tests; the trees of a batch share them, as real segments do."""
        self.pool = [self.leaf() for _ in range(leaves)]

    def leaf(self) -> r.Rule:
        """One test."""
        match self.draw.choice(
            [
                "attribute",
                "own",
                "place",
                "behaviour",
                "behaviour",
                "sequence",
                "sample",
                "everyone",
            ]
        ):
            case "attribute":
                return r.Attribute(
                    "kind", self.draw.choice([r.OneOf(("person",)), r.OneOf(()), r.Known()])
                )
            case "own":
                return self.own()
            case "place":
                return r.Attribute("home_place", self.draw.choice([r.Known(), self.below()]))
            case "behaviour":
                return self.behaviour()
            case "sequence":
                days, absent = self.draw.randrange(30), self.draw.random() < 0.5
                return r.Sequence(self.facts(), self.facts(), days, absent)
            case "sample":
                return r.Sample(self.draw.choice([0, 12.5, 50, 100]), self.draw.randrange(3))
        return r.Everyone()

    def own(self) -> r.Score:
        """A test on an own attribute: a range, one of its words, yes or no, whether it is known."""
        day = TODAY - dt.timedelta(days=self.draw.randrange(5))
        tests = [
            ("age", r.Range(self.draw.choice([-1.5, 0.1, 30.0]), None)), ("age", r.Range(None, 0.1)),
            ("age", r.Range(30.0, 30.25)), ("contract", r.OneOf(("월 단위",))),
            ("contract", r.OneOf(("1 year", "never"))), ("pays", r.OneOf((True,))),
            ("pays", r.OneOf((False,))), ("since", r.Range(day, None)), ("since", r.Range(None, day)),
        ]  # fmt: skip
        key, test = self.draw.choice(tests)
        return r.Score(f"own.{key}", self.draw.choice([test, test, test, r.Known()]))

    def below(self) -> r.Below:
        """Below one or two places."""
        return r.Below(tuple(sorted(self.draw.sample(self.keys, self.draw.randrange(1, 3)))))

    def behaviour(self) -> r.Behaviour:
        """An aggregate in a range, open or closed."""
        aggregate = self.draw.choice(["count", "sum", "distinct", "last", "first", "latest"])
        if aggregate == "latest":
            column, test = self.draw.choice([
                ("kind", r.OneOf(("sale",))), ("amount", r.Range(Decimal(20), None)),
                ("place", self.below()), ("place", r.Known()),
            ])  # fmt: skip
            return r.Behaviour(self.facts(), aggregate, test, column)
        column = {"sum": "amount", "distinct": self.draw.choice(["kind", "place"])}.get(
            aggregate, ""
        )
        low = Decimal(self.draw.randrange(-20, 40))
        ends = self.draw.choice([(low, None), (None, low), (low, low + self.draw.randrange(20))])
        return r.Behaviour(self.facts(), aggregate, r.Range(*ends), column)

    def facts(self) -> r.Facts:
        """Sales or visits of a time, perhaps of a kind, a place, an amount."""
        where = [
            r.Where("kind", r.OneOf(tuple(self.draw.sample(["sale", "service", "none"], 2)))),
            r.Where("place", self.below()),
            r.Where("place", r.Known()),
            r.Where("amount", r.Range(Decimal(self.draw.randrange(-20, 50)), None)),
            r.Where("currency", r.OneOf(("KRW",))),
        ]
        window = self.draw.choice([
            r.Window(), r.Window(days=self.draw.randrange(1, 70)),
            r.Window(start=TODAY - dt.timedelta(days=20)),
            r.Window(end=TODAY - dt.timedelta(days=self.draw.randrange(-10, 30))),
        ])  # fmt: skip
        return r.Facts(
            "transactions", tuple(self.draw.sample(where, self.draw.randrange(3))), window
        )


def test_ten_thousand_random_trees_mean_the_same_everywhere(people, world):
    copy_changes()
    seen = lake()
    tables = {
        name: seen.run(seen.table(name)).to_pylist() for name in ("customers", "transactions", "customer_attributes")
    }  # fmt: skip
    assert 90 < len(tables["customer_attributes"]) < 130
    assert len(tables["transactions"]) == 300
    below = {}

    def below_once(test, table, column):
        known = (test, table, column)
        if known not in below:
            below[known] = deciding.below(*known)
        return below[known]

    plain = Plain(tables, TODAY, catalogue.day_of, below_once)
    made = Draw(1, [str(p.pk) for p in world.places.values()])
    number = {v: k for k, v in numbers_of(Customer, [p.pk for p in people]).items()}
    pick = random.Random(3)
    for start in range(0, TREES, AT_ONCE):
        made.deal(40)
        batch = {f"s{start + n}": made.rule() for n in range(AT_ONCE)}
        found = seen.run(deciding.in_lake(seen, TODAY).decided(batch)).to_pylist()
        assert len(found) == len(people)
        by_number = {row["id"]: row for row in found}
        for customer in tables["customers"]:
            told = by_number[customer["id"]]
            for name, rule in batch.items():
                assert told[name] is plain.holds(rule, customer), (name, rule, customer)
        for customer in pick.sample(tables["customers"], NOW):
            now = deciding.decided_now(batch, number[customer["id"]], TODAY)
            for name, rule in batch.items():
                assert now[name] is plain.holds(rule, customer), (name, rule, customer)
