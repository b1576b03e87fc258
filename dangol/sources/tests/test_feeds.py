"""Every entity has a feed: products too, and customers when only their keys in sources change."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from django.utils import timezone

from dangol.customers.actions import add_customer
from dangol.customers.models import SourceRecord
from dangol.purchases.models import Product
from dangol.sources.models import Entity
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.outgoing.feed import changes_after
from dangol.sources.outgoing.models import FeedEntity, Subscriber
from dangol.sources.outgoing.payloads import items_of

pytestmark = pytest.mark.django_db(transaction=True)


def told_since(subscriber: Subscriber) -> list[dict]:  # type: ignore[type-arg]
    """What comes after its position, which moves."""
    subscriber.refresh_from_db()
    told = changes_after(subscriber.entity, (subscriber.after_xid, subscriber.after_id), 1000)
    subscriber.after_xid, subscriber.after_id = told.position
    subscriber.save()
    return items_of(subscriber.entity, told.keys) if told.keys else []


def test_every_entity_of_a_source_has_its_feed():
    customers = {str(Entity.PERSON), str(Entity.ORGANISATION)}
    assert {str(one) for one in FeedEntity} == {str(one) for one in Entity} - customers | {"customer"}  # fmt: skip


def test_a_product_that_changes_is_told():
    family = Product.objects.create(code="F", name="정수기")
    listener, _secret = subscribe(
        name="shop", entity="product", way="file", address="shop", schedule="0 3 * * *",
        everything=True, by=None,
    )  # fmt: skip
    begin_all()
    model = Product.objects.create(code="F-1", name="정수기 1", parent=family)
    Product.objects.filter(pk=model.pk).update(ended_on=dt.date(2026, 1, 31))
    path = dropping.drop(listener)
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    assert [(row["code"], row["parent"], row["ended_on"]) for row in rows][0] == ("F", "", "")
    assert {(row["code"], row["parent"], row["ended_on"]) for row in rows[1:]} == {("F-1", "F", "2026-01-31")}  # fmt: skip
    Product.objects.filter(pk=model.pk).delete()
    assert told_since(listener) == [{"id": str(model.pk), "deleted": True}]


def test_a_customer_whose_keys_alone_change_is_told():
    one, other = add_customer(name="김철수", by=None), add_customer(name="이영희", by=None)
    listener, _secret = subscribe(name="erp", entity="customer", way="api", by=None)
    told_since(listener)
    record = SourceRecord.objects.create(source="crm", key="77", values={"name": "김철수"})
    assert told_since(listener) == []  # it concerns nobody yet
    SourceRecord.objects.filter(pk=record.pk).update(customer=one)
    [told] = told_since(listener)
    assert told["id"] == str(one.pk) and {"source": "crm", "key": "77"} in told["source_keys"]
    SourceRecord.objects.filter(pk=record.pk).update(seen_at=timezone.now(), unread=False)
    assert told_since(listener) == []  # read again, nothing changed
    SourceRecord.objects.filter(pk=record.pk).update(customer=other)
    assert {told["id"] for told in told_since(listener)} == {str(one.pk), str(other.pk)}
    SourceRecord.objects.filter(pk=record.pk).update(gone_at=timezone.now())
    [told] = told_since(listener)
    assert told["id"] == str(other.pk) and {"source": "crm", "key": "77"} not in told["source_keys"]
    SourceRecord.objects.filter(pk=record.pk).delete()
    assert [told["id"] for told in told_since(listener)] == [str(other.pk)]
