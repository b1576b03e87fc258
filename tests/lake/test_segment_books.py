"""The rows that the state keeps in order: corrections over several versions, many parts, one huge customer."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest

from dangol.purchases.models import Transaction
from dangol.segments import rules as r
from dangol.segments.deciding import in_lake
from dangol.segments.reading import read
from dangol.segments.state import State, bring, figures, following, measures_in, rows
from dangol.segments.tests.test_three_readings import TODAY
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale

pytestmark = pytest.mark.usefixtures("lake_folder")
AT = dt.datetime(2026, 6, 1, 3, tzinfo=dt.UTC)
SALES = {"of": "transactions"}
SALE = {"where": [{"column": "kind", "is": ["sale"]}]}
RULES = {
    "often": {"count": SALES | {"days": 40}, "from": 3},
    "much": {"sum": SALES | {"column": "amount", "where": [{"column": "currency", "is": ["KRW"]}]}, "from": 150},
    "places": {"distinct": SALES | {"column": "place", "days": 60}, "from": 2},
    "latest": {"latest": SALES | {"column": "kind"}, "is": ["service"]},
    "last": {"last": SALES, "to": 10},
    "then": {"sequence": {"first": SALES, "then": SALES, "days": 5, "absent": True}},
    "long": {"sequence": {"first": SALES | SALE, "then": SALES | {"days": 300}, "days": 130}},
    "soon": {"sequence": {"first": SALES, "then": SALES | SALE, "days": 0}},
    "other": {"sequence": {"first": SALES | SALE | {"days": 200}, "then": SALES | {"where": [{"column": "kind", "is": ["service", "other"]}]}, "days": 63, "absent": True}},
}  # fmt: skip


def same(state: State, day: dt.date = TODAY) -> None:
    """Every rule finds the same customers from the state and from all facts."""
    asked = {name: read(rule) for name, rule in RULES.items()}
    seen = lake()
    found = seen.run(in_lake(seen, day).decided(asked).order_by("id"))
    ids = found["id"].to_numpy()
    for name, rule in asked.items():
        whole = ids[found[name].to_numpy(zero_copy_only=False).astype(bool)]
        assert np.array_equal(state.members(rule), whole), name


def brought(day: dt.date = TODAY) -> State:
    """Copy what happened and bring the state to it."""
    copy_changes()
    return bring(lake(), day, measures_in(*map(read, RULES.values())))


def test_a_row_that_comes_goes_and_comes_again_between_two_counts(world):
    kim = a_customer()
    sales = [a_sale(kim, 100, place=world.place("MAPO"), at=AT) for _n in range(3)]
    same(brought())
    for turn in range(4):  # four versions of the lake, one count
        sales[0].amount, sales[0].at = 10 * turn, AT - dt.timedelta(days=20 * turn)
        sales[0].kind = ("sale", "service")[turn % 2]
        sales[0].save()
        if turn == 2:
            sales[1].delete()
        copy_changes()
    state = brought()
    same(state)
    book = state.book("transactions")
    assert book.size - sum(p.gone for p in book.parts) == 2


def test_many_small_portions_become_few_parts(world):
    people = [a_customer() for _n in range(3)]
    for n in range(40):
        a_sale(people[n % 3], n, place=world.place("GANGNAM"), at=AT - dt.timedelta(days=n), kind=("sale", "service")[n % 2])  # fmt: skip
        if n % 2:
            brought()
    state = brought()
    same(state)
    assert len(state.book("transactions").parts) < 16


def test_months_and_pieces_make_no_difference(world, monkeypatch):
    monkeypatch.setattr(rows, "ENOUGH", 2)
    monkeypatch.setattr(rows, "BLOCK", 3)
    monkeypatch.setattr(figures, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(figures, "WORTH", 3)
    monkeypatch.setattr(following, "WORDS_AT_ONCE", 11)
    people = [a_customer() for _n in range(9)]
    for n in range(60):
        a_sale(people[n * n % 9], n, place=world.place(("GANGNAM", "MAPO")[n % 2]), at=AT - dt.timedelta(days=3 * n), kind=("sale", "service", "other")[n % 3])  # fmt: skip
    state = brought()
    assert len(state.book("transactions").parts) > 6
    same(state)
    a_sale(people[0], 5, at=AT)
    for days in (1, 30, -3):
        same(brought(TODAY + dt.timedelta(days=days)), TODAY + dt.timedelta(days=days))


def test_rows_that_went_give_back_their_room(world, monkeypatch):
    monkeypatch.setattr(rows, "ENOUGH", 2)
    people = [a_customer() for _n in range(5)]
    sales = [
        a_sale(people[n % 5], n, place=world.place("MAPO"), at=AT - dt.timedelta(days=2 * n), kind=("sale", "service")[n % 2])
        for n in range(50)
    ]  # fmt: skip
    before = brought().book("transactions")
    held = {name: np.array(values) for name, values in before.columns.items()}
    for one in sales[::7]:
        one.delete()
    few = brought().book("transactions")
    assert (few.size, sum(p.gone for p in few.parts)) == (50, 8)
    for one in Transaction.objects.filter(kind="service")[:20]:
        one.delete()
    state = brought()
    same(state)
    book = state.book("transactions")
    left = Transaction.objects.count()
    assert (book.size, sum(p.gone for p in book.parts)) == (left, 0)
    assert (book.folder / "amount.bin").stat().st_size == 4 * left
    assert all(np.array_equal(before.columns[name], held[name]) for name in held if name != "gone")
    a_sale(people[0], 5, place=world.place("MAPO"), at=AT)
    same(brought())
    for one in Transaction.objects.all():
        one.delete()
    same(brought())
    a_sale(people[1], 5, place=world.place("MAPO"), at=AT)
    same(brought())


def test_a_customer_with_very_many_transactions_holds_nobody_up(world):
    huge, other = a_customer(), a_customer()
    Transaction.objects.bulk_create(
        (
            Transaction(
                customer=huge, kind=("sale", "service")[n % 2], at=AT - dt.timedelta(minutes=n), amount=1,
                source="k", source_key=str(n), currency="KRW",
            )
            for n in range(100_000)
        ),
        batch_size=5000,
    )  # fmt: skip
    a_sale(other, 5, at=AT)
    copy_changes()
    measures = measures_in(*map(read, RULES.values()))
    began = time.process_time()
    same(bring(lake(), TODAY, measures))
    from_all = time.process_time() - began
    a_sale(huge, 1, at=AT + dt.timedelta(hours=1), kind="service")
    copy_changes()
    began = time.process_time()
    state = bring(lake(), TODAY, measures)
    assert time.process_time() - began < from_all
    same(state)


def test_a_small_table_that_no_rule_asks_for_has_no_book(world):
    a_sale(a_customer(), 5, at=AT)
    copy_changes()
    state = bring(lake(), TODAY, measures_in(r.Everyone()))
    assert state.book("transactions") is None
    assert brought().book("transactions") is not None
    bring(lake(), TODAY, measures_in(r.Everyone()))
    assert not list(state.books().glob("*"))


def test_an_amount_too_large_for_half_the_room_widens_its_column(world):
    people = [a_customer() for _n in range(4)]
    for n in range(12):
        a_sale(
            people[n % 4], 100 * n - 300, place=world.place("MAPO"), at=AT - dt.timedelta(days=n)
        )
    state = brought()
    same(state)
    assert state.book("transactions").columns["amount"].dtype == np.int32
    a_sale(people[1], 21_474_837, place=world.place("MAPO"), at=AT)  # in hundredths beyond 2³¹
    a_sale(people[2], -90_000_000, place=world.place("MAPO"), at=AT - dt.timedelta(days=3))
    state = brought()
    same(state)
    amounts = state.book("transactions").columns["amount"]
    assert amounts.dtype == np.int64 and (amounts.min(), amounts.max()) == (
        -9_000_000_000,
        2_147_483_700,
    )
    a_sale(people[3], 7, place=world.place("MAPO"), at=AT)
    same(brought())
