"""A number that was found wrong stays so through a split and back."""

from __future__ import annotations

import pytest

from dangol.customers.actions import check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db
WRONG, RIGHT = "+821043218765", "+821055556666"


@pytest.fixture
def corrected(world) -> Customer:
    """A customer of two records with one number, which a call found wrong and put right."""
    customer = known(world.place("GANGNAM"))
    said = {"name": "홍서연", "phone": "010-4321-8765"}
    SourceRecord.objects.filter(customer=customer).update(values=said)
    SourceRecord.objects.create(source="web", key="W1", customer=customer, values=said)
    refresh_golden([customer.pk], by=None, trust={})
    point = customer.contact_points.get(value=WRONG)
    check_contact_point(point, "wrong", by=world.ada, new_value="010-5555-6666")
    return customer


def live(customer: Customer) -> set[str]:
    """The open numbers of a customer."""
    return set(
        customer.contact_points.filter(ended_at=None, kind="phone").values_list("value", flat=True)
    )


def test_a_number_found_wrong_is_not_open_for_either_after_a_split_and_back(
    corrected, world
) -> None:
    before = set(ContactPoint.objects.values_list("pk", "ended_at", "state"))
    assert live(corrected) == {RIGHT}
    split = split_records(corrected, [corrected.records.get(source="web").pk], by=world.dana)
    new = Customer.objects.get(pk=split.new_key)
    assert live(corrected) == {RIGHT} and live(new) == set()
    undo_split(split, by=world.dana)
    assert live(corrected) == {RIGHT}
    assert set(ContactPoint.objects.values_list("pk", "ended_at", "state")) == before
