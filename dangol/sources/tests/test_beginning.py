"""A system that subscribes while others write: nobody waits for anybody, and nothing is missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from dangol.customers.actions import add_customer
from dangol.customers.models import Customer
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.beginning import begin, begin_all
from dangol.sources.outgoing.feed import changes_after
from dangol.sources.outgoing.models import Subscriber

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 2.0


class Writer:
    """A transaction that has written and is not over until it is told."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work, self.written, self.go = work, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        assert self.written.wait(10)

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.work()
                self.written.set()
                self.go.wait(20)
        finally:
            connection.close()

    def end(self) -> None:
        self.go.set()
        self.thread.join()


def told(subscriber: Subscriber) -> set[str]:
    """The names of whom the subscriber is told from its position on."""
    subscriber.refresh_from_db()
    found = changes_after("customer", (subscriber.after_xid, subscriber.after_id))
    return set(Customer.objects.filter(pk__in=found.keys).values_list("name", flat=True))


def subscribed(**more: bool) -> Subscriber:
    """A system that asks the API."""
    return subscribe(name="x", entity="customer", way="api", by=None, **more)[0]


def test_subscribing_waits_for_no_writer_and_holds_none_up() -> None:
    writer = Writer(lambda: add_customer(name="느린이", by=None))
    try:
        before = time.monotonic()
        subscribed()
        add_customer(name="빠른이", by=None)
        assert time.monotonic() - before < SOON
    finally:
        writer.end()


@pytest.mark.parametrize("everything", [False, True])
def test_what_an_open_transaction_wrote_before_the_subscriber_came_is_told(
    everything: bool,
) -> None:
    old = add_customer(name="옛이름", by=None)

    def write() -> None:
        add_customer(name="새사람", by=None)
        Customer.objects.filter(pk=old.pk).update(name="새이름")

    writer = Writer(write)
    try:
        subscriber = subscribed(everything=everything)
        assert begin_all() == 1  # one still waits for the writer
    finally:
        writer.end()
    assert begin_all() == 0
    subscriber.refresh_from_db()
    assert subscriber.begins_after is None and subscriber.open_then == []
    assert told(subscriber) == {"새사람", "새이름"}


def test_what_was_written_in_a_savepoint_is_told_too() -> None:
    def write() -> None:
        with transaction.atomic():
            add_customer(name="겹친이", by=None)

    writer = Writer(write)
    subscriber = subscribed()
    writer.end()
    assert begin(subscriber) and told(subscriber) == {"겹친이"}


def test_what_an_open_transaction_deleted_is_told() -> None:
    gone = add_customer(name="떠난이", by=None)
    writer = Writer(Customer.objects.filter(pk=gone.pk).delete)
    subscriber = subscribed()
    writer.end()
    assert begin(subscriber)
    subscriber.refresh_from_db()
    found = changes_after("customer", (subscriber.after_xid, subscriber.after_id))
    assert gone.pk in found.keys


def test_a_transaction_that_began_before_and_writes_later_is_told() -> None:
    later = threading.Event()

    def read_then_write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        Customer.objects.count()
        writer_reads.set()
        assert later.wait(10)
        add_customer(name="늦은이", by=None)

    writer_reads = threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                read_then_write()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert writer_reads.wait(10)
    subscriber = subscribed()
    later.set()
    thread.join()
    assert begin(subscriber) and told(subscriber) == {"늦은이"}


def test_without_open_transactions_one_turn_completes_it_and_tells_nothing_old() -> None:
    add_customer(name="옛사람", by=None)
    subscriber = subscribed()
    assert begin_all() == 0
    subscriber.refresh_from_db()
    assert subscriber.begins_after is None and told(subscriber) == set()
