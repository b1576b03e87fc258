"""Existing systems are kept in step: feed, webhooks, files; at least once, in order, from a position."""

from __future__ import annotations

import csv
import datetime as dt
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from dangol.core.models import Notice
from dangol.core.sealing import unseal
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.models import Alias, Customer
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.actions import enable_again, resend, subscribe
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.outgoing.feed import changes_after
from dangol.sources.outgoing.models import Change, Delivery, Subscriber
from dangol.sources.outgoing.payloads import items_of
from dangol.sources.outgoing.sending import LADDER, send_all, settle
from dangol.sources.outgoing.signing import signature
from dangol.sources.tests.receiver import Receiver, receiver
from dangol.sources.tests.slow import adding_slowly

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):  # type: ignore[no-untyped-def]
    """A receiver that is kept in step with customers."""
    settings.INNER_HOSTS = ["127.0.0.1"]
    with receiver() as found:
        subscriber, found.secret = subscribe(
            name="shop", entity="customer", way="webhook", address=found.address, by=None
        )
        found.subscriber = subscriber  # type: ignore[attr-defined]
        yield found


def told(shop: Receiver) -> list[str]:
    return [item.get("name", "–") for _key, body in shop.got for item in body["data"]["items"]]


def test_the_signature_is_that_of_the_scheme():
    made = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_is_written_down_while_nobody_listens():
    add_customer(name="김철수", by=None)
    assert not Change.objects.exists()


def test_a_webhook_is_told_in_order_and_once_when_it_answers(shop):
    one = add_customer(name="김철수", by=None)
    add_customer(name="이영희", by=None)
    add_contact_point(one, "phone", "010-2345-6789", by=None)
    assert send_all(shop.subscriber) == 1
    assert told(shop) == ["김철수", "이영희"] and shop.wrong == 0
    body = shop.got[0][1]
    assert body["type"] == "customer.changed"
    assert body["data"]["items"][0]["contact_points"][0]["value"] == "+821023456789"
    assert send_all(shop.subscriber) == 0 and len(shop.got) == 1


def test_a_merged_customer_says_into_whom():
    subscribe(name="x", entity="customer", way="api", by=None)
    one, other = add_customer(name="김철수", by=None), add_customer(name="김 철수", by=None)
    position = changes_after("customer", (0, 0)).position
    with transaction.atomic():
        old = other.pk
        Customer.objects.filter(pk=old).delete()
        Alias.objects.create(old_id=old, customer=one)
    keys = changes_after("customer", position).keys
    items = {item["id"]: item for item in items_of("customer", keys)}
    assert items[str(old)] == {"id": str(old), "merged_into": str(one.pk)}
    assert items[str(one.pk)]["merged_ids"] == [str(old)]


def test_what_commits_late_is_not_passed_over():
    subscribe(name="x", entity="customer", way="api", by=None)
    with adding_slowly("느린이"):
        add_customer(name="빠른이", by=None)
        early = changes_after("customer", (0, 0))
    late = changes_after("customer", early.position)
    names = [item["name"] for item in items_of("customer", early.keys + late.keys)]
    assert early.keys == [] and names == ["느린이", "빠른이"]


def test_why_nothing_came_back_is_said_in_the_language_of_the_reader(shop, world, client):
    add_customer(name="김철수", by=None)
    shop.subscriber.address = "http://nowhere.invalid/hook"
    shop.subscriber.save()
    with translation.override("ko"):
        assert send_all(shop.subscriber) == 0
    delivery = Delivery.objects.get()
    assert delivery.answer == "" and delivery.trouble["facts"] == {"host": "nowhere.invalid"}
    with translation.override("en"):
        assert delivery.told == "The name “nowhere.invalid” is not known."
    client.force_login(world.anna)
    page = client.get(reverse("sources:subscriber", args=[shop.subscriber.pk])).content.decode()
    assert "“nowhere.invalid”" in page and "is not known" not in page
    Delivery.objects.update(trouble=None, answer="Nobody answers: old row")
    page = client.get(reverse("sources:subscriber", args=[shop.subscriber.pk])).content.decode()
    assert "Nobody answers: old row" in page


def test_a_failing_receiver_is_tried_by_the_ladder_and_then_no_more(shop, world):
    add_customer(name="김철수", by=None)
    shop.answers = [500] * 20
    assert send_all(shop.subscriber) == 0
    delivery = Delivery.objects.get()
    assert (delivery.tries, delivery.status) == (1, 500)
    assert 4 < (delivery.next_at - timezone.now()).total_seconds() <= 5
    assert send_all(shop.subscriber) == 0 and len(shop.got) == 1  # its time has not come
    for wait in LADDER[2:]:
        settle(delivery.pk, 503, "")
        delivery.refresh_from_db()
        assert delivery.next_at - delivery.tried_at == dt.timedelta(seconds=wait)
    settle(delivery.pk, 503, "")
    delivery.refresh_from_db()
    shop.subscriber.refresh_from_db()
    assert delivery.given_up_at and delivery.next_at is None and delivery.tries == len(LADDER)
    assert shop.subscriber.disabled_at and shop.subscriber.after_xid < delivery.upto_xid
    assert Notice.objects.filter(user=world.anna).exists()
    add_customer(name="이영희", by=None)
    assert send_all(shop.subscriber) == 0 and len(shop.got) == 1


