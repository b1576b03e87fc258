"""A file that cannot be written is told, tried again by the ladder, and waits behind no webhook."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
import time

import pytest
from django.conf import settings as used
from django.db import connection
from django.utils import timezone

from dangol.core.models import Notice
from dangol.customers.actions import add_customer
from dangol.sources.jobs import deliver, drop_files
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.actions import enable_again, subscribe
from dangol.sources.outgoing.models import Delivery, Subscriber
from dangol.sources.outgoing.sending import LADDER, send_all
from dangol.sources.tests.test_slow_systems import HEAD, drips, port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def blocked(world):  # type: ignore[no-untyped-def]
    """A subscriber whose folder is a file, with a change that waits."""
    found, _secret = subscribe(
        name="erp", entity="customer", way="file", address="erp", schedule="0 3 * * *", by=None
    )
    used.OUTBOX.mkdir(parents=True, exist_ok=True)
    (used.OUTBOX / "erp").write_text("in the way")
    add_customer(name="김철수", by=None)
    Subscriber.objects.update(next_at=timezone.now())
    return found


def test_the_failure_is_counted_told_and_shown(client, world, blocked):
    before = timezone.now()
    assert drop_files() == 0
    blocked.refresh_from_db()
    assert (blocked.failures, blocked.disabled_at) == (1, None)
    assert blocked.next_at - before < dt.timedelta(seconds=LADDER[1] + 5)
    assert Notice.objects.filter(user=world.dana).get().text.startswith("erp: ")
    client.force_login(world.anna)
    [item] = client.get("/api/v1/subscribers").json()["items"]
    assert item["failures"] == 1 and "erp" in item["why"]
    assert "erp" in client.get(f"/sources/outgoing/{blocked.pk}/").content.decode()
    [line] = client.get(f"/api/v1/subscribers/{blocked.pk}/deliveries").json()["items"]
    assert line["tries"] == 1 and line["delivered_at"] is None and line["answer"] == item["why"]


def test_once_it_can_be_written_nothing_is_missing(blocked):
    dropping.drop(blocked)
    (used.OUTBOX / "erp").unlink()
    path = dropping.drop(blocked)
    assert path and "김철수" in path.read_text(encoding="utf-8-sig")
    blocked.refresh_from_db()
    assert (blocked.failures, blocked.why) == (0, "")
    [line] = Delivery.objects.all()
    assert line.tries == 2 and line.delivered_at and line.answer == path.name and not line.next_at


def test_after_the_ladder_it_stops_until_somebody_says_so(world, blocked):
    for _try in LADDER:
        dropping.drop(blocked)
    blocked.refresh_from_db()
    assert blocked.disabled_at and blocked.failures == len(LADDER) and blocked.why
    assert dropping.due() == [] and dropping.drop(blocked) is None
    assert Notice.objects.filter(user=world.dana).count() == 2
    (used.OUTBOX / "erp").unlink()
    enable_again(blocked, by=world.anna)
    assert drop_files() == 1
    shutil.rmtree(used.OUTBOX)


def test_a_receiver_that_answers_in_drops_has_failed_after_its_time(settings, monkeypatch, world):
    settings.INNER_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr("dangol.sources.connecting.web.request.__kwdefaults__", dict(PLAIN_SECONDS))
    with port(drips(HEAD)) as number:
        found, _secret = subscribe(
            name="shop", entity="customer", way="webhook", address=f"http://127.0.0.1:{number}/", by=None
        )  # fmt: skip
        add_customer(name="김철수", by=None)
        begun = time.monotonic()
        assert send_all(found) == 0
    assert time.monotonic() - begun < 4
    [delivery] = Delivery.objects.all()
    assert (delivery.tries, delivery.status, delivery.trouble["facts"]) == (1, 0, {"seconds": 1})
    found.refresh_from_db()
    assert found.failures == 1


PLAIN_SECONDS = {"body": b"", "largest": 2**20, "seconds": 1}


def test_files_have_a_job_of_their_own(blocked, settings):
    assert "sources.drop_files" in used.RECURRING
    (used.OUTBOX / "erp").unlink()
    settings.INNER_HOSTS = ["127.0.0.1"]
    with port(drips(HEAD)) as number:
        subscribe(
            name="slow", entity="customer", way="webhook", address=f"http://127.0.0.1:{number}/", by=None
        )  # fmt: skip
        add_customer(name="이영희", by=None)
        sending = threading.Thread(target=in_its_thread, daemon=True)
        sending.start()
        time.sleep(0.5)
        assert sending.is_alive() and drop_files() == 1
    sending.join(20)


def in_its_thread() -> None:
    """What the worker does for webhooks, with its own connection."""
    try:
        deliver()
    finally:
        connection.close()
