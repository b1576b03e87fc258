"""The same expressions give the same rows on DuckDB and on Spark.

DANGOL_SOAK=1 starts a cluster of one master and two workers, and kills a worker during a query.
"""

from __future__ import annotations

import threading

import ibis
import pytest

from dangol.purchases.models import Line, Product, Transaction
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.conftest import SOAK
from tests.lake.factories import DAY, a_customer, a_sale

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]


@pytest.fixture
def both(world, lake_folder, spark):
    """A lake with refunds, currencies, empty values and one large customer, on both engines."""
    place = world.place("GANGNAM")
    regular, other = a_customer(home_place=place), a_customer(gender="f")
    product = Product.objects.create(code="p", name="차")
    for n in range(30):
        sale = a_sale(
            regular, n - 3.25, place=place if n % 2 else None, at=DAY.replace(day=1 + n % 28),
            currency=("KRW", "USD", "EUR")[n % 3],
        )  # fmt: skip
        Line.objects.create(transaction=sale, product=product, amount=sale.amount)
    a_sale(other, 1)
    copy_changes()
    return lake(), lake(engine=spark)


def questions(seen):
    """What segments and cubes will ask: sums, windows, joins, dates, texts, small lists."""
    sales, customers, places = (seen.table(n) for n in ("transactions", "customers", "places"))
    yield sales.group_by("customer", "currency").agg(
        n=sales.count(), spent=sales.amount.sum(), first=sales.at.min(), most=sales.amount.max()
    )
    yield (
        sales.join(places, sales.place == places.id)
        .group_by(places.region_id)
        .agg(n=ibis._.count())
    )
    yield sales.mutate(month=sales.day.truncate("M"), hour=sales.at.hour()).select(
        "id", "month", "hour"
    )
    latest = ibis.row_number().over(group_by=sales.customer, order_by=[sales.at.desc(), sales.id])
    yield sales.mutate(place_in_line=latest).filter(ibis._.place_in_line == 0).select("id")
    chosen = ibis.memtable({"customer": [1, 2, 3]}, schema={"customer": "int64"})
    yield sales.semi_join(chosen, "customer").agg(n=ibis._.count())
    yield customers.mutate(known=customers.gender.nullif("").fill_null("–")).select("id", "known")
    yield sales.filter(sales.day >= ibis.date("2026-03-10")).agg(
        median=sales.amount.cast("float64").median(), spread=sales.amount.cast("float64").std()
    )
    yield sales.order_by(sales.amount.desc(), sales.id).limit(3).select("id", "amount")


def rows(table):
    """Rows in one order, floats to twelve figures."""
    return sorted(
        tuple(f"{v:.12g}" if isinstance(v, float) else str(v) for v in row.values())
        for row in table.to_pylist()
    )


def test_tables_are_the_same_on_both(both):
    here, there = both
    for name in ("transactions", "lines", "customers", "places", "answers"):
        one, other = here.run(here.table(name)), there.run(there.table(name))
        assert one.schema.names == other.schema.names, name
        assert rows(one) == rows(other), name


def test_every_question_is_answered_the_same_on_both(both):
    here, there = both
    for number, (one, other) in enumerate(zip(questions(here), questions(there), strict=True)):
        assert rows(here.run(one)) == rows(there.run(other)), number


def test_an_expression_is_bound_to_no_engine(both):
    here, there = both
    sales = here.table("transactions")
    there.table("transactions")
    total = sales.amount.sum()
    assert (
        here.run(total).to_pylist()[0].popitem()[1] == there.run(total).to_pylist()[0].popitem()[1]
    )


def test_changes_are_the_same_on_both(both, spark):
    a_sale(a_customer(), 77)
    copy_changes()
    for engine in ("", spark):
        seen = lake(engine=engine)
        came = seen.changes("transactions", since=seen.version - 1)
        assert [str(r["amount"]) for r in seen.run(came.added).to_pylist()] == ["77.00"]
        assert seen.run(came.removed).num_rows == 0


if SOAK:

    def test_a_worker_killed_during_a_query_costs_time_and_no_row(both, cluster):
        here, there = both
        customer = a_customer()
        Transaction.objects.bulk_create(
            Transaction(
                customer=customer, kind="sale", at=DAY, amount=n, source="k", source_key=str(n)
            )
            for n in range(6000)
        )
        copy_changes()
        here, there = lake(), lake(engine=cluster.url)
        asked = []
        for seen in (here, there):
            one, other = seen.table("transactions"), seen.table("transactions").view()
            pairs = one.cross_join(other.select(b=other.amount))
            asked.append(
                pairs.agg(n=pairs.count(), close=((pairs.amount - pairs.b).abs() < 7).sum())
            )
        killed: list[int] = []
        killer = threading.Timer(1.5, lambda: killed.append(cluster.kill_worker()))
        killer.start()
        answer = there.run(asked[1])
        killer.join()
        assert killed[0] >= 2  # the worker and its executor
        assert answer.to_pylist() == here.run(asked[0]).to_pylist()
        assert rows(there.run(there.table("customers"))) == rows(here.run(here.table("customers")))
