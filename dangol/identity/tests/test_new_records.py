"""A record that comes finds its customer, becomes one, or is asked about."""

from __future__ import annotations

import pytest

from dangol.customers.models import Alias, Customer, Relation
from dangol.identity.merging.actions import undo_merge
from dangol.identity.models import Link, Merge, Question
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


def test_a_record_of_nobody_known_becomes_a_customer() -> None:
    one = record(**HONG)
    assert match_waiting() == {"records": 1, "made": 1}
    one.refresh_from_db()
    assert one.customer is not None and one.customer.name == "홍서연"
    assert str(one.customer.born_on) == "1988-03-14"
    assert [p.value for p in one.customer.contact_points.all()] == ["+821043218765"]
    assert match_waiting() == {"records": 0}


def test_a_second_source_is_recognised_and_says_why() -> None:
    first = record(**HONG)
    match_waiting()
    second = record("web", name="홍 서연", phone="+82 10 4321 8765", email="hong@mail.example")
    assert match_waiting() == {"records": 1, "joined": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.customer == second.customer and Customer.objects.count() == 1
    assert second.customer is not None
    assert second.customer.contact_points.filter(kind="email").get().value == "hong@mail.example"
    why = Link.objects.get(record=second)
    assert why.other == first and why.weight > 6
    assert [s[:2] for s in why.steps] == [["name", "same"], ["phone", "same"]]


def test_a_couple_with_one_phone_is_a_household_not_one_person() -> None:
    record(**HONG)
    record(name="김도현", phone="010-4321-8765", born_on="1985-11-02", gender="M")
    assert match_waiting() == {"records": 2, "made": 2, "households": 1}
    assert Customer.objects.count() == 2
    assert Relation.objects.get().kind == "household"


def test_a_name_and_phone_typed_wrong_is_still_the_same() -> None:
    record(**HONG)
    match_waiting()
    record("old", name="홍서언", phone="010-4321-8756", born_on="1988-03-14")
    assert match_waiting()["joined"] == 1


def test_the_same_name_alone_is_nobody() -> None:
    record(name="김지훈", phone="010-2222-3333", born_on="1990-01-01")
    record(name="김지훈", phone="010-4444-5555", born_on="1971-07-07")
    assert match_waiting() == {"records": 2, "made": 2}
    assert not Question.objects.exists()


def test_two_customers_bridged_by_a_record_become_one_until_that_is_undone() -> None:
    one = record(name="홍서연", phone="010-4321-8765", born_on="1988-03-14")
    two = record(name="홍서연", email="hong@mail.example")
    match_waiting()
    assert Customer.objects.count() == 2, "the name alone joins nobody"
    record("web", name="홍서연", phone="010-4321-8765", email="hong@mail.example")
    assert match_waiting() == {"records": 1, "joined": 1, "merged": 1}
    assert Customer.objects.count() == 1 and not Question.objects.exists()
    undo_merge(Merge.objects.get(), by=None)
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.customer_id != two.customer_id and Customer.objects.count() == 2


def test_a_customer_made_by_a_file_is_merged_and_the_merge_undone() -> None:
    older = record(**HONG)
    match_waiting()
    older.refresh_from_db()
    from dangol.customers.actions import add_contact_point, add_customer

    newer = add_customer(
        name="홍서연", by=None, born_on="1988-03-14", source="web", source_key="W1"
    )
    add_contact_point(newer, "phone", "010-4321-8765", source="web", by=None)
    assert newer.records.get().values["phone"] == "+821043218765"
    assert match_waiting()["joined"] == 1
    merge = Merge.objects.get()
    assert (
        merge.merged_key == newer.pk
        and Alias.objects.get(old_id=newer.pk).customer == older.customer
    )
    assert older.customer.records.count() == 2
    back = undo_merge(merge, by=None)
    assert back.pk == newer.pk and back.name == "홍서연"
    assert back.records.count() == 1 and older.customer.records.count() == 1
    assert back.contact_points.get().value == "+821043218765"
    assert not Alias.objects.exists()
