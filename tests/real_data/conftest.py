"""Figures of real data repeat: numbers decide who falls into which part of a test."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def numbers_from_one(request: pytest.FixtureRequest) -> None:
    """Customers are numbered from one, whatever ran before: a rollback gives no number back."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
        with connection.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE customers_customer_numbers RESTART")
