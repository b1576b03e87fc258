"""Customers are found by a name that only a record of theirs says."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dangol.customers.finding import customers_found_by
from dangol.customers.models import SourceRecord
from dangol.identity.recognising.readings import store_readings
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "found"),
    [("LEE MEEHWAN", True), ("Meehwan Lee", True), ("lee, mee-hwan", True), ("이미환", True), ("LEE", False), ("LEE MEEHO", False)],
)  # fmt: skip
def test_a_name_that_one_source_writes_otherwise_is_found(world, words: str, found: bool) -> None:
    customer = known(world.place("GANGNAM"), name="이미환")
    other = SourceRecord.objects.create(
        source="web", key="W1", values={"name": "LEE MEEHWAN"}, customer=customer
    )
    store_readings([(other.pk, "person", other.values)], timezone.now().year)
    assert (customers_found_by(world.dana, words) == [customer]) is found
