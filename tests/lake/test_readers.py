"""Whoever reads while versions are made and small files merged sees one moment, whole."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from dangol.purchases.models import Transaction
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.compacting import compact
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale


def read_until(stop: threading.Event) -> list[tuple[int, int, int]]:
    """What a reader saw: version, rows, sum of all amounts."""
    seen = []
    while not stop.is_set() or not seen:
        asked = lake()
        sales = asked.table("transactions")
        (row,) = asked.run(sales.agg(n=sales.count(), s=sales.amount.sum())).to_pylist()
        seen.append((asked.version, row["n"], int(row["s"] or 0)))
    return seen


@pytest.mark.django_db(transaction=True)
def test_every_reader_sees_pairs_that_cancel_out(lake_folder):
    customer = a_customer()
    copy_changes()
    stop = threading.Event()

    def write() -> None:
        amount = 1
        while not stop.is_set():
            with transaction.atomic():
                a_sale(customer, amount)
                a_sale(customer, -amount)
            if amount % 5 == 0:
                Transaction.objects.filter(amount__in=[amount - 1, 1 - amount]).delete()
            amount += 1
        connection.close()

    with ThreadPoolExecutor(3) as threads:
        threads.submit(write)
        readers = [threads.submit(read_until, stop) for _n in range(2)]
        for turn in range(20):
            copy_changes()
            if turn % 9 == 8:
                compact()
        stop.set()
        seen = [row for reader in readers for row in reader.result()]
    assert {total for _version, _rows, total in seen} == {0}
    assert all(rows % 2 == 0 for _version, rows, _total in seen)
    assert len({version for version, *_rest in seen}) > 3
    copy_changes()
    final = lake()
    assert final.run(final.table("transactions").count()).to_pylist()[0].popitem()[1] == (
        Transaction.objects.count()
    )
