"""Who was away for longer than changes are kept is told so, and begins with everything."""

from __future__ import annotations

import csv
import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.core.models import Notice
from dangol.customers.actions import add_customer
from dangol.customers.models import Customer
from dangol.sources.jobs import forget_old_rows
from dangol.sources.models import Change, Delivery, Subscriber
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.actions import enable_again, subscribe
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.outgoing.sending import send_all
from dangol.sources.tests.receiver import Receiver, receiver
from dangol.sources.tests.test_api import call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings):  # type: ignore[no-untyped-def]
    """A receiver that is kept in step with customers."""
    settings.INNER_HOSTS = ["127.0.0.1"]
    with receiver() as found:
        subscriber, found.secret = subscribe(
            name="shop", entity="customer", way="webhook", address=found.address, by=None
        )
        begin_all()
        found.subscriber = subscriber  # type: ignore[attr-defined]
        yield found


def a_month_passes() -> None:
    """What was noted so far is forgotten in the next night."""
    Change.objects.update(at=timezone.now() - dt.timedelta(days=31))
    forget_old_rows()


def told(shop: Receiver) -> list[str]:
    return [item.get("name", "–") for _key, body in shop.got for item in body["data"]["items"]]


def in_step(shop: Receiver) -> None:
    """What the worker does until nothing waits."""
    for _turn in range(3):
        send_all(shop.subscriber)  # type: ignore[attr-defined]
        begin_all()


def test_a_cursor_before_what_is_kept_is_refused_with_what_to_do(client, world):
    body = {"name": "erp", "entity": "customer", "way": "api"}
    made = call(client, world.anna, "POST", "/subscribers", body).json()
    begin_all()
    add_customer(name="김철수", by=None)
    path = f"/changes?subscriber_id={made['id']}"
    after_the_first = call(client, world.anna, "GET", path).json()["cursor"]
    add_customer(name="이영희", by=None)
    up_to_now = call(client, world.anna, "GET", path).json()["cursor"]
    a_month_passes()
    for behind in (path, f"{path}&cursor={made['cursor']}", f"{path}&cursor={after_the_first}", f"{path}&cursor=0.0"):  # fmt: skip
        answer = call(client, world.anna, "GET", behind)
        assert answer.status_code == 410 and "everything" in answer.json()["detail"]
    add_customer(name="박민수", by=None)
    answer = call(client, world.anna, "GET", f"{path}&cursor={up_to_now}")
    assert [item["name"] for item in answer.json()["items"]] == ["박민수"]


def test_who_begins_with_everything_after_that_is_behind_no_more(client, world):
    subscribe(name="first", entity="customer", way="api", by=None)
    add_customer(name="김철수", by=None)
    a_month_passes()
    body = {"name": "erp", "entity": "customer", "way": "api", "everything": True}
    made = call(client, world.anna, "POST", "/subscribers", body).json()
    begin_all()
    answer = call(client, world.anna, "GET", f"/changes?subscriber_id={made['id']}")
    assert [item["name"] for item in answer.json()["items"]] == ["김철수"]


def test_another_feed_is_not_behind(client, world):
    subscribe(name="customers", entity="customer", way="api", by=None)
    body = {"name": "sites", "entity": "site", "way": "api"}
    made = call(client, world.anna, "POST", "/subscribers", body).json()
    add_customer(name="김철수", by=None)
    a_month_passes()
    assert (
        call(client, world.anna, "GET", f"/changes?subscriber_id={made['id']}").status_code == 200
    )


def test_a_webhook_that_was_stopped_for_too_long_gets_everything_when_it_is_sent_again(
    shop, world, client
):
    add_customer(name="김철수", by=None)
    shop.answers = [410]
    send_all(shop.subscriber)
    lost = add_customer(name="이영희", by=None)
    a_month_passes()
    client.force_login(world.anna)
    url = reverse("sources:subscriber_enabling", args=[shop.subscriber.pk])
    page = client.post(url, follow=True).content.decode()
    assert json.dumps("모두 처음부터 다시 보내요")[1:-1] in page and "시작하는 중" in page
    assert "shop" in Notice.objects.get(user=world.dana, text__contains="모두").text
    in_step(shop)
    assert told(shop)[:2] == ["김철수", "김철수"]  # what was given up comes first
    assert sorted(told(shop)[2:]) == sorted(Customer.objects.values_list("name", flat=True))
    assert lost.name in told(shop)[2:]
    add_customer(name="박민수", by=None)
    in_step(shop)
    assert told(shop)[-1] == "박민수" and told(shop).count("이영희") == 1


def test_a_delivery_that_finds_itself_behind_gets_everything_and_says_so(shop, world):
    add_customer(name="김철수", by=None)
    a_month_passes()
    gone = add_customer(name="박민수", by=None)
    Customer.objects.filter(pk=gone.pk).delete()
    in_step(shop)
    names = sorted(Customer.objects.values_list("name", flat=True))
    assert sorted(name for name in told(shop) if name != "–") == names
    deleted = [item for _key, body in shop.got for item in body["data"]["items"] if item.get("deleted")]  # fmt: skip
    assert {item["id"] for item in deleted} == {str(gone.pk)}  # what is kept is told too
    assert Notice.objects.filter(user=world.dana, text__contains="shop").count() == 1


def test_a_webhook_that_is_in_step_gets_nothing_anew(shop):
    add_customer(name="김철수", by=None)
    in_step(shop)
    a_month_passes()
    enable_again(shop.subscriber, by=None)
    add_customer(name="이영희", by=None)
    in_step(shop)
    assert told(shop) == ["김철수", "이영희"] and not Notice.objects.exists()


def test_a_message_that_reaches_what_is_kept_needs_nothing_anew(shop):
    add_customer(name="김철수", by=None)
    shop.answers = [410]
    send_all(shop.subscriber)
    a_month_passes()
    enable_again(shop.subscriber, by=None)
    in_step(shop)
    assert told(shop) == ["김철수", "김철수"]


def test_a_file_of_one_who_is_behind_holds_everything(world):
    subscriber, _secret = subscribe(
        name="erp", entity="customer", way="file", address="erp", schedule="0 3 * * *", by=None
    )
    begin_all()
    add_customer(name="김철수", by=None)
    a_month_passes()
    add_customer(name="이영희", by=None)
    Subscriber.objects.update(next_at=timezone.now())
    for _turn in range(2):
        paths = [dropping.drop(one) for one in dropping.due()]
        begin_all()
    [path] = paths
    assert path
    rows = csv.DictReader(path.open(encoding="utf-8-sig"))
    assert {row["name"] for row in rows} >= {"김철수", "이영희"}
    assert Notice.objects.filter(user=world.dana, text__contains="erp").count() == 1
    subscriber.refresh_from_db()
    assert subscriber.next_at > timezone.now() and Delivery.objects.count() == 1
