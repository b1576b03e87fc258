"""Changes reach the lake: late ones, corrections, deletions, and nothing that was rolled back."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from dangol.core.alone import Busy, alone
from dangol.purchases.models import Transaction
from dangol.warehouse.actions import LAKE, copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import NoLake
from dangol.warehouse.models import Run, Standing
from tests.lake.factories import a_customer, a_sale, amounts, rows_in_lake

pytestmark = pytest.mark.usefixtures("lake_folder")
commits = pytest.mark.django_db(transaction=True)


def test_an_empty_company_has_an_empty_lake(db):
    with pytest.raises(NoLake):
        lake()
    copy_changes()
    assert rows_in_lake("transactions") == []
    assert rows_in_lake("places") == []


def test_a_sale_arrives_with_its_local_day_and_no_name(world):
    place = world.place("GANGNAM")
    customer = a_customer(home_place=place)
    a_sale(customer, "-12.50", place=place, currency="USD", at="2026-01-01T20:00:00Z")
    copy_changes()
    (sale,) = rows_in_lake("transactions")
    assert (sale["amount"], sale["currency"]) == (Decimal("-12.50"), "USD")
    assert str(sale["day"]) == "2026-01-02"  # eight in the evening in London is next day in Seoul
    (found,) = rows_in_lake("customers")
    assert found["id"] == sale["customer"]
    assert "김단골" not in str(found)
    (site,) = [p for p in rows_in_lake("places") if p["code"] == "GANGNAM"]
    assert site["id"] == sale["place"]
    region = next(p for p in rows_in_lake("places") if p["code"] == "SEOUL")
    assert (site["region_id"], site["site_id"]) == (region["id"], site["id"])


def test_nothing_changed_makes_no_version(db):
    a_sale(a_customer())
    first = copy_changes()
    assert copy_changes() is None
    assert lake().version == first.version
    assert Standing.objects.get().looked_at is not None


def test_corrections_and_deletions_arrive_and_the_older_version_stays(db):
    customer = a_customer()
    one, two = a_sale(customer, 1), a_sale(customer, 2)
    first = copy_changes()
    one.amount = Decimal(10)
    one.save()
    two.delete()
    second = copy_changes()
    assert amounts(second.version) == [Decimal(10)]
    assert amounts(first.version) == [Decimal(1), Decimal(2)]
    came = lake().changes("transactions", since=first.version)
    assert [r["amount"] for r in lake_rows(came.added)] == [Decimal(10)]
    assert sorted(r["amount"] for r in lake_rows(came.removed)) == [Decimal(1), Decimal(2)]


def lake_rows(table):
    seen = lake()
    seen.changes("transactions", since=seen.version - 1)
    return seen.run(table).to_pylist()


def test_a_line_follows_its_transaction(db):
    from dangol.purchases.models import Line, Product

    sale = a_sale(a_customer(), currency="KRW")
    Line.objects.create(transaction=sale, product=Product.objects.create(code="p", name="차"))
    copy_changes()
    sale.currency = "EUR"
    sale.save()
    copy_changes()
    assert [line["currency"] for line in rows_in_lake("lines")] == ["EUR"]


def test_what_is_not_read_is_not_copied(db):
    sale = a_sale(a_customer())
    copy_changes()
    sale.note = "새 메모"
    sale.save()
    assert copy_changes() is None


@commits
def test_a_transaction_that_commits_late_is_not_missed_and_holds_nobody_up():
    customer = a_customer()
    copy_changes()
    go_on, wrote = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            a_sale(customer, 1)
            wrote.set()
            assert go_on.wait(20)
        connection.close()

    late = threading.Thread(target=slow)
    late.start()
    assert wrote.wait(20)
    a_sale(customer, 2)
    copy_changes()
    assert amounts() == [Decimal(2)]
    go_on.set()
    late.join()
    copy_changes()
    assert amounts() == [Decimal(1), Decimal(2)]


def test_a_statement_of_many_rows_is_not_compared_row_with_row(db):
    """The plan of a trigger is kept from its first call: it must never be a loop over a loop."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE proconfig = '{enable_nestloop=off}')"
            " FROM pg_proc WHERE proname LIKE 'warehouse_changed_%'"
        )
        watched, planned = cursor.fetchone()
    assert watched == planned > 10


@commits
def test_savepoints_and_rollbacks():
    customer = a_customer()
    with transaction.atomic():
        a_sale(customer, 1)
        try:
            with transaction.atomic():
                a_sale(customer, 2)
                raise LookupError
        except LookupError:
            a_sale(customer, 3)
    try:
        with transaction.atomic():
            a_sale(customer, 4)
            raise LookupError
    except LookupError:
        pass
    copy_changes()
    assert amounts() == [Decimal(1), Decimal(3)]


@commits
def test_a_table_that_is_emptied_is_empty():
    a_sale(a_customer())
    copy_changes()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE purchases_transaction CASCADE")
    copy_changes()
    assert amounts() == []


@commits
def test_two_at_once_are_harmless():
    a_sale(a_customer())
    refused: list[Exception] = []

    def other() -> None:
        try:
            copy_changes()
        except Busy as busy:
            refused.append(busy)
        connection.close()

    with alone(LAKE):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert Run.objects.count() == 0
    copy_changes()
    assert amounts() == [Decimal(100)]


@commits
def test_one_moment_for_all_tables():
    """While a sale and its line are being written, the lake has both or neither."""
    from dangol.purchases.models import Line, Product

    customer, product = a_customer(), Product.objects.create(code="p", name="차")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with transaction.atomic():
                Line.objects.create(transaction=a_sale(customer), product=product)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _turn in range(5):
            copy_changes()
            sold = {row["id"] for row in rows_in_lake("transactions")}
            assert {row["transaction"] for row in rows_in_lake("lines")} == sold
    finally:
        stop.set()
        writer.join()
    copy_changes()
    assert len(amounts()) == Transaction.objects.count()


def test_a_database_from_an_older_copy_gets_a_new_lake(db):
    sale = a_sale(a_customer(), 1)
    copy_changes()
    Standing.objects.update(token="00000000-0000-4000-8000-000000000000")
    with connection.cursor() as cursor:
        Transaction.objects.filter(pk=sale.pk).update(amount=5)
        cursor.execute("DELETE FROM warehouse_change")  # lost with the restore
    copy_changes()
    assert amounts() == [Decimal(5)]


def test_a_crash_between_publishing_and_agreeing_repeats_the_changes(db, monkeypatch):
    from dangol.warehouse import actions

    sale = a_sale(a_customer(), 1)
    copy_changes()
    sale.amount = Decimal(2)
    sale.save()

    class Killed(BaseException):
        pass

    def killed(*_a, **_k):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(actions, "agree", killed)
        copy_changes()
    assert amounts() == [Decimal(2)]
    copy_changes()
    assert amounts() == [Decimal(2)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM warehouse_change")
        assert cursor.fetchone()[0] == 0
