"""Where values come from: the same figures for everybody, and every contact point in use."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.core.masking import see_whole
from dangol.customers.models import Customer, SourceRecord
from dangol.identity.golden.told import Explained, explained, records_of
from dangol.identity.merging.outcome import outcome
from dangol.identity.tests.factories import HONG, known

pytestmark = pytest.mark.django_db


def named(customer: Customer, *names: str) -> list[SourceRecord]:
    """Further records of a customer under these names."""
    return [
        SourceRecord.objects.create(
            source=f"web{n}", key=f"W{n}", customer=customer, values=HONG | {"name": name}
        )
        for n, name in enumerate(names)
    ]


def name_of(customer: Customer) -> Explained:
    """How the name is explained."""
    return next(e for e in explained(customer, records_of(customer.pk)) if e.field == "name")


@pytest.mark.parametrize("whole", [True, False])
def test_names_that_look_the_same_masked_are_counted_apart(world, whole) -> None:
    customer = known(world.place("GANGNAM"), name="이시미")
    named(customer, "이시미", "이스미", "이서미")
    see_whole(whole)
    line = name_of(customer)
    see_whole(False)
    assert (line.agreeing, len(line.losers)) == (2, 2)
    assert line.kept is not None and line.kept.value == ("이시미" if whole else "이*미")


def test_the_same_date_written_otherwise_is_one_value_for_whoever_looks(world) -> None:
    customer = known(world.place("GANGNAM"), born_on="1988-03-14")
    rows = named(customer, "홍서연", "홍서연")
    for row, day in zip(rows, ("19880314", "1988-05-01"), strict=True):
        SourceRecord.objects.filter(pk=row.pk).update(values=row.values | {"born_on": day})
    told = explained(customer, records_of(customer.pk))
    line = next(one for one in told if one.field == "born_on")
    assert (line.agreeing, [one.value for one in line.losers]) == (2, ["1988-**-**"])


def test_before_a_merge_names_that_look_the_same_masked_are_told_as_different(world) -> None:
    a, b = (known(world.place("GANGNAM"), name=name) for name in ("이시미", "이스미"))
    lines = outcome(a, records_of(a.pk), records_of(b.pk))
    assert [(line.field, len(line.losers)) for line in lines] == [("name", 1)]


def test_the_page_of_whoever_sees_it_masked_says_the_same_figures(client, world) -> None:
    customer = known(world.place("GANGNAM"), name="이시미")
    named(customer, "이시미", "이스미")
    for person in (world.dana, world.pia):
        client.force_login(person)
        page = client.get(reverse("matching:golden", args=[customer.pk])).content.decode()
        assert "레코드 2건 일치" in page and "다른 값 1개" in page
