"""What a steward decided stays decided, whoever runs the matching afterwards."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.splitting import split_records
from dangol.identity.models import Apart, Question, Run
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


def two_of_one(world):
    """One customer whom two sources know."""
    one = record(**HONG)
    match_waiting()
    other = record("web", **HONG)
    match_waiting()
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.customer == other.customer
    return one, other


def test_split_records_are_not_joined_again_when_they_change(world) -> None:
    one, other = two_of_one(world)
    split = split_records(one.customer, [other.pk], by=world.dana)
    other.refresh_from_db()
    other.values |= {"email": "hong@mail.example"}
    other.unread = True
    other.save()
    counts = match_waiting()
    other.refresh_from_db()
    assert other.customer_id == split.new_key != one.customer_id
    assert "joined" not in counts and "asked" not in counts


def test_a_new_record_that_fits_both_joins_one_and_merges_nobody(world) -> None:
    one, other = two_of_one(world)
    split_records(one.customer, [other.pk], by=world.dana)
    record("old", **HONG)
    assert match_waiting() == {"records": 1, "joined": 1}
    assert Customer.objects.count() == 2 and not Question.objects.exists()


def test_a_full_run_keeps_them_apart_and_asks_nothing(world) -> None:
    one, other = two_of_one(world)
    split_records(one.customer, [other.pk], by=world.dana)
    third = record("old", **HONG)
    run = match_all(Run(kind="full"), by=None)
    third.refresh_from_db()
    assert run.counts["asked"] == 0 and not Question.objects.exists()
    assert Customer.objects.count() == 2 and third.customer is not None


def test_an_undone_merge_is_not_repeated_and_a_merge_by_hand_outweighs_it(world) -> None:
    one, other = two_of_one(world)
    split = split_records(one.customer, [other.pk], by=world.dana)
    new = Customer.objects.get(pk=split.new_key)
    merge = merge_customers(one.customer, new, by=world.dana, decided=True)
    assert not Apart.objects.exists()
    undo_merge(merge, by=world.dana, apart=True)
    assert Apart.objects.count() == 1
    match_all(Run(kind="full"), by=None)
    assert Customer.objects.count() == 2
