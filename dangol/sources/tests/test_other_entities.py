"""Transactions, products and sites of a source go the way of imported files."""

from __future__ import annotations

import psycopg
import pytest

from dangol.customers.actions import add_customer
from dangol.customers.records.models import SourceRecord
from dangol.places.models import Place
from dangol.purchases.models import Product, Transaction
from dangol.sources.tests.factories import a_source, put, ran

BOUGHT = {
    "key": {"from": ["no"]}, "customer": {"from": ["cust"]}, "at": {"from": ["day"]},
    "site": {"from": ["store"]}, "amount": {"from": ["won"]}, "kind": {"value": "sale"},
}  # fmt: skip


@pytest.fixture
def customer(world):  # type: ignore[no-untyped-def]
    """Somebody whom the till knows as 77."""
    found = add_customer(name="김철수", by=None)
    SourceRecord.objects.create(source="till", key="77", customer=found)
    return found


def test_transactions_find_customers_and_unknown_ones_come_again(world, customer):
    put("sales.csv", [["no", "cust", "day", "store", "won"], ["a", "77", "2026-03-01", "GANGNAM", "12000원"],
                      ["b", "78", "2026-03-02", "MAPO", "5000"]])  # fmt: skip
    put(
        "sales1.csv",
        [["no", "cust", "day", "store", "won"], ["c", "77", "2026-03-01", "MAPO", "1,000"]],
    )
    source = a_source(
        code="till", entity="transaction", place="sales*.csv", mapping=BOUGHT, full=False
    )
    run = ran(source)
    assert (run.new, run.refused) == (1, 2)
    assert run.refused_rows.get(line=3).reason.startswith("more cells than headings")
    assert run.refused_rows.get(line=2).reason == "there is no customer “%(text)s”"
    assert Transaction.objects.get().amount == 12000
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    run = ran(source)
    assert (run.new, run.refused, run.strange["retried"]["count"]) == (1, 0, 1)
    assert Transaction.objects.filter(source="till", source_key="b").exists()


def test_lines_of_one_transaction_stay_together(world, customer, postgres_reach):
    Product.objects.create(code="P1", name="하나")
    with psycopg.connect(host=postgres_reach["socket"], user=postgres_reach["user"],
                         dbname=postgres_reach["database"]) as others:  # fmt: skip
        others.execute("CREATE TABLE sales (id serial PRIMARY KEY, no text, cust int, day timestamp, store text, won numeric, sku text)")  # fmt: skip
        others.cursor().executemany(
            "INSERT INTO sales (no, cust, day, store, won, sku) VALUES (%s, 77, '2026-03-01', 'MAPO', 10, %s)",
            [(f"t{n // 3}", "P9" if n == 4 else "P1") for n in range(9)],
        )  # fmt: skip
    mapping = BOUGHT | {"product": {"from": ["sku"]}, "line_amount": {"from": ["won"]}}
    del mapping["amount"]
    source = a_source(
        code="till", entity="transaction", connection="postgresql", reach=postgres_reach,
        place="sales", mapping=mapping,
    )  # fmt: skip
    run = ran(source)
    assert (run.new, run.refused) == (6, 3)
    assert sorted(Transaction.objects.values_list("source_key", "amount")) == [
        ("t0", 30),
        ("t2", 30),
    ]
    assert ran(source).same == 6


def test_products_and_sites(world):
    put("p.csv", [["code", "name"], ["P1", "세단"]], folder="p")
    put("s.csv", [["code", "name", "up"], ["JEJU", "제주지점", "SEOUL"]], folder="s")
    plain = {"key": {"from": ["code"]}, "name": {"from": ["name"]}}
    assert ran(a_source(code="p", entity="product", reach={"folder": "p"}, mapping=plain)).new == 1
    sites = plain | {"parent": {"from": ["up"]}, "kind": {"value": "지점"}}
    assert ran(a_source(code="s", entity="site", reach={"folder": "s"}, mapping=sites)).new == 1
    assert (
        Product.objects.get().name == "세단"
        and Place.objects.get(code="JEJU").parent.code == "SEOUL"
    )