def test_enabled_again_what_was_given_up_comes_first(shop):
    add_customer(name="김철수", by=None)
    shop.answers = [410]
    send_all(shop.subscriber)
    shop.subscriber.refresh_from_db()
    assert shop.subscriber.disabled_at
    add_customer(name="이영희", by=None)
    enable_again(shop.subscriber, by=None)
    assert send_all(shop.subscriber) == 2
    assert told(shop) == ["김철수", "김철수", "이영희"]
    assert shop.got[0][0] == shop.got[1][0]  # the same id: a receiver can drop the repeat


def test_a_message_sent_again_keeps_its_id_and_moves_nothing(shop):
    add_customer(name="김철수", by=None)
    send_all(shop.subscriber)
    shop.subscriber.refresh_from_db()
    position = shop.subscriber.after_xid
    resend(Delivery.objects.get(), by=None)
    assert send_all(shop.subscriber) == 1
    assert shop.got[0] == shop.got[1]
    shop.subscriber.refresh_from_db()
    assert shop.subscriber.after_xid == position


def test_a_crash_after_sending_sends_the_same_message_again(shop, monkeypatch):
    add_customer(name="김철수", by=None)

    def die(*_args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as crashed, pytest.raises(KeyboardInterrupt):
        crashed.setattr("dangol.sources.outgoing.sending.settle", die)
        send_all(shop.subscriber)
    assert send_all(shop.subscriber) == 1
    assert shop.got[0] == shop.got[1]


def test_two_workers_do_not_send_to_one_receiver_at_once(shop):
    for number in range(5):
        add_customer(name=f"고객{number}", by=None)

    def work() -> None:
        try:
            send_all(shop.subscriber)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(shop) == [f"고객{n}" for n in range(5)]


def test_everything_there_is_comes_first_when_it_is_asked_for():
    for number in range(250):
        Customer.objects.create(name=f"고객{number:03}")
    subscriber, _secret = subscribe(
        name="x", entity="customer", way="api", everything=True, by=None
    )
    begin_all()
    seen: list[str] = []
    position, more = (subscriber.after_xid, subscriber.after_id), True
    while more:
        page = changes_after("customer", position)
        seen += [item["name"] for item in items_of("customer", page.keys)]
        position, more = page.position, page.more
    assert sorted(seen) == [f"고객{n:03}" for n in range(250)]


def test_a_file_of_changes_is_written_whole_and_the_next_holds_what_came_since(settings):
    subscriber, _secret = subscribe(
        name="erp", entity="customer", way="file", address="erp", schedule="0 3 * * *", by=None
    )
    add_customer(name="=cmd()", by=None)
    path = dropping.drop(subscriber)
    assert path and path.parent == settings.OUTBOX / "erp"
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    assert [(row["name"], row["change"]) for row in rows] == [("=cmd()", "changed")]
    subscriber.refresh_from_db()
    assert dropping.drop(subscriber) is None
    add_customer(name="이영희", by=None)
    subscriber.refresh_from_db()
    later = dropping.drop(subscriber)
    assert later and later != path
    assert [row["name"] for row in csv.DictReader(later.open(encoding="utf-8-sig"))] == ["이영희"]
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]", "10.0.0.1",
                                  "192.168.1.1", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"])  # fmt: skip
def test_addresses_inside_are_not_reached_when_the_operator_takes_their_name_back(host, settings):
    settings.INNER_HOSTS = [host.strip("[]")]
    with receiver() as found:
        port = found.address.rsplit(":", 1)[1]
        said = {"entity": "customer", "way": "webhook", "address": f"http://{host}:{port}"}
        subscriber, _secret = subscribe(name="x", by=None, **said)
        settings.INNER_HOSTS = []
        with pytest.raises(ValidationError):
            subscribe(name="y", by=None, **said)
        add_customer(name="김철수", by=None)
        assert send_all(subscriber) == 0
        assert found.got == [] and found.wrong == 0
    assert Delivery.objects.get().status == 0


def test_secrets_are_sealed_and_folders_stay_below_the_outbox():
    subscriber, secret = subscribe(name="x", entity="site", way="webhook", address="https://a.example/h", by=None)  # fmt: skip
    assert secret not in subscriber.secret and unseal(subscriber.secret) == secret
    for folder in ("../x", "/etc", "a/../../b", ""):
        with pytest.raises(ValidationError):
            subscribe(name="x", entity="site", way="file", address=folder, schedule="0 1 * * *", by=None)  # fmt: skip
    assert Subscriber.objects.count() == 1
