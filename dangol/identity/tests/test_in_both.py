"""Before a merge it is said what both have: which stays, which goes, and why."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from dangol.customers.actions import add_contact_point, check_contact_point
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.models import AttributeValue, Relation
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.both import in_both
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


def test_of_two_consents_the_page_says_which_stays_and_the_merge_does_so(client, world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"), name="홍서언")
    consent = make_attribute(
        key="ads", name="광고 수신 동의", name_en="Advertising", kind="yes_no", by=None
    )
    for customer, flag in ((a, False), (b, True)):
        AttributeValue.objects.create(customer=customer, attribute=consent, flag=flag)
    with translation.override("en"):
        [line] = in_both(a.pk, b.pk)
    assert (line.what, line.stays, line.goes) == ("Advertising", "no", "yes")
    client.force_login(world.dana)
    page = client.get(f"{reverse('matching:merge_new')}?a={a.pk}&b={b.pk}").content.decode()
    assert "광고 수신 동의" in page
    merge = merge_customers(a, b, by=None)
    assert AttributeValue.objects.get(customer=a).flag is False
    undo_merge(merge, by=None)
    assert AttributeValue.objects.get(customer=b).flag is True


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
