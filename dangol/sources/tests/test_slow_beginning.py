"""A beginning that is slow or fails holds up no other, no message and no page."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings as used
from django.db import OperationalError, connection
from django.urls import reverse

from dangol.customers.actions import add_customer
from dangol.customers.models import Customer
from dangol.sources import jobs
from dangol.sources.models import Change, Subscriber
from dangol.sources.outgoing import beginning
from dangol.sources.outgoing.actions import end_subscriber, subscribe
from dangol.sources.outgoing.feed import changes_after
from dangol.sources.tests.receiver import receiver
from dangol.sources.tests.test_api import call

pytestmark = pytest.mark.django_db(transaction=True)


def subscribed(entity: str = "customer", **more: object) -> Subscriber:
    """A system that asks the API."""
    return subscribe(name=entity, entity=entity, way="api", by=None, **more)[0]  # type: ignore[arg-type]


@pytest.fixture
def impatient(settings):  # type: ignore[no-untyped-def]
    """A database that gives up each statement after 30 ms, and a scan that takes longer."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '30ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def test_a_scan_is_not_given_up_where_statements_are(impatient, monkeypatch):
    slow = beginning.WRITTEN.replace("SELECT sources_note", "SELECT pg_sleep(0.1), sources_note")
    monkeypatch.setattr(beginning, "WRITTEN", slow)
    subscriber = subscribed()
    assert jobs.begin() == 0
    subscriber.refresh_from_db()
    assert subscriber.begins_after is None
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "30ms"  # only the scan may take its time


def test_one_that_fails_holds_up_neither_the_others_nor_what_is_sent(settings, monkeypatch):
    settings.INNER_HOSTS = ["127.0.0.1"]
    sites, note = subscribed("site"), beginning.note_written_since

    def failing(entity: str, xid: int) -> None:
        if entity == "site":
            raise OperationalError("canceling statement due to statement timeout")
        note(entity, xid)

    monkeypatch.setattr(beginning, "note_written_since", failing)
    with receiver() as found:
        shop, found.secret = subscribe(
            name="shop", entity="customer", way="webhook", address=found.address, by=None
        )
        with pytest.raises(ExceptionGroup):
            jobs.begin()
        add_customer(name="김철수", by=None)
        assert jobs.deliver() == 1 and len(found.got) == 1
    shop.refresh_from_db()
    sites.refresh_from_db()
    assert shop.begins_after is None and sites.begins_after is not None


def test_a_beginning_that_is_under_way_holds_up_nothing(monkeypatch):
    """While it looks through the tables its row is free: it can end, and nobody else does the same."""
    subscriber, came = subscribed(), []

    def elsewhere() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            end_subscriber(subscriber, by=None)
            came.append(beginning.begin(subscriber))
        finally:
            connection.close()

    def meanwhile(entity: str, xid: int) -> None:
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join(10)

    monkeypatch.setattr(beginning, "note_written_since", meanwhile)
    assert beginning.begin(subscriber) is True and came == [False]
    subscriber.refresh_from_db()
    assert subscriber.ended_at


def test_the_page_only_asks_for_it_and_shows_that_it_begins(client, world):
    Customer.objects.create(name="김철수")
    client.force_login(world.anna)
    said = {"name": "erp", "entity": "customer", "way": "api", "everything": "on"}
    page = client.post(reverse("sources:subscriber_new"), said, follow=True).content.decode()
    assert not Change.objects.exists() and "시작하는 중" in page
    [item] = call(client, world.anna, "GET", "/subscribers").json()["items"]
    assert item["beginning"] is True
    assert "sources.begin" in used.RECURRING and jobs.begin() == 0
    subscriber = Subscriber.objects.get()
    told = changes_after("customer", (subscriber.after_xid, subscriber.after_id))
    assert set(told.keys) == set(Customer.objects.values_list("pk", flat=True))
    page = client.get(reverse("sources:subscriber", args=[subscriber.pk])).content.decode()
    assert "시작하는 중" not in page
    [item] = call(client, world.anna, "GET", "/subscribers").json()["items"]
    assert item["beginning"] is False


def test_everything_is_told_at_once_also_while_a_transaction_is_open(monkeypatch):
    Customer.objects.create(name="김철수")
    monkeypatch.setattr(beginning, "open_now", lambda: {"7/1"})
    subscriber = subscribed(everything=True)
    assert jobs.begin() == 1
    subscriber.refresh_from_db()
    assert subscriber.begins_after and subscriber.everything_asked_at is None
    assert Change.objects.count() == 1
    assert jobs.begin() == 1 and Change.objects.count() == 1  # once is enough
