"""The kept state equals the full recomputation, on both engines, whatever came, went or was corrected.

Random rules over random days: sales are added, corrected and deleted, customers come and go, the
day moves forward and back; after each step every rule decides from the state as from all facts.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import numpy as np
import pytest

from dangol.customers.models import AttributeValue, Customer
from dangol.purchases.models import Transaction
from dangol.segments import rules as r
from dangol.segments.deciding import in_lake
from dangol.segments.models import CustomerList, Listed
from dangol.segments.state import State, bring, measures_in
from dangol.segments.state.store import folder
from dangol.segments.tests.test_three_readings import TODAY, Draw, own_attributes
from dangol.warehouse.actions import copy_changes, rebuild_tables
from dangol.warehouse.engine import lake
from dangol.warehouse.models import Run

pytestmark = [
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]
RULES = 60


class Company:
    """Customers and their sales, changed at random."""

    def __init__(self, world, seed: int) -> None:
        self.draw = random.Random(seed)
        self.places = [world.place(code) for code in ("GANGNAM", "MAPO", "HAEUNDAE")]
        self.list = CustomerList.objects.create(name="명단", place=world.place("HQ"))
        self.number = 0
        for _n in range(25):
            self.come()
        for _n in range(150):
            self.sell()
        own_attributes(list(Customer.objects.all()), self.draw)

    def come(self) -> None:
        """A new customer."""
        Customer.objects.create(
            name="손님", kind=self.draw.choice(["person", "organisation"]),
            home_place=self.draw.choice([*self.places, None]),
        )  # fmt: skip

    def sell(self) -> None:
        """A sale, a refund or a visit, perhaps of tomorrow."""
        self.number += 1
        at = dt.datetime(2026, 6, 18, 3, tzinfo=dt.UTC) - dt.timedelta(days=self.draw.randrange(70))
        Transaction.objects.create(
            customer=self.draw.choice(list(Customer.objects.all())), source="t",
            place=self.draw.choice([*self.places, None]), source_key=str(self.number), at=at,
            kind=self.draw.choice(["sale", "service", "other"]),
            amount=Decimal(self.draw.randrange(-5000, 9999)) / 100,
            currency=self.draw.choice(["KRW", "USD", "EUR"]),
        )  # fmt: skip

    def live(self) -> None:
        """A day's changes: new, corrected, deleted, moved to another customer, listed, moved home."""
        for _n in range(self.draw.randrange(6)):
            self.sell()
        some = list(Transaction.objects.order_by("pk"))
        for one in self.draw.sample(some, 6):
            match self.draw.randrange(4):
                case 0:
                    one.delete()
                case 1:
                    one.amount, one.kind = Decimal(self.draw.randrange(-50, 99)), "sale"
                    one.save()
                case 2:
                    one.at += dt.timedelta(days=self.draw.randrange(-30, 30))
                    one.save()
                case 3:
                    one.customer = self.draw.choice(list(Customer.objects.all()))
                    one.save()
        self.learn()
        if self.draw.random() < 0.4:
            self.come()
        whose = self.draw.choice(list(Customer.objects.all()))
        if self.draw.random() < 0.3 and not whose.transactions.exists():
            whose.delete()
        else:
            whose.home_place = self.draw.choice([*self.places, None])
            whose.save()
            Listed.objects.get_or_create(list=self.list, customer=whose)

    def learn(self) -> None:
        """Own attributes: one becomes known of somebody else, one is corrected, one taken away."""
        known = list(AttributeValue.objects.filter(figure__isnull=False).order_by("pk"))
        if len(known) > 3:
            moved, corrected, gone = self.draw.sample(known, 3)
            corrected.figure = self.draw.choice([-1.5, 0.1, 30.25])
            corrected.save()
            gone.delete()
            ignorant = Customer.objects.exclude(attribute_values__attribute=moved.attribute)
            if somebody := ignorant.first():
                moved.customer = somebody
                moved.save()


def rules_for(world, company: Company, seed: int) -> dict[str, r.Rule]:
    """Random trees, and one test of each aggregate and of the list."""
    made = Draw(seed, [str(p.pk) for p in world.places.values()])
    made.deal(30)
    found = {f"s{n}": made.rule() for n in range(RULES)}
    return found | {"list": r.Not(r.Listed(str(company.list.pk)))}


