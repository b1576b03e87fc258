"""Files of changes: for programs, so values as the API says them; whole, and one writer at a time."""

from __future__ import annotations

import csv
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from dangol.customers.actions import add_contact_point, add_customer
from dangol.purchases.models import Transaction
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.models import Delivery
from dangol.sources.outgoing.payloads import items_of

pytestmark = pytest.mark.django_db(transaction=True)


def a_subscriber(entity: str):  # type: ignore[no-untyped-def]
    said = {"way": "file", "address": "erp", "schedule": "0 3 * * *"}
    return subscribe(name="erp", entity=entity, by=None, **said)[0]


def rows_of(path) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]
    return list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))


def test_a_telephone_leaves_as_it_is_and_so_does_a_refund():
    people, purchases = a_subscriber("customer"), a_subscriber("transaction")
    one = add_customer(name="=cmd()", by=None)
    add_contact_point(one, "phone", "010-2345-6789", by=None)
    refund = Transaction.objects.create(
        customer=one, kind="refund", at=timezone.now(), amount=Decimal("-5000"),
        source="till", source_key="1",
    )  # fmt: skip
    [told] = items_of("transaction", [refund.pk])
    [person], [row] = rows_of(dropping.drop(people)), rows_of(dropping.drop(purchases))
    assert (person["phone"], person["name"]) == ("+821023456789", "=cmd()")
    assert row["amount"] == told["amount"] == "-5000.00"


def test_the_slower_of_two_workers_moves_nothing_back():
    subscriber = a_subscriber("customer")
    late = type(subscriber).objects.get(pk=subscriber.pk)  # read before the other's file
    add_customer(name="김철수", by=None)
    first = dropping.drop(subscriber)
    subscriber.refresh_from_db()
    position = subscriber.after_xid, subscriber.after_id
    assert first and dropping.drop(late) is None
    subscriber.refresh_from_db()
    assert (subscriber.after_xid, subscriber.after_id) == position
    assert Delivery.objects.count() == 1


def test_while_one_writes_the_file_another_writes_none(monkeypatch):
    subscriber = a_subscriber("customer")
    add_customer(name="김철수", by=None)
    begun, go = threading.Event(), threading.Event()
    found: list[object] = []
    usual = dropping.items_of

    def slowly(entity, keys):  # type: ignore[no-untyped-def]
        begun.set()
        go.wait(10)
        return usual(entity, keys)

    monkeypatch.setattr(dropping, "items_of", slowly)

    def work() -> None:
        try:
            found.append(dropping.drop(type(subscriber).objects.get(pk=subscriber.pk)))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(10)
    monkeypatch.setattr(dropping, "items_of", usual)
    assert dropping.drop(subscriber) is None
    go.set()
    thread.join()
    assert found[0] is not None and Delivery.objects.count() == 1


def test_a_long_feed_is_written_part_by_part(settings, monkeypatch):
    subscriber = a_subscriber("customer")
    for number in range(30):
        add_customer(name=f"고객{number:02}", by=None)
    seen: list[int] = []
    usual = dropping.items_of

    def looking(entity, keys):  # type: ignore[no-untyped-def]
        [beside] = (settings.OUTBOX / "erp").iterdir()
        assert beside.name.startswith(".")  # nobody sees half of it
        seen.append(len(keys))
        return usual(entity, keys)

    monkeypatch.setattr(dropping, "items_of", looking)
    monkeypatch.setattr(dropping, "PART", 10)
    path = dropping.drop(subscriber)
    assert seen == [10, 10, 10]
    names = [row["name"] for row in rows_of(path)]  # at least once, each in its turn
    assert list(dict.fromkeys(names)) == [f"고객{n:02}" for n in range(30)]
    assert list(path.parent.iterdir()) == [path]


def test_a_worker_that_dies_leaves_no_file_and_no_position(settings, monkeypatch):
    subscriber = a_subscriber("customer")
    add_customer(name="김철수", by=None)

    def die(*_said: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crashed, pytest.raises(KeyboardInterrupt):
        crashed.setattr(dropping, "items_of", die)
        dropping.drop(subscriber)
    assert list((settings.OUTBOX / "erp").iterdir()) == []
    assert [row["name"] for row in rows_of(dropping.drop(subscriber))] == ["김철수"]
