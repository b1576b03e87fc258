"""A feed goes only to whom its owner may send it: when it begins, and as long as it goes on."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from dangol.core.models import Notice, User
from dangol.customers.actions import add_customer
from dangol.places.models import Grant
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.actions import enable_again, subscribe
from dangol.sources.outgoing.models import Subscriber
from dangol.sources.outgoing.sending import send_all
from dangol.sources.tests.receiver import receiver

pytestmark = pytest.mark.django_db(transaction=True)
FILE = {"name": "x", "way": "file", "address": "erp", "schedule": "0 3 * * *"}


def test_a_steward_gets_no_purchases_by_feed_or_page(client, world):
    listener, _secret = subscribe(name="x", entity="transaction", way="api", by=None)
    client.force_login(world.dana)
    assert client.get(f"/api/v1/changes?subscriber_id={listener.pk}").status_code == 403
    page = client.get(reverse("sources:subscriber_new"))
    choices = page.context["form"].fields["entity"].choices
    assert [value for value, _label in choices] == ["customer", "site"]
    said = {"name": "x", "entity": "transaction", "way": "api"}
    assert client.post(reverse("sources:subscriber_new"), said).status_code == 422
    answer = client.post("/api/v1/subscribers", json.dumps(said), content_type="application/json")
    assert answer.status_code == 403 and Subscriber.objects.count() == 1


def test_a_right_at_one_site_is_none_over_all_rows(world):
    Grant.objects.create(user=world.dana, role="agent", place=world.place("MAPO"))
    with pytest.raises(PermissionDenied, match="purchases.see"):
        subscribe(entity="transaction", by=User.objects.get(pk=world.dana.pk), **FILE)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("way", ["webhook", "file"])
def test_an_owner_who_lost_the_right_stops_the_feed_with_a_word(world, settings, way):
    settings.INNER_HOSTS = ["127.0.0.1"]
    with receiver() as shop:
        said = FILE if way == "file" else {"name": "x", "way": way, "address": shop.address}
        found, shop.secret = subscribe(entity="customer", by=world.anna, **said)
        add_customer(name="김철수", by=None)
        Grant.objects.filter(user=world.anna).update(revoked_at=timezone.now())
        assert not (send_all(found) if way == "webhook" else dropping.drop(found))
        found.refresh_from_db()
        assert shop.got == [] and not (settings.OUTBOX / "erp").exists()
        assert found.disabled_at and world.anna.name in found.why
        told = Notice.objects.filter(user=world.dana).get()
        assert world.anna.name in told.text
        with pytest.raises(PermissionDenied):
            enable_again(found, by=User.objects.get(pk=world.anna.pk))
        enable_again(found, by=world.dana)
        found.refresh_from_db()
        assert (found.disabled_at, found.why, found.by_id) == (None, "", world.dana.pk)
        assert send_all(found) == 1 if way == "webhook" else dropping.drop(found)


def test_an_owner_who_left_stops_it_too(world):
    found, _secret = subscribe(entity="customer", by=world.anna, **FILE)
    User.objects.filter(pk=world.anna.pk).update(is_active=False)
    assert dropping.drop(found) is None
    assert Subscriber.objects.get().disabled_at is not None
