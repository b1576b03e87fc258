"""Verified beats newest beats most trusted, and one way of each kind comes first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.core.models import AuditEntry
from dangol.customers.actions import add_contact_point, change_customer, check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.customers.queries import usable_phone, usable_phones
from dangol.identity.golden.told import records_of, ways
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, known, record

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = "+821011111111", "+821022222222", "+821033333333"
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def of_sources(**values: str) -> Customer:
    """A customer of whom each source says another phone."""
    customer = known(None)
    customer.records.all().delete()
    for source, phone in values.items():
        SourceRecord.objects.create(
            source=source, key=source, customer=customer, values={"name": "홍서연", "phone": phone}
        )
    refresh_golden([customer.pk], by=None, trust={})
    return customer


def first(customer: Customer, kind: str = "phone") -> str:
    """The one preferred way of a kind, which is the one that is called."""
    [point] = customer.contact_points.filter(kind=kind, ended_at=None, preferred=True)
    if kind == "phone":
        called = usable_phones(customer.pk).first()
        assert called == point == usable_phone(Customer.objects.get(pk=customer.pk))
    return point.value


def test_two_phones_of_a_new_customer_and_one_is_preferred() -> None:
    one = record(**HONG, phone2="010-2222-2222", email="a@mail.example", address="서울 1")
    match_waiting()
    one.refresh_from_db()
    assert one.customer is not None
    points = one.customer.contact_points.order_by("kind", "value")
    assert [(p.kind, p.preferred) for p in points] == [
        ("address", True), ("email", True), ("phone", False), ("phone", True),
    ]  # fmt: skip
    assert first(one.customer) == "+821043218765"


def test_what_came_first_before_and_still_does_is_no_change() -> None:
    customer = of_sources(a=ONE, b=TWO)
    before = first(customer)
    ContactPoint.objects.filter(customer=customer).update(preferred=True)
    AuditEntry.objects.all().delete()
    refresh_golden([customer.pk], by=None, trust={})
    assert first(customer) == before
    assert not AuditEntry.objects.filter(changes__has_key="preferred_phone").exists()


def test_an_ended_preferred_number_gives_way_to_its_successor() -> None:
    customer = of_sources(a=ONE)
    SourceRecord.objects.filter(customer=customer).update(values={"name": "홍서연", "phone": TWO})
    refresh_golden([customer.pk], by=None, trust={})
    assert first(customer) == TWO
    assert not customer.contact_points.get(value=ONE).preferred


def test_verified_beats_newest_beats_most_trusted(world) -> None:
    trust = {"c": {"phone": 90}}
    customer = of_sources(a=ONE, b=TWO, c=THREE)
    refresh_golden([customer.pk], by=None, trust=trust)
    assert first(customer) == THREE, "of unknown age all: the most trusted"
    SourceRecord.objects.filter(source="b").update(as_of=NOW)
    refresh_golden([customer.pk], by=None, trust=trust)
    assert first(customer) == TWO, "the newest"
    check_contact_point(customer.contact_points.get(value=ONE), "verified", by=world.ada, at=NOW)
    assert first(customer) == ONE, "verified"
    refresh_golden([customer.pk], by=None, trust=trust)
    assert first(customer) == ONE
    later = NOW + dt.timedelta(days=1)
    check_contact_point(customer.contact_points.get(value=THREE), "verified", by=None, at=later)
    refresh_golden([customer.pk], by=None, trust=trust)
    assert first(customer) == THREE, "the latest check"
    check_contact_point(customer.contact_points.get(value=THREE), "wrong", by=None)
    refresh_golden([customer.pk], by=None, trust=trust)
    assert first(customer) == ONE, "what is wrong is never preferred"
    told = [line.kept for line in ways(customer, records_of(customer.pk))]
    assert [one.value[-4:] for one in told if one] == ["1111", "2222", "3333"]


def test_what_a_person_chose_stays_first_until_it_is_wrong(world) -> None:
    customer = of_sources(a=ONE, b=TWO)
    chosen = add_contact_point(customer, "phone", THREE, by=world.ada, preferred=True)
    check_contact_point(customer.contact_points.get(value=ONE), "verified", by=world.ada)
    refresh_golden([customer.pk], by=None, trust={})
    assert first(customer) == THREE
    check_contact_point(chosen, "wrong", by=world.ada)
    assert first(customer) == ONE
    refresh_golden([customer.pk], by=None, trust={})
    assert first(customer) == ONE


def test_a_program_chooses_a_number_that_is_there(client, world) -> None:
    customer = of_sources(a=ONE, b=TWO)
    add_contact_point(customer, "phone", TWO, by=world.ada, preferred=True)
    refresh_golden([customer.pk], by=None, trust={})
    assert first(customer) == TWO
    assert customer.contact_points.count() == 2


def test_a_correction_by_hand_beats_whatever_a_source_says_later(world) -> None:
    customer = of_sources(a=ONE)
    customer.refresh_from_db()
    change_customer(customer, by=world.ada, revision=customer.revision, seen={}, name="홍서윤")
    SourceRecord.objects.filter(source="a").update(
        as_of=timezone.now() + dt.timedelta(days=1), values={"name": "홍서연", "phone": ONE}
    )
    refresh_golden([customer.pk], by=None, trust={"a": {"name": 100}})
    customer.refresh_from_db()
    assert customer.name == "홍서윤"


def test_the_page_says_that_an_age_is_not_known(client, world) -> None:
    customer = known(world.place("GANGNAM"))
    refresh_golden([customer.pk], by=None, trust={})
    client.force_login(world.dana)
    url = reverse("matching:golden", args=[customer.pk])
    assert "시점 모름" in client.get(url).content.decode()
    SourceRecord.objects.filter(customer=customer).update(as_of=NOW)
    assert "시점 모름" not in client.get(url).content.decode()


def test_a_merge_leaves_one_preferred_number_and_undoing_gives_back_both() -> None:
    from dangol.identity.merging.actions import merge_customers, undo_merge

    a, b = of_sources(a=ONE), of_sources(b=TWO)
    merge = merge_customers(a, b, by=None)
    assert ContactPoint.objects.filter(customer=a, preferred=True).count() == 1
    undo_merge(merge, by=None)
    assert (first(a), first(b)) == (ONE, TWO)
