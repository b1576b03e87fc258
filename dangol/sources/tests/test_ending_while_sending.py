"""Ending a subscriber or sending again, while what came of a message is written down."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from dangol.sources.jobs import forget_old_rows
from dangol.sources.outgoing.actions import enable_again, end_subscriber, resend, subscribe
from dangol.sources.outgoing.models import Delivery, Subscriber
from dangol.sources.outgoing.sending import settle, waiting_or_next

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delivery() -> Delivery:
    """A message on its way."""
    subscriber, _secret = subscribe(
        name="shop", entity="customer", way="webhook", address="https://93.184.215.14/", by=None
    )
    return Delivery.objects.create(
        subscriber=subscriber, body="{}", changes=1, next_at=timezone.now()
    )


def somebody_waits() -> bool:
    """Whether another connection to this database waits for a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def while_a_message_settles(delivery: Delivery, work: Callable[[Subscriber], object]) -> object:
    """Work that holds the subscriber, while another connection writes down what came of a message."""
    came: list[object] = []

    def settling() -> None:
        try:
            came.append(settle(delivery.pk, 500, "no"))
        except Error as failure:
            came.append(failure)
        finally:
            connection.close()

    other = threading.Thread(target=settling)
    with transaction.atomic():
        subscriber = Subscriber.objects.select_for_update().get(pk=delivery.subscriber_id)
        other.start()
        until = time.monotonic() + 10
        while not somebody_waits() and time.monotonic() < until:
            time.sleep(0.02)
        work(subscriber)
    other.join(20)
    return came[0]


def test_a_message_that_settles_while_its_subscriber_ends_is_never_tried_again(delivery):
    came = while_a_message_settles(delivery, lambda found: end_subscriber(found, by=None))
    assert came is False
    delivery.refresh_from_db()
    assert (delivery.tries, delivery.status, delivery.next_at) == (1, 500, None)


def test_a_message_that_settles_while_sending_is_allowed_again_is_not_lost(delivery):
    Subscriber.objects.update(disabled_at=timezone.now())
    Delivery.objects.update(given_up_at=timezone.now(), next_at=None)
    came = while_a_message_settles(delivery, lambda found: enable_again(found, by=None))
    assert came is False
    delivery.refresh_from_db()
    assert (delivery.tries, delivery.given_up_at) == (1, None) and delivery.next_at


@pytest.mark.parametrize("status", [500, 410])
def test_what_settles_after_the_end_is_over_and_its_body_is_forgotten(delivery, world, status):
    end_subscriber(delivery.subscriber, by=None)
    assert settle(delivery.pk, status, "no") is False
    delivery.refresh_from_db()
    assert delivery.next_at is None and delivery.given_up_at
    assert Subscriber.objects.get().disabled_at is None  # nobody is called about one that has ended
    resend(delivery, by=None)
    Delivery.objects.update(created_at=timezone.now() - dt.timedelta(days=91))
    forget_old_rows()
    assert not Delivery.objects.exists()


def test_no_message_is_made_for_one_who_ends_meanwhile(delivery, monkeypatch):
    from dangol.customers.actions import add_customer
    from dangol.sources.outgoing import sending

    delivery.delete()
    add_customer(name="김철수", by=None)
    made = sending.next_message

    def ended_first(*said: object) -> Delivery | None:
        end_subscriber(delivery.subscriber, by=None)
        return made(*said)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "next_message", ended_first)
    assert waiting_or_next(delivery.subscriber) is None and not Delivery.objects.exists()
