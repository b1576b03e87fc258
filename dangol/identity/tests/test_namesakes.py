"""Two customers of one name are told apart in lists, pages and words of deeds."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dangol.core.masking import see_whole
from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.models import Question
from dangol.identity.stewarding.doing import deeds_of
from dangol.identity.stewarding.namesakes import (
    Traits,
    name_merges,
    name_splits,
    named,
    told_apart,
)
from dangol.identity.tests.factories import a_merge, a_pair, a_split, known

pytestmark = pytest.mark.django_db
SAME = ("최민숙", "최민숙")


@pytest.fixture(autouse=True)
def english_and_whole():  # type: ignore[no-untyped-def]
    """Words in English, names whole."""
    see_whole(True)
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [
        (Traits("1988"), Traits("1991"), ("최민숙 (born 1988)", "최민숙 (born 1991)")),
        (
            Traits("1988", ("8765", "1111")), Traits("1988", ("1111", "6666")),
            ("최민숙 (…8765)", "최민숙 (…6666)"),
        ),
        (Traits("1988", site="강남"), Traits("", site="마포"), ("최민숙 (강남)", "최민숙 (마포)")),
        (Traits("1988", number="#a"), Traits(number="#b"), ("최민숙 (born 1988)", "최민숙")),
        (Traits("1988", number="#a"), Traits("1988", number="#b"), ("최민숙 (#a)", "최민숙 (#b)")),
    ],
)  # fmt: skip
def test_by_the_first_thing_that_both_have_differently(one, other, names) -> None:
    assert told_apart(SAME, one, other) == names


def test_other_names_need_nothing_more() -> None:
    assert told_apart(("최민숙", "최민수"), Traits("1988"), Traits("1991")) == ("최민숙", "최민수")


def test_names_that_look_the_same_masked_are_told_apart_too() -> None:
    see_whole(False)
    names = told_apart(("최민숙", "최영숙"), Traits("1988"), Traits("1991"))
    assert names == ("최*숙 (born 1988)", "최*숙 (born 1991)")


def test_a_merge_of_namesakes_in_list_page_and_message(client, world) -> None:
    place = world.place("GANGNAM")
    stays, goes = known(place), known(place, phone="010-5555-6666")
    merge = merge_customers(stays, goes, by=None)
    plain = a_merge(place)
    assert named(merge) == "홍서연 (…8765) ← 홍서연 (…6666)"
    name_merges([merge, plain])
    assert (plain.stayed, plain.came) == ("홍서연", "홍서언")  # type: ignore[attr-defined]
    client.force_login(world.dana)
    for address in (reverse("matching:merges"), reverse("matching:merge", args=[merge.pk])):
        page = client.get(address).content.decode()
        assert "홍서연 (…6666)" in page and "홍서연 (…8765)" in page
    undo_merge(merge, by=None)
    merge.refresh_from_db()
    assert named(merge) == "홍서연 (…8765) ← 홍서연 (…6666)"


def test_who_stayed_is_named_by_what_was_known_of_it_then(world) -> None:
    """Not by what whoever took it in later has, nor by who came to it later."""
    place = world.place("GANGNAM")
    stays, goes, third, takes = (
        known(place, phone=phone)
        for phone in ("010-5555-2222", "010-5555-7429", "010-5555-0003", "010-5555-1386")
    )
    merge = merge_customers(stays, goes, by=None)
    assert named(merge) == "홍서연 (…2222) ← 홍서연 (…7429)"
    second = merge_customers(stays, third, by=None)
    assert named(merge) == "홍서연 (…2222) ← 홍서연 (…7429)"
    assert named(second) == "홍서연 (…2222) ← 홍서연 (…0003)"
    merge_customers(takes, stays, by=None)
    merge.refresh_from_db()
    assert named(merge) == "홍서연 (…2222) ← 홍서연 (…7429)"


def test_a_merge_of_namesakes_of_two_years(world) -> None:
    stays, goes = (known(None) for _n in range(2))
    for customer, day in ((stays, "1988-03-14"), (goes, "1991-01-01")):
        type(customer).objects.filter(pk=customer.pk).update(born_on=day)
    merge = merge_customers(stays, goes, by=None)
    assert named(merge) == "홍서연 (born 1988) ← 홍서연 (born 1991)"


def test_a_split_of_namesakes(client, world) -> None:
    customer = known(world.place("GANGNAM"))
    other = SourceRecord.objects.create(
        source="web", key="W1", customer=customer,
        values={"name": "홍서연", "phone": "010-5555-6666", "born_on": "1991-01-01"},
    )  # fmt: skip
    split = split_records(customer, [other.pk], by=None)
    assert named(split) == "홍서연 (born 1988) → 홍서연 (born 1991)"
    client.force_login(world.dana)
    for address in (reverse("matching:splits"), reverse("matching:split", args=[split.pk])):
        page = client.get(address).content.decode()
        assert "홍서연 (1988년생)" in page and "홍서연 (1991년생)" in page
    undo_split(split, by=None)
    split.refresh_from_db()
    with translation.override("en"):
        name_splits([split])
    assert (split.stayed, split.went) == ("홍서연 (born 1988)", "홍서연 (born 1991)")  # type: ignore[attr-defined]


def test_who_was_split_off_and_given_back_is_told_by_the_year_that_would_survive(world) -> None:
    customer = known(world.place("GANGNAM"))
    values = customer.records.get().values
    now = timezone.now()
    going = [
        SourceRecord.objects.create(
            source="web", key=f"W{year}", customer=customer, as_of=now - dt.timedelta(days=days),
            values={**values, "born_on": f"{year}-03-14"},
        ).pk
        for year, days in ((1988, 9), (1991, 1))
    ]  # fmt: skip
    split = split_records(customer, going, by=None)
    assert str(Customer.objects.get(pk=split.new_key).born_on) == "1991-03-14"
    undo_split(split, by=None)
    split.refresh_from_db()
    assert named(split) == "홍서연 (born 1988) → 홍서연 (born 1991)"


def test_who_came_after_a_split_says_nothing_of_who_stayed(world) -> None:
    place = world.place("GANGNAM")
    other = known(place, born_on="1991-01-01", phone="010-5555-6666")
    customer = known(place)
    second = SourceRecord.objects.create(
        source="web", key="W1", customer=customer,
        values={**customer.records.get().values, "born_on": "1991-01-01"},
    )  # fmt: skip
    split = split_records(customer, [second.pk], by=None)
    undo_split(split, by=None)
    merge_customers(customer, other, by=None)
    split.refresh_from_db()
    assert named(split) == "홍서연 (born 1988) → 홍서연 (born 1991)"


def test_an_answer_says_who_takes_in_whom(world) -> None:
    pair = a_pair(world.place("GANGNAM"), name="홍서연", phone="010-5555-6666")
    question = Question.objects.select_related("a__customer", "b__customer").get(pk=pair.pk)
    joined = deeds_of(question, hidden=False)[0]
    assert joined.startswith("홍서연 (…8765) takes in 홍서연 (…6666)")


@pytest.mark.parametrize("page", ["merges", "splits"])
def test_a_list_of_namesakes_asks_no_more_for_more_rows(
    client, world, page, django_assert_max_num_queries
) -> None:
    place = world.place("GANGNAM")
    for n in range(4):
        merge_customers(known(place), known(place, phone=f"010-5555-666{n}"), by=None)
        a_split(place)
    client.force_login(world.dana)
    client.get(reverse(f"matching:{page}"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"matching:{page}")).content.decode().count("홍서연 (") >= 8


def test_the_page_of_a_merge_and_of_a_split_ask_no_more_than_any(
    client, world, django_assert_max_num_queries
) -> None:
    place = world.place("GANGNAM")
    merge = merge_customers(known(place), known(place, phone="010-5555-6666"), by=None)
    split = a_split(place)
    client.force_login(world.dana)
    for page, deed in (("merge", merge), ("split", split)):
        address = reverse(f"matching:{page}", args=[deed.pk])
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
