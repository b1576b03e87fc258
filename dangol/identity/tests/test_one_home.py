"""One home that sources spell in several ways is one contact point, whatever is known of it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dangol.customers.actions import check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.told import ways
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, known, record

pytestmark = pytest.mark.django_db
SHORT = "서울 강남구 테헤란로 152 101동 1203호"
LONG = "서울특별시 강남구 테헤란로 152, 101-1203"
OTHER = "서울 강남구 테헤란로 152 101동 1204호"


def says(customer: Customer, source: str, address: str) -> SourceRecord:
    """Another record of a customer; who they are follows it."""
    row = SourceRecord.objects.create(
        source=source, key=source, customer=customer, values=HONG | {"address": address}
    )
    refresh_golden([customer.pk], by=None, trust={})
    return row


def homes(customer: Customer) -> set[str]:
    """The addresses in use."""
    rows = ContactPoint.objects.filter(customer=customer, kind="address", ended_at=None)
    return set(rows.values_list("value", flat=True))


@pytest.fixture
def customer(world) -> Customer:
    """Somebody whose home one source knows."""
    found = known(world.place("GANGNAM"))
    says(found, "web", SHORT)
    assert homes(found) == {SHORT}
    return found


def test_another_spelling_is_no_other_home(customer) -> None:
    says(customer, "app", LONG)
    assert homes(customer) == {SHORT}
    says(customer, "club", OTHER)
    assert homes(customer) == {SHORT, OTHER}


def test_the_spelling_follows_when_only_the_other_is_left(customer) -> None:
    says(customer, "app", LONG)
    SourceRecord.objects.filter(source="web").update(gone_at=timezone.now())
    refresh_golden([customer.pk], by=None, trust={})
    assert homes(customer) == {SHORT}  # the home is still said, and keeps its contact point
    SourceRecord.objects.filter(source="app").update(gone_at=timezone.now())
    refresh_golden([customer.pk], by=None, trust={})
    assert homes(customer) == set()
    SourceRecord.objects.filter(source="app").update(gone_at=None)
    refresh_golden([customer.pk], by=None, trust={})
    assert homes(customer) == {SHORT} and ContactPoint.objects.filter(kind="address").count() == 1


def test_a_home_found_wrong_stays_wrong_however_it_is_spelt(customer, world) -> None:
    check_contact_point(customer.contact_points.get(kind="address"), "wrong", by=world.ada)
    says(customer, "app", LONG)
    assert homes(customer) == {SHORT}
    point = customer.contact_points.get(kind="address")
    assert (point.state, point.preferred) == ("wrong", False)


def test_what_a_person_put_right_stays_ended_however_it_is_spelt(customer, world) -> None:
    point = customer.contact_points.get(kind="address")
    check_contact_point(point, "moved", by=world.ada, new_value=OTHER)
    says(customer, "app", LONG)
    assert homes(customer) == {OTHER}


def test_who_says_less_of_a_home_speaks_of_no_other_one(customer) -> None:
    says(customer, "app", "서울 강남구 테헤란로 152")
    says(customer, "club", "서울 강남구 테헤란로 152 1203호")
    assert homes(customer) == {SHORT}


def test_the_fuller_spelling_takes_the_place_of_what_nobody_checked(world) -> None:
    found = known(world.place("GANGNAM"))
    says(found, "app", "서울 강남구 테헤란로 152 1203호")
    says(found, "web", SHORT)
    assert homes(found) == {SHORT}


def test_who_moved_out_does_not_come_back_by_a_fuller_or_a_shorter_spelling(world) -> None:
    found = known(world.place("GANGNAM"))
    says(found, "app", "서울 강남구 테헤란로 152 1203호")
    check_contact_point(found.contact_points.get(kind="address"), "moved", by=world.ada)
    says(found, "web", SHORT)
    says(found, "club", "서울특별시 강남구 테헤란로 152")
    point = found.contact_points.get(kind="address", ended_at=None)
    assert (point.state, point.preferred) == ("moved", False)


def test_who_was_heard_to_live_there_has_no_second_home_by_a_fuller_spelling(world) -> None:
    found = known(world.place("GANGNAM"))
    says(found, "app", "서울 강남구 테헤란로 152 1203호")
    check_contact_point(found.contact_points.get(kind="address"), "verified", by=world.ada)
    says(found, "web", SHORT)
    assert homes(found) == {"서울 강남구 테헤란로 152 1203호"}


def test_a_wrong_one_without_its_block_does_not_speak_of_the_full_one(world) -> None:
    found = known(world.place("GANGNAM"))
    says(found, "app", "서울 강남구 테헤란로 152 1203호")
    check_contact_point(found.contact_points.get(kind="address"), "wrong", by=world.ada)
    says(found, "web", SHORT)
    assert homes(found) == {SHORT, "서울 강남구 테헤란로 152 1203호"}
    assert found.contact_points.get(preferred=True, kind="address").value == SHORT


def test_two_that_stood_side_by_side_become_one_and_the_checked_one_stays(customer, world) -> None:
    double = ContactPoint.objects.create(
        customer=customer, kind="address", value=LONG, source="app", state="verified",
        checked_at=timezone.now(),
    )  # fmt: skip
    says(customer, "app", LONG)
    assert homes(customer) == {LONG}
    double.refresh_from_db()
    assert double.preferred


def test_every_spelling_stays_visible(customer) -> None:
    says(customer, "app", LONG)
    rows = list(customer.records.order_by("pk"))
    line = next(one for one in ways(customer, rows) if one.field == "address")
    assert line.kept is not None and (line.kept.key, line.agreeing) == ("web", 2)
    assert [(one.key, one.why) for one in line.losers] == [
        ("app", "같은 집, 다르게 쓰거나 덜 자세히 씀")
    ]


def test_a_split_leaves_the_home_with_both(customer, world) -> None:
    going = says(customer, "app", LONG)
    before = set(ContactPoint.objects.values_list("pk", "customer_id", "ended_at"))
    split = split_records(customer, [going.pk], by=world.dana)
    new = Customer.objects.get(pk=split.new_key)
    assert homes(customer) == {SHORT} and homes(new) == {LONG}
    undo_split(split, by=world.dana)
    assert homes(customer) == {SHORT}
    assert before <= set(ContactPoint.objects.values_list("pk", "customer_id", "ended_at"))


def test_who_is_founded_has_each_home_once() -> None:
    record("a", **HONG, address=SHORT)
    record("b", **HONG, address=LONG)
    match_waiting()
    assert len(homes(Customer.objects.get())) == 1
