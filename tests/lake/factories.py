"""Rows for the tests of the lake."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from dangol.customers.models import Customer
from dangol.purchases.models import Transaction
from dangol.warehouse.engine import lake

NUMBERS = count(1)
DAY = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def a_customer(**fields: Any) -> Customer:
    """Somebody."""
    return Customer.objects.create(**{"name": "김단골"} | fields)


def a_sale(customer: Customer, amount: object = 100, **fields: Any) -> Transaction:
    """Something bought."""
    given = {"kind": "sale", "at": DAY, "source": "test", "source_key": str(next(NUMBERS))}
    return Transaction.objects.create(
        customer=customer, amount=Decimal(str(amount)), **given | fields
    )


def rows_in_lake(table: str, version: int | None = None, engine: str = "") -> list[dict[str, Any]]:
    """A table's rows, by number."""
    seen = lake(version, engine=engine)
    return seen.run(seen.table(table).order_by("id")).to_pylist()


def amounts(version: int | None = None) -> list[Decimal]:
    """What the transactions in the lake amount to."""
    return [row["amount"] for row in rows_in_lake("transactions", version)]
