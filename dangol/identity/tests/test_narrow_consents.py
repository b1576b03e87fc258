"""What is marked as a consent after customers became one is as strict as if it had been one before."""

from __future__ import annotations

import itertools

import pytest

from dangol.core.models import AuditEntry
from dangol.customers.actions import change_customer
from dangol.customers.attributes.actions import change_attribute, make_attribute
from dangol.customers.models import Attribute, AttributeValue, Customer
from dangol.identity import jobs
from dangol.identity.merging import narrowing
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.consents import together
from dangol.identity.merging.narrowing import NARROWING
from dangol.identity.models import Merge
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db
SAID = (True, False, None)
WIDE = {False: 0, None: 1, True: 2}


@pytest.fixture
def ads() -> Attribute:
    return make_attribute(key="ads", name="광고", kind="yes_no", by=None)


def people(count: int) -> list[Customer]:
    """So many customers who have nothing in common."""
    return [
        known(None, name=f"홍{n}", phone=f"010-7777-{1000 + n}", born_on=f"19{60 + n}-01-01")
        for n in range(count)
    ]


def write(customer: Customer, ads: Attribute, flag: bool | None) -> None:
    """What was known of a customer from the beginning."""
    if flag is not None:
        AttributeValue.objects.create(customer=customer, attribute=ads, flag=flag)


def say(customer: Customer, flag: bool | None) -> None:
    """Somebody writes what a customer says now."""
    customer.refresh_from_db()
    change_customer(
        customer, by=None, revision=customer.revision, seen={}, attributes={"ads": flag}
    )


def flag_of(customer: Customer) -> bool | None:
    """What is known of a customer now."""
    found = AttributeValue.objects.filter(customer=customer.pk, attribute__key="ads")
    return found.values_list("flag", flat=True).first()


def mark(ads: Attribute) -> None:
    """It becomes a consent, and the job does its work."""
    change_attribute(ads, by=None, consent=True)
    jobs.narrow_consents("ads")


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(SAID, SAID)))
def test_a_merge_of_before_keeps_what_both_said_and_gives_each_back_its_own(
    ads, mine, theirs
) -> None:
    a, b = people(2)
    write(a, ads, mine)
    write(b, ads, theirs)
    merge = merge_customers(a, b, by=None)
    plain = theirs if mine is None else mine
    assert flag_of(a) is plain
    mark(ads)
    expected = together(mine, theirs) if plain else plain
    assert flag_of(a) is expected
    undo_merge(merge, by=None)
    assert (flag_of(a), flag_of(b)) == (mine, theirs)


@pytest.mark.parametrize("flags", list(itertools.product(SAID, repeat=3)))
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_merged_twice_over_nobody_ever_says_more_than_he_said(ads, flags, order) -> None:
    a, b, c = people(3)
    for customer, flag in zip((a, b, c), flags, strict=True):
        write(customer, ads, flag)
    merges = [
        merge_customers(a, b, by=None),
        merge_customers(c, Customer.objects.get(pk=a.pk), by=None),
    ]
    mark(ads)
    if flag_of(c):
        assert flags == (True, True, True)
    undo_merge(Merge.objects.get(pk=merges[order[0]].pk), by=None)
    for one, said in zip((a, b, c), flags, strict=True):
        if Customer.objects.filter(pk=one.pk).exists():
            assert WIDE[flag_of(one)] <= WIDE[said]
    if order[0] == 1 and flag_of(a):
        assert flags[:2] == (True, True), "who stays one with another says what both said"
    undo_merge(Merge.objects.get(pk=merges[order[1]].pk), by=None)
    assert (flag_of(a), flag_of(b), flag_of(c)) == flags


def test_what_was_said_of_the_one_customer_since_counts(ads) -> None:
    a, b, c, d = people(4)
    write(a, ads, True)
    merge_customers(a, b, by=None)
    say(a, False)
    say(a, True)
    write(d, ads, False)
    merge_customers(c, d, by=None)
    say(c, True)
    mark(ads)
    assert flag_of(a) is True and flag_of(c) is True


def test_who_was_merged_by_nobody_keeps_a_yes(ads) -> None:
    a, b, c = people(3)
    for one in (a, b, c):
        write(one, ads, True)
    undo_merge(merge_customers(a, b, by=None), by=None)
    mark(ads)
    assert [flag_of(one) for one in (a, b, c)] == [True, True, True]


def test_portion_by_portion_and_again_it_comes_to_the_same(ads, monkeypatch) -> None:
    monkeypatch.setattr(narrowing, "PORTION", 1)
    pairs = [people(6)[n : n + 2] for n in (0, 2, 4)]
    for a, b in pairs:
        write(a, ads, True)
        merge_customers(a, b, by=None)
    kept, silent = pairs[0][0], people(1)[0]
    write(silent, ads, True)
    merge_customers(kept, silent, by=None)
    change_attribute(ads, by=None, consent=True)
    [first, *_rest] = narrowing.merged_and_asked("ads", narrowing.uuid.UUID(int=0))
    assert narrowing.narrow_portion("ads", [first], by=None) == 1
    assert jobs.narrow_consents("ads") == "2 customers to be asked again"
    assert jobs.narrow_consents("ads") == "0 customers to be asked again"
    assert not AttributeValue.objects.exists()
    assert AuditEntry.objects.filter(verb="narrow_consent").count() == 3


def test_marking_asks_for_the_job_once_it_is_sure(
    ads, world, django_capture_on_commit_callbacks
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(task_name=NARROWING)
    with django_capture_on_commit_callbacks(execute=True):
        change_attribute(ads, by=world.anna, name="광고 수신")
    assert not waiting.exists()
    with django_capture_on_commit_callbacks(execute=True):
        change_attribute(ads, by=world.anna, consent=True)
    assert waiting.get().args == {"key": "ads", "by": str(world.anna.pk)}


def test_unmarked_before_the_job_comes_nothing_is_narrowed(ads) -> None:
    a, b = people(2)
    write(a, ads, True)
    merge_customers(a, b, by=None)
    change_attribute(ads, by=None, consent=True)
    change_attribute(ads, by=None, consent=False)
    assert jobs.narrow_consents("ads") == "0 customers to be asked again" and flag_of(a) is True


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(SAID, SAID)))
def test_unmarked_since_undoing_still_gives_each_its_own(ads, mine, theirs) -> None:
    a, b = people(2)
    write(a, ads, mine)
    write(b, ads, theirs)
    merge = merge_customers(a, b, by=None)
    mark(ads)
    change_attribute(ads, by=None, consent=False)
    undo_merge(merge, by=None)
    assert (flag_of(a), flag_of(b)) == (mine, theirs)


def test_a_yes_given_again_by_hand_stays_when_it_is_looked_at_again(ads) -> None:
    a, b = people(2)
    write(a, ads, True)
    merge_customers(a, b, by=None)
    mark(ads)
    say(a, True)
    jobs.narrow_consents("ads")
    assert flag_of(a) is True
