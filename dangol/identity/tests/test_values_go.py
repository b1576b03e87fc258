"""What no source says any more goes from the customer, and comes back when a source says it again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dangol.core.models import AuditEntry, Event
from dangol.customers.actions import add_contact_point, change_customer, check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.models import Question
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db
MINE, NEW = "+821043218765", "+821055556666"


def made(**values: str) -> tuple[Customer, SourceRecord]:
    """A customer of one record that was matched."""
    first = record(**{**HONG, **values})
    match_waiting()
    first.refresh_from_db()
    assert first.customer is not None
    return first.customer, first


def says(one: SourceRecord, **values: str) -> None:
    """The source says this now, and the matching has read it."""
    SourceRecord.objects.filter(pk=one.pk).update(values=values, unread=True, gone_at=None)
    match_waiting()


def live(customer: Customer, kind: str = "phone") -> set[str]:
    """The ways of one kind that are in use."""
    rows = ContactPoint.objects.filter(customer=customer, kind=kind, ended_at=None)
    return set(rows.values_list("value", flat=True))


def test_a_value_that_its_only_source_withdrew_is_emptied_and_told() -> None:
    customer, one = made(tier="gold", note="창가", email="hong@mail.example", language="en")
    customer.refresh_from_db()
    assert (customer.tier, customer.language) == ("gold", "en")
    Event.objects.all().delete()
    says(one, name="홍서연", phone=MINE)
    customer.refresh_from_db()
    assert (customer.name, customer.tier, customer.note) == ("홍서연", "", "")
    assert (customer.born_on, customer.gender, customer.language) == (None, "", "ko")
    assert live(customer) == {MINE} and live(customer, "email") == set()
    audit = AuditEntry.objects.filter(verb="follow_sources").latest("created_at")
    assert audit.changes["tier"] == ["gold", ""]
    assert audit.changes["email"] == ["hong@mail.example", None]
    told = Event.objects.get(name="customers.CustomerChanged")
    assert {"tier", "born_on", "email"} <= set(told.payload["fields"])


def test_the_next_best_value_takes_the_place_of_one_that_went() -> None:
    customer, one = made(tier="gold")
    other = record("web", **{**HONG, "tier": "silver"})
    match_waiting()
    customer.refresh_from_db()
    assert customer.tier == "gold"
    says(one, name="홍서연", phone=MINE)
    customer.refresh_from_db()
    other.refresh_from_db()
    assert (other.customer_id, customer.tier, customer.gender) == (customer.pk, "silver", "f")


def test_a_record_that_went_takes_its_values_along_and_brings_them_back() -> None:
    customer, one = made(tier="gold")
    SourceRecord.objects.filter(pk=one.pk).update(gone_at=timezone.now(), unread=True)
    match_waiting()
    customer.refresh_from_db()
    assert (customer.name, customer.tier, live(customer)) == ("홍서연", "", set())
    says(one, **{**HONG, "tier": "gold"})
    customer.refresh_from_db()
    assert (customer.tier, live(customer)) == ("gold", {MINE})
    assert ContactPoint.objects.get().preferred


def test_a_number_that_left_its_source_is_reopened_when_it_returns() -> None:
    customer, one = made()
    says(one, name="홍서연", phone=NEW)
    assert live(customer) == {NEW}
    says(one, **HONG)
    assert live(customer) == {MINE}
    back = customer.contact_points.get(value=MINE)
    assert (back.ended_for, back.preferred) == ("", True)
    assert customer.contact_points.get(value=NEW).ended_for == "source"


def test_what_a_person_ended_stays_ended_however_often_a_source_says_it(world) -> None:
    customer, one = made()
    point = customer.contact_points.get()
    check_contact_point(point, "wrong", by=world.ada, new_value=NEW)
    says(one, name="홍서연")
    says(one, **HONG)
    assert live(customer) == {NEW}


def test_a_verified_number_whose_source_withdrew_it_is_ours_from_then_on(world) -> None:
    customer, one = made()
    check_contact_point(customer.contact_points.get(), "verified", by=world.ada)
    says(one, name="홍서연")
    assert live(customer) == {MINE}
    ours = customer.records.get(source="dangol")
    assert ours.values == {"phone": MINE}
    says(one, name="홍서연", tier="gold")
    assert live(customer) == {MINE} and customer.records.count() == 2


def test_a_wrong_number_leaves_with_its_source(world) -> None:
    customer, one = made()
    check_contact_point(customer.contact_points.get(), "wrong", by=world.ada)
    says(one, name="홍서연")
    assert live(customer) == set()
    says(one, **HONG)
    assert customer.contact_points.get(ended_at=None).state == "wrong"
    assert not customer.contact_points.get().preferred


def test_what_was_written_by_hand_has_a_record_and_stays(world) -> None:
    customer, one = made()
    home, mapo = world.place("GANGNAM"), world.place("MAPO")
    for number in ("010-7777-0001", "010-7777-0002", "010-7777-0003"):
        add_contact_point(customer, "phone", number, by=world.ada, source="manual")
    customer.refresh_from_db()
    change_customer(customer, by=world.ada, revision=customer.revision, seen={}, home_place=mapo)
    says(one, **HONG, home=str(home.pk))
    refresh_golden([customer.pk], by=None, trust={})
    customer.refresh_from_db()
    assert customer.home_place == mapo
    assert live(customer) == {MINE, *(f"+82107777000{n}" for n in (1, 2, 3))}
    ours = customer.records.get(source="dangol").values
    assert [ours[f] for f in ("phone", "phone2", "phone3", "home")] == [
        "+821077770001", "+821077770002", "+821077770003", str(mapo.pk),
    ]  # fmt: skip


def test_a_record_that_is_asked_about_brings_its_customer_in_line_at_once() -> None:
    customer, one = made()
    record("web", **HONG)
    match_waiting()
    other = record(name="김도현", phone="010-9999-1111", born_on="1971-01-01", gender="M")
    match_waiting()
    other.refresh_from_db()
    assert other.customer_id != customer.pk
    says(one, name="김도현", phone="010-9999-1111", born_on="1971-01-01", gender="M", tier="gold")
    one.refresh_from_db()
    customer.refresh_from_db()
    assert Question.objects.filter(why="customers").count() == 1
    assert (one.unread, customer.tier) == (False, "gold")


def test_a_portion_asks_for_sites_and_trust_once(world, django_assert_max_num_queries) -> None:
    places = [world.place(code) for code in ("GANGNAM", "MAPO", "HAEUNDAE")]
    keys = []
    for number in range(12):
        home = str(places[number % 3].pk)
        one = record(name=f"손님{number}", phone=f"010-2222-{number:04}", home=home)
        customer = Customer.objects.create(name="?")
        SourceRecord.objects.filter(pk=one.pk).update(customer=customer)
        keys.append(customer.pk)
    with django_assert_max_num_queries(8):
        assert refresh_golden(keys, by=None, trust={}, tell=False) == 12
    assert not Customer.objects.filter(home_place=None).exists()
