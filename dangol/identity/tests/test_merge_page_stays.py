"""The page of a merge says what was merged on that day, and apart from it how it is now."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.customers.models import Customer
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.preview import given_back_by, moved_by
from dangol.identity.models import Merge
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_merges(world) -> tuple[Merge, Merge]:
    """One customer takes in another, and is taken in by a third."""
    place = world.place("GANGNAM")
    one, two = known(place), known(place, name="이서연", phone="010-7777-1234")
    three = known(place, name="박도윤", phone="010-8888-1234")
    first = merge_customers(one, two, by=None)
    second = merge_customers(three, Customer.objects.get(pk=one.pk), by=None)
    return first, second


def page_of(client, merge: Merge) -> dict:  # type: ignore[type-arg]
    """What the page of a merge is made of."""
    answer = client.get(reverse("matching:merge", args=[merge.pk]))
    told = {name: answer.context[name] for name in ("merge", "moved", "records", "now")}
    return {**told, "text": answer.content.decode()}


def test_undoing_another_merge_rewrites_nothing(client, world, two_merges) -> None:
    first, second = two_merges
    client.force_login(world.dana)
    before = page_of(client, second)
    assert before["now"] is None and len(before["records"]) == 2
    undo_merge(first, by=None)
    after = page_of(client, second)
    assert (after["moved"], after["records"]) == (before["moved"], before["records"])
    assert after["now"] and after["now"] != after["moved"]
    assert "레코드 2건" in after["text"] and "레코드 1건" in after["text"]
    stayed = [page["merge"].stayed for page in (before, after)]
    assert stayed[0] == stayed[1] == "박도윤"
    listed = client.get(reverse("matching:merges")).content.decode()
    assert "박도윤" in listed and "홍서연" in listed


def test_a_program_is_told_both(client, world, two_merges) -> None:
    first, second = two_merges
    client.force_login(world.dana)
    where = f"/api/v1/matching/merges/{second.pk}"
    before = client.get(where).json()
    assert before["survivor_name"] == "박도윤" and before["gives_back"] == before["moved"]
    undo_merge(first, by=None)
    after = client.get(where).json()
    assert after["moved"] == before["moved"] and after["gives_back"] != after["moved"]


def test_undone_twice_it_still_says_what_it_did_first(two_merges, world) -> None:
    first, second = two_merges
    moved = moved_by(second)
    four = known(world.place("GANGNAM"), name="최민숙", phone="010-9999-1234")
    undo_merge(first, by=None)
    third = merge_customers(Customer.objects.get(pk=second.survivor_key), four, by=None)
    undo_merge(Merge.objects.get(pk=second.pk), by=None)
    second.refresh_from_db()
    third.refresh_from_db()
    assert moved_by(second) == moved and third.undone_at is None
    assert given_back_by(third)


def test_the_name_of_that_day_stays(client, world) -> None:
    place = world.place("GANGNAM")
    one, two = known(place), known(place, name="이서연", phone="010-7777-1234")
    merge = merge_customers(one, two, by=None)
    Customer.objects.filter(pk=one.pk).update(name="홍길순")
    client.force_login(world.dana)
    page = page_of(client, merge)
    assert page["merge"].stayed == "홍서연" and "홍길순" in page["text"]
    undo_merge(merge, by=None)
    assert "각각의 고객" in page_of(client, merge)["text"]