def same(state: State, seen, day: dt.date, rules: dict[str, r.Rule]) -> None:
    """Every rule finds the same customers both ways."""
    found = seen.run(in_lake(seen, day).decided(rules).order_by("id"))
    ids = found["id"].to_numpy()
    for name, rule in rules.items():
        whole = ids[found[name].to_numpy(zero_copy_only=False).astype(bool)]
        assert np.array_equal(state.members(rule), whole), (name, rule, day)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_state_equals_the_full_recomputation(world, seed):
    company = Company(world, seed)
    rules, day = rules_for(world, company, seed), TODAY
    for _step in range(14):
        copy_changes()
        seen = lake()
        same(bring(seen, day, measures_in(*rules.values())), seen, day, rules)
        company.live()
        day += dt.timedelta(days=company.draw.choice([0, 0, 1, 1, 3, 40, -2]))


def test_on_spark_it_is_the_same_and_goes_on_from_what_duckdb_kept(world, spark):
    company = Company(world, 5)
    made = Draw(5, [str(p.pk) for p in world.places.values()])
    made.deal(14)
    rules = {f"s{n}": made.rule() for n in range(20)} | {"list": r.Listed(str(company.list.pk))}
    for engine, days in (("", 0), (spark, 1), ("", 1), (spark, 0)):
        copy_changes()
        seen, day = lake(engine=engine), TODAY + dt.timedelta(days=days)
        state = bring(seen, day, measures_in(*rules.values()))
        same(state, lake(), day, rules)
        company.live()


def test_what_was_half_changed_is_worked_out_anew(world):
    company = Company(world, 7)
    rules = rules_for(world, company, 7)
    copy_changes()
    measures = measures_in(*rules.values())
    bring(lake(), TODAY, measures)
    company.live()
    copy_changes()
    state = State.newest()
    with pytest.raises(KeyboardInterrupt), state.changing():
        state.writable(measures[1])[:] = 77
        raise KeyboardInterrupt
    assert State.newest() is None
    same(bring(lake(), TODAY, measures), lake(), TODAY, rules)


def test_a_lake_made_anew_or_gone_back_is_read_again(world, lake_folder):
    company = Company(world, 8)
    rules = rules_for(world, company, 8)
    copy_changes()
    measures = measures_in(*rules.values())
    bring(lake(), TODAY, measures)
    company.live()
    rebuild_tables(Run(kind="rebuild"))
    same(bring(lake(), TODAY, measures), lake(), TODAY, rules)
    (folder() / f"{measures[0].key}.npy").write_bytes(b"")
    (folder() / "state.json").write_text("{")
    same(bring(lake(), TODAY, measures), lake(), TODAY, rules)


def test_what_nobody_asks_any_more_is_dropped(world):
    Company(world, 9)
    copy_changes()
    first = r.Behaviour(r.Facts("transactions"), "count", r.Range(Decimal(1)))
    other = r.Behaviour(r.Facts("transactions"), "last", r.Range(Decimal(1)))
    bring(lake(), TODAY, measures_in(first, other))
    assert len(list(folder().glob("*.npy"))) == 3
    state = bring(lake(), TODAY, measures_in(first))
    assert len(list(folder().glob("*.npy"))) == 2
    assert state.answers(first) and not state.answers(other)


def test_another_app_has_its_measures_kept_beside_those_of_segments(world, monkeypatch):
    from dangol.segments.refreshing import refresh_segments
    from dangol.segments.state import measures as declared
    from dangol.segments.tests.factories import a_segment

    Company(world, 10)
    copy_changes()
    spent = r.Behaviour(r.Facts("transactions"), "sum", r.Range(Decimal(1)), "amount")
    monkeypatch.setattr(declared, "WANTED", [])
    declared.keep(lambda: [declared.measure_of(spent)])
    assert refresh_segments() is None
    values = State.newest().values(declared.measure_of(spent))
    total = sum(
        t.amount for t in Transaction.objects.filter(at__lt=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    )
    assert int(values.sum()) == int(100 * total)
    a_segment(world)
    refresh_segments()
    assert State.newest().has(declared.measure_of(spent))


def test_a_full_disk_leaves_no_half_state(world, monkeypatch):
    company = Company(world, 11)
    rules = rules_for(world, company, 11)
    copy_changes()
    measures = measures_in(*rules.values())

    def full(*given):
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.posix_fallocate", full)
        with pytest.raises(OSError):
            bring(lake(), TODAY, measures)
    assert State.newest() is None
    same(bring(lake(), TODAY, measures), lake(), TODAY, rules)
