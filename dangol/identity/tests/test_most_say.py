"""Of equally good values what most records say survives; who was known here before takes in the other."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.golden.survivorship import said
from dangol.identity.golden.told import explained
from dangol.identity.merging.elders import elder
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


def born(customer: Customer, *days: str, source: str = "db") -> list[SourceRecord]:
    """Records of a customer that say different days, of which nobody knows the age."""
    return [
        SourceRecord.objects.create(
            source=f"{source}{n}", key=str(n), customer=customer, values={"born_on": day}
        )
        for n, day in enumerate(days)
    ]  # fmt: skip


def test_what_most_records_say_survives_whoever_was_read_first(world) -> None:
    customer = known(world.place("GANGNAM"))
    rows = born(customer, "1973-03-19", "1990-05-18", "1973-03-19", *["1990-05-18"] * 3)
    assert said(rows, "born_on", {})[0].value == "1990-05-18"
    line = next(one for one in explained(customer, rows) if one.field == "born_on")
    assert [(one.value[:4], one.why) for one in line.losers] == [
        ("1973", "다른 값을 말하는 레코드가 더 많음")
    ]


def test_what_is_newer_or_trusted_more_survives_against_many(world) -> None:
    rows = born(known(world.place("GANGNAM")), "1973-03-19", "1990-05-18", "1990-05-18")
    assert said(rows, "born_on", {"db0": {"born_on": 90}})[0].value == "1973-03-19"


def test_who_is_known_since_an_earlier_day_takes_in_the_other(world) -> None:
    old, new = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    born(new, "1990-05-18", "1990-05-18")
    assert elder(old.pk, new.pk)[0] == new  # of the same day: who is known by more records
    Customer.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=400))
    assert elder(old.pk, new.pk)[0] == old == elder(new.pk, old.pk)[0]
