"""Before a merge it is said what both have: which stays, which goes, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from dangol.core.models import AuditEntry
from dangol.customers.actions import add_contact_point, check_contact_point
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.attributes.values import shown
from dangol.customers.models import AttributeValue, Relation, SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.both import in_both
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("mine", "theirs", "after", "why"),
    [
        (True, False, False, "a consent never becomes wider: of two the narrower stays"),
        (False, True, False, "the customer who stays keeps its own"),
        (True, True, True, "the customer who stays keeps its own"),
    ],
)
def test_of_two_consents_the_narrower_stays_and_undoing_gives_each_its_own(
    client, world, mine: bool, theirs: bool, after: bool, why: str
) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"), name="홍서언")
    consent = make_attribute(
        key="ads",
        name="광고 수신 동의",
        name_en="Advertising",
        kind="yes_no",
        consent=True,
        by=None,
    )
    for customer, flag in ((a, mine), (b, theirs)):
        AttributeValue.objects.create(customer=customer, attribute=consent, flag=flag)
    with translation.override("en"):
        [line] = in_both(a.pk, b.pk)
    words = {True: "Yes", False: "No"}
    assert (line.what, line.stays, line.why) == ("Advertising", words[after], why)
    client.force_login(world.dana)
    page = client.get(f"{reverse('matching:merge_new')}?a={a.pk}&b={b.pk}").content.decode()
    assert "광고 수신 동의" in page
    merge = merge_customers(a, b, by=None)
    assert AttributeValue.objects.get(customer=a).flag is after
    undo_merge(merge, by=None)
    assert AttributeValue.objects.get(customer=a).flag is mine
    assert AttributeValue.objects.get(customer=b).flag is theirs


def test_what_is_no_consent_stays_as_the_one_who_stays_said_it(world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    plan = make_attribute(key="plan", name="케어 플랜", kind="yes_no", by=None)
    AttributeValue.objects.create(customer=a, attribute=plan, flag=True)
    AttributeValue.objects.create(customer=b, attribute=plan, flag=False)
    merge_customers(a, b, by=None)
    assert AttributeValue.objects.get(customer=a).flag is True


def test_a_consent_merged_twice_over_comes_back_to_each(world) -> None:
    a, b, c = (known(world.place("GANGNAM")) for _ in range(3))
    consent = make_attribute(key="ads", name="광고", kind="yes_no", consent=True, by=None)
    for customer, flag in ((a, True), (b, False), (c, True)):
        AttributeValue.objects.create(customer=customer, attribute=consent, flag=flag)
    first = merge_customers(a, b, by=None)
    second = merge_customers(c, a, by=None)
    assert AttributeValue.objects.get().flag is False
    undo_merge(first, by=None)
    undo_merge(second, by=None)
    found = dict(AttributeValue.objects.values_list("customer", "flag"))
    assert found == {a.pk: True, b.pk: False, c.pk: True}


@pytest.mark.parametrize(("mine", "theirs"), [(True, None), (None, True)])
def test_a_consent_that_only_one_gave_is_put_aside_and_comes_back(
    client, world, mine: bool | None, theirs: bool | None
) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    consent = make_attribute(
        key="ads", name="광고", name_en="Advertising", kind="yes_no", consent=True, by=None
    )
    for customer, flag in ((a, mine), (b, theirs)):
        if flag is not None:
            AttributeValue.objects.create(customer=customer, attribute=consent, flag=flag)
    with translation.override("en"):
        [line] = [one for one in in_both(a.pk, b.pk) if one.what == "Advertising"]
    assert (line.stays, line.goes) == ("not known", "Yes")
    assert line.why == "the other did not give it: this consent will have to be asked again"
    client.force_login(world.dana)
    page = client.get(f"{reverse('matching:merge_new')}?a={a.pk}&b={b.pk}").content.decode()
    assert "이 동의는 다시 받아야 함" in page
    merge = merge_customers(a, b, by=None)
    assert not AttributeValue.objects.exists()
    told = AuditEntry.objects.get(verb="merge_customers").changes
    assert told["attribute:ads"] == [True, None]
    undo_merge(merge, by=None)
    found = dict(AttributeValue.objects.values_list("customer", "flag"))
    assert found == {c.pk: f for c, f in ((a, mine), (b, theirs)) if f is not None}


def test_a_part_that_comes_back_from_a_split_leaves_a_consent_as_it_was(world) -> None:
    customer = known(world.place("GANGNAM"))
    second = SourceRecord.objects.create(
        source="web", key="W1", customer=customer, values={"name": "홍서연"}
    )
    consent = make_attribute(key="ads", name="광고", kind="yes_no", consent=True, by=None)
    AttributeValue.objects.create(customer=customer, attribute=consent, flag=True)
    split = split_records(customer, [second.pk], by=None)
    assert not AttributeValue.objects.filter(customer=split.new_key).exists()
    undo_split(split, by=None)
    assert AttributeValue.objects.get().flag is True


def test_of_two_equal_numbers_the_verified_one_stays(world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    mine = add_contact_point(a, "phone", "010-1111-2222", by=None)
    theirs = add_contact_point(b, "phone", "010-1111-2222", by=None)
    check_contact_point(theirs, "verified", by=world.ada)
    with translation.override("en"):
        told = [line for line in in_both(a.pk, b.pk) if line.what.endswith("2222")]
    assert [(line.stays, line.goes) for line in told] == [("Verified", "Not yet verified")]
    merge_customers(a, b, by=None)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.ended_at and theirs.ended_at is None


def test_a_tie_between_the_two_ends(world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    Relation.objects.create(from_customer=a, to_customer=b, kind="household")
    with translation.override("en"):
        assert [line.why for line in in_both(a.pk, b.pk)] == ["nobody is tied to himself"]


def test_numbers_are_written_as_everywhere(world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    driven = make_attribute(key="km", name="주행", kind="number", unit="km", by=None)
    since = make_attribute(key="since", name="가입일", kind="date", by=None)
    for customer, figure in ((a, 13400), (b, 7700.5)):
        AttributeValue.objects.create(customer=customer, attribute=driven, figure=figure)
        AttributeValue.objects.create(customer=customer, attribute=since, day=dt.date(2026, 3, 9))
    with translation.override("ko"):
        lines = {line.what: (line.stays, line.goes) for line in in_both(a.pk, b.pk)}
        assert lines["주행"] == ("13,400 km", "7,700.50 km")
        assert lines["가입일"][0] == shown(since, dt.date(2026, 3, 9))
