"""The matching beside somebody who writes of the same customers: it gives way, and loses nobody."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.models import Run
from dangol.identity.recognising import new_records
from dangol.identity.recognising.stretches import match_stretch
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "SELECT 1 FROM customers_customer WHERE id = %s FOR KEY SHARE"


def two_who_look_alike() -> tuple[Customer, Customer]:
    """One customer, and another whose only record now says the same."""
    first, second = record(**HONG), record("web", name="김도현", phone="010-9999-1111")
    while new_records.match_waiting()["records"]:
        pass
    now = {"values": HONG, "revision": 2, "changed_at": timezone.now(), "unread": True}
    SourceRecord.objects.filter(pk=second.pk).update(**now)
    return tuple(SourceRecord.objects.get(pk=r.pk).customer for r in (first, second))  # type: ignore[return-value]


def test_a_writer_who_wants_them_in_another_order_holds_up_nothing(monkeypatch) -> None:
    x, y = two_who_look_alike()
    has_x, wants_y, wrong = Event(), Event(), []

    def write() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(KEPT, [x.pk])
                has_x.set()
                wants_y.wait(10)
                cursor.execute(KEPT, [y.pk])
        except DatabaseError as failure:
            wrong.append(failure)
        finally:
            connection.close()

    real = new_records.match_record

    def then(*args, **kwargs):  # type: ignore[no-untyped-def]
        wants_y.set()
        return real(*args, **kwargs)

    monkeypatch.setattr(new_records, "match_record", then)
    writer = Thread(target=write)
    writer.start()
    has_x.wait(10)
    run = match_stretch()
    writer.join()
    assert wrong == [] and run is not None and run.failure == ""
    assert run.counts == {"records": 1, "joined": 1} and Customer.objects.count() == 1


def test_who_does_not_let_go_leaves_the_record_to_the_next_time(monkeypatch) -> None:
    x, _y = two_who_look_alike()
    has_x, over = Event(), Event()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(KEPT, [x.pk])
            has_x.set()
            over.wait(60)
        connection.close()

    monkeypatch.setattr("dangol.core.anew.PATIENCE", "20ms")
    writer = Thread(target=write)
    writer.start()
    has_x.wait(10)
    assert match_stretch() is None and not Run.objects.exists()
    assert SourceRecord.objects.get(source="web").unread
    over.set()
    writer.join()
    run = match_stretch()
    assert run is not None and run.counts["joined"] == 1 and Customer.objects.count() == 1
