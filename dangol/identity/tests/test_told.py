"""Where values come from: the same figures for everybody, and every contact point in use."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dangol.core.masking import see_whole
from dangol.customers.actions import add_contact_point, check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.told import Explained, explained, records_of, ways
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.outcome import outcome
from dangol.identity.models import Link
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


def ways_of(customer: Customer) -> list[tuple[str, str, str]]:
    """Every way with its source and why it is not in use."""
    with translation.override("en"):
        return [
            (one.kept.value, str(one.kept.source), one.kept.why)
            for one in ways(customer, records_of(customer.pk))
            if one.kept
        ]


def moved(customer: Customer) -> ContactPoint:
    """The e-mail address in use that nobody's record says, in the place of one that a record says."""
    old = ContactPoint.objects.get(customer=customer, kind="email", value="old@mail.example")
    ContactPoint.objects.filter(pk=old.pk).update(state="wrong", ended_at=timezone.now())
    return ContactPoint.objects.create(
        customer=customer, kind="email", value="new@mail.example", source="agent", state="verified",
        checked_at=timezone.now(), preferred=True,
    )  # fmt: skip


@pytest.fixture
def reached(world) -> Customer:
    """A customer whose e-mail address in use no record says."""
    customer = known(world.place("GANGNAM"), email="old@mail.example")
    refresh_golden([customer.pk], by=None, trust={})
    see_whole(True)
    yield customer
    see_whole(False)


def test_what_is_in_use_is_told_also_where_no_record_says_it(reached) -> None:
    point = moved(reached)
    assert ways_of(reached) == [
        ("010-4321-8765", "shop", ""),
        ("new@mail.example", "Agent, on a call", ""),
        ("old@mail.example", "shop", "found wrong when it was tried"),
    ]
    line = next(
        one for one in ways(reached, records_of(reached.pk))
        if one.kept and one.kept.value == point.value
    )  # fmt: skip
    assert line.kept is not None and line.kept.verified and line.kept.record_id is None
    assert (line.kept.since, line.agreeing) == (point.created_at, 0)


def test_what_is_in_use_is_not_told_as_gone_with_its_record(reached) -> None:
    moved(reached)
    SourceRecord.objects.create(
        source="web", key="W", customer=reached, values={"email": "new@mail.example"},
        gone_at=timezone.now(),
    )  # fmt: skip
    assert ("new@mail.example", "Agent, on a call", "") in ways_of(reached)
    told = ways(reached, records_of(reached.pk))
    assert [one.value for line in told if line.field == "email" for one in line.losers] == []


def test_before_a_merge_what_is_in_use_stands_there_and_what_is_not_is_marked(
    client, world, reached
) -> None:
    moved(reached)
    other = known(world.place("GANGNAM"), name="홍서언", phone="010-1111-2222")
    client.force_login(world.dana)
    url = reverse("matching:merge_new")
    page = client.get(f"{url}?a={other.pk}&b={reached.pk}").content.decode()
    assert "<dd>new@mail.example " in page and "<s>old@mail.example</s>" in page
    told = client.get(f"/api/v1/matching/customers/{reached.pk}/golden").json()
    mine = next(line for line in told if line["value"] == "new@mail.example")
    assert (mine["record_id"], mine["verified"]) == (None, True)


def test_what_is_told_on_a_call_has_its_own_record(reached, world) -> None:
    point = reached.contact_points.get(kind="email")
    check_contact_point(point, "wrong", by=world.ada, new_value="new@mail.example")
    assert ways_of(reached)[1:] == [
        ("new@mail.example", "Dangol", ""),
        ("old@mail.example", "shop", "found wrong when it was tried"),
    ]


def test_what_is_written_for_a_source_whose_record_is_gone_stands_in_ours(reached, world) -> None:
    SourceRecord.objects.create(
        source="crm", key="7", customer=reached, values=HONG, gone_at=timezone.now()
    )
    add_contact_point(reached, "email", "second@mail.example", by=world.ada, source="crm")
    assert SourceRecord.objects.get(source="crm").values == HONG
    assert ("second@mail.example", "Dangol", "") in ways_of(reached)
    refresh_golden([reached.pk], by=None, trust={})
    assert reached.contact_points.filter(value="second@mail.example", ended_at=None).exists()


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [
        ("phone", "+821043218765", "no longer the customer’s"),
        ("email", "old@mail.example", "no longer the customer’s"),
        ("address", "서울 강남구 테헤란로 152 1138호", "the customer no longer is there"),
    ],
)
def test_only_of_an_address_somebody_is_no_longer_there(world, kind, value, word) -> None:
    customer = known(world.place("GANGNAM"), **{kind: value})
    refresh_golden([customer.pk], by=None, trust={})
    check_contact_point(customer.contact_points.get(kind=kind), "moved", by=world.ada)
    with translation.override("en"):
        told = ways(customer, records_of(customer.pk))
    assert [one.kept.why for one in told if one.kept and one.field == kind] == [word]


def test_the_records_show_names_of_columns_as_they_came_and_no_number_of_our_own(
    client, world
) -> None:
    customer = known(world.place("GANGNAM"))
    SourceRecord.objects.filter(customer=customer).update(raw={"hp_no": "010-4321-8765"})
    shop = customer.records.get()
    add_contact_point(customer, "email", "new@mail.example", by=world.ada)
    ours = SourceRecord.objects.get(customer=customer, source="dangol")
    Link.objects.create(record=shop, other=ours, weight=9, steps=[])
    client.force_login(world.dana)
    page = client.get(reverse("matching:records", args=[customer.pk])).content.decode()
    assert '<dl class="facts as-came"><div><dt>hp_no</dt>' in page
    assert '<dl class="facts"><div><dt>이메일</dt>' in page, "a title is no name of a column"
    assert shop.key in page and ours.key not in page


def test_a_value_in_our_own_record_is_told_without_its_number(client, world) -> None:
    customer = known(world.place("GANGNAM"))
    row = SourceRecord.objects.create(
        source="dangol", key=f"{customer.pk}/1", customer=customer, values={"born_on": "1990-01-01"},
        gone_at=timezone.now(),
    )  # fmt: skip
    client.force_login(world.dana)
    page = client.get(reverse("matching:golden", args=[customer.pk])).content.decode()
    assert "1990-01-01" in page and row.key not in page
    told = client.get(f"/api/v1/matching/customers/{customer.pk}/golden").json()
    assert row.key in [one["record_key"] for line in told for one in line["losers"]]
