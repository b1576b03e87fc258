"""RFM from rows in the database to cells on customers: exact fifths, refunds, currencies, moves."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dangol.scores.models import Move, Run, Score, ScoreModel
from dangol.scores.rfm.cells import CELLS, NAMED, ntile
from dangol.scores.tests.factories import NOON, bought, ran
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer, a_sale, rows_in_lake

pytestmark = pytest.mark.usefixtures("lake_folder", "db")


TABLES = duckdb.connect()


@given(st.lists(st.integers(-5, 5), max_size=60))
def test_fifths_are_those_of_sql(values):
    said = TABLES.execute(
        "SELECT ntile(5) OVER (ORDER BY v, i) FROM (SELECT unnest(?::int[]) v, unnest(range(?)) i)"
        " ORDER BY i", [values, len(values)],
    ).fetchall()  # fmt: skip
    assert ntile(values).tolist() == [row[0] for row in said]


def test_fifths_are_those_of_postgresql():
    values = np.random.default_rng(3).integers(0, 40, 503).tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ntile(5) OVER (ORDER BY v, i) FROM unnest(%s::int[]) WITH ORDINALITY t(v, i)"
            " ORDER BY i", [values],
        )  # fmt: skip
        assert ntile(values).tolist() == [row[0] for row in cursor.fetchall()]


def test_every_cell_has_a_name():
    assert {name for row in NAMED for name in row} == set(CELLS)


def five() -> list:
    """Five customers, each better than the one before in everything."""
    return [
        bought(
            a_customer(name=f"손님{i}"),
            *range(50 - 10 * i, 50 - 10 * i + i + 1),
            amount=1000 * (i + 1),
        )
        for i in range(5)
    ]


def test_five_customers_each_better_than_the_last():
    customers = five()
    run = ran("rfm")
    assert (run.state, run.customers, run.changed, run.as_of) == (
        "finished",
        5,
        5,
        dt.date(2026, 2, 20),
    )
    got = {s.customer_id: (s.value, s.cell) for s in Score.objects.all()}
    cells = ["lost", "hibernating", "attention", "loyal", "champions"]
    assert [got[c.pk] for c in customers] == [((i + 1) * 111, cells[i]) for i in range(5)]
    best = Score.objects.get(customer=customers[4])
    assert best.reasons == [
        ["bought_last", 0, 5],
        ["bought_often", 5, 5],
        ["bought_for", 25000.0, 5],
    ]


def test_a_second_run_writes_nothing_and_a_purchase_moves_one():
    customers = five()
    ran("rfm")
    at = Score.objects.get(customer=customers[0]).at
    again = ran("rfm")
    assert again.changed == 0
    assert Score.objects.get(customer=customers[0]).at == at
    assert Move.objects.filter(run=again, before="lost", after="lost").get().customers == 1
    bought(customers[0], 1, 2, 3, 4, 5, 6, 7, amount=90_000)
    last = ran("rfm")
    moved = Score.objects.get(customer=customers[0])
    assert (moved.cell, moved.before, moved.value) == ("champions", "lost", 555)
    assert Move.objects.get(run=last, before="lost", after="champions").customers == 1


def test_refunds_lower_the_money_and_are_no_purchase():
    one, two = bought(a_customer(), 10, amount=500), a_customer()
    a_sale(one, -200, at=NOON - dt.timedelta(days=1))
    a_sale(two, -300, at=NOON)
    ran("rfm")
    (score,) = Score.objects.all()
    assert score.customer_id == one.pk
    # the refund of the next day sets the day up to which is looked, but is no purchase
    assert score.reasons[0][:2] == ["bought_last", 10]
    assert score.reasons[1][:2] == ["bought_often", 1]
    assert score.reasons[2][:2] == ["bought_for", 300.0]


def test_three_currencies_count_at_their_rates_and_what_has_none_is_named():
    model = ScoreModel.objects.get(key="rfm")
    model.settings = {"currency": "KRW", "rates": {"USD": "1300"}}
    model.save()
    customer = bought(a_customer(), 3, amount=1000)
    bought(customer, 2, amount=2, currency="USD")
    bought(customer, 1, amount=70, currency="EUR")
    run = ran("rfm")
    score = Score.objects.get()
    assert score.reasons[1:] == [["bought_often", 3, 1], ["bought_for", 3600.0, 1]]
    assert run.summary["without_rate"] == {"EUR": 1}


def test_several_purchases_of_a_day_count_once():
    customer = bought(a_customer(), 4, 4, 4, 2)
    ran("rfm")
    assert Score.objects.get(customer=customer).reasons[1][:2] == ["bought_often", 2]


def test_a_clock_that_ran_ahead_is_left_out():
    customer = bought(a_customer(), 5)
    a_sale(customer, 9, at=dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    run = ran("rfm")
    assert run.as_of == dt.date(2026, 2, 25)
    assert Score.objects.get().reasons[2][:2] == ["bought_for", 100.0]


def test_an_empty_company_is_told_so():
    run = ran("rfm")
    assert (run.state, run.failure) == ("lacking", "no purchases")
    assert not Score.objects.exists()


def test_who_is_gone_has_no_score_any_more():
    keep, gone = bought(a_customer(), 1), bought(a_customer(), 2)
    ran("rfm")
    gone.transactions.all().delete()
    last = ran("rfm")
    assert Score.objects.get().customer_id == keep.pk
    assert Move.objects.filter(run=last, after="").get().customers == 1


def test_scores_enter_the_lake_for_segments():
    five()
    ran("rfm")
    copy_changes()
    rows = rows_in_lake("scores")
    assert sorted((r["model"], r["value"], r["cell"]) for r in rows)[-1] == (
        "rfm",
        555.0,
        "champions",
    )


def test_the_company_of_a_customer_with_a_thousand_purchases():
    heavy = a_customer()
    bought(heavy, *range(1, 1001), amount=5)
    bought(a_customer(), 3)
    ran("rfm")
    assert Score.objects.get(customer=heavy).reasons[1][:2] == ["bought_often", 1000]
    assert Run.objects.count() == 1


def test_the_cells_of_ninety_days_ago_are_held_against_what_came(client, world):
    """Those who came often and lately go on, the others stay away; two of thirty are new since."""
    for i in range(28):
        often = i % 2 == 0
        days = (*range(95, 400, 20), 40) if often else (300,)
        bought(a_customer(name=f"손님{i}"), *days, amount=500 if often else 100)
    bought(a_customer(), 20)
    bought(a_customer(), 0)
    run = ran("rfm")
    said = run.summary["backtest"]
    assert (said["customers"], said["rate"]) == (28, 0.5)
    assert (said["cut"], said["until"]) == ("2025-12-02", "2026-03-02")
    came = {name: c["came"] for name, c in said["cells"].items() if c["customers"]}
    assert came["champions"] == 1 and came["lost"] == 0
    assert sum(c["customers"] for c in said["cells"].values()) == 28
    assert said["cells"]["champions"]["money"] == 500
    assert said["drift"] > 0
    client.force_login(world.mark)
    page = client.get("/scores/rfm/?view=quality").content.decode()
    assert "50.0%" in page and "2.00" in page


def test_the_first_run_tells_no_moves_and_the_second_does(client, world):
    five()
    ran("rfm")
    client.force_login(world.mark)
    first = client.get("/scores/rfm/").content.decode()
    ran("rfm")
    second = client.get("/scores/rfm/").content.decode()
    assert "지난 실행 뒤" not in first and "지난 실행 뒤" in second


def test_without_a_past_there_is_no_back_test(client, world):
    five()
    assert ran("rfm").summary["backtest"] is None
    client.force_login(world.mark)
    assert "90일" in client.get("/scores/rfm/?view=quality").content.decode()
