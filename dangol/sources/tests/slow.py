"""A transaction that stays open while others commit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from dangol.customers.actions import add_customer


@contextmanager
def adding_slowly(name: str) -> Iterator[None]:
    """Somebody has added a customer in a transaction that ends with the block."""
    begun, go = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                add_customer(name=name, by=None)
                begun.set()
                go.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert begun.wait(10)
        yield
    finally:
        go.set()
        thread.join()
