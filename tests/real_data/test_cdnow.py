"""CDNOW through the import: every customer and every transaction, once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, Sum

from dangol.customers.models import ContactPoint, Customer
from dangol.imports.tests.factories import counts, loaded
from dangol.purchases.models import Line, Transaction
from tests.real_data.convert import cdnow, cdnow_rows

pytestmark = pytest.mark.real_data


def load_all(folder):
    customers, products, transactions = cdnow(folder)
    done = [
        counts(loaded(kind, path.read_bytes(), name=path.name, source="cdnow"))
        for kind, path in (
            ("customers", customers),
            ("products", products),
            ("transactions", transactions),
        )
    ]
    with connection.cursor() as cursor:  # as the server does by itself once rows are committed
        cursor.execute("ANALYZE")
    return done


def test_cdnow_is_loaded_whole_and_a_second_load_changes_nothing(world, tmp_path):
    rows = cdnow_rows()
    assert (len({row[0] for row in rows}), len(rows)) == (23_570, 69_659)
    assert load_all(tmp_path) == [(23_570, 0, 0, 0), (1, 0, 0, 0), (69_659, 0, 0, 0)]
    assert Customer.objects.count() == ContactPoint.objects.count() == 23_570
    assert Transaction.objects.count() == Line.objects.count() == 69_659
    assert Transaction.objects.aggregate(sum=Sum("amount"))["sum"] == sum(
        Decimal(row[3]) for row in rows
    )
    assert Line.objects.aggregate(sum=Sum("quantity"))["sum"] == sum(row[2] for row in rows)
    days = Transaction.objects.filter(customer__source_key="00001").values_list("at", flat=True)
    assert [day.isoformat() for day in days] == ["1996-12-31T15:00:00+00:00"]
    once = Customer.objects.annotate(n=Count("transactions")).filter(n=1).count()
    assert once == sum(
        1 for n in __import__("collections").Counter(row[0] for row in rows).values() if n == 1
    )
    assert load_all(tmp_path) == [(0, 0, 23_570, 0), (0, 0, 1, 0), (0, 0, 69_659, 0)]
    assert (Customer.objects.count(), Transaction.objects.count()) == (23_570, 69_659)
