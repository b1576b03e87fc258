"""What is known of a home stays known through a split and back, however each record spells it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dangol.customers.actions import add_customer, check_contact_point
from dangol.customers.homes import home_of
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.halves import halves
from dangol.identity.merging.parting import parting_of
from dangol.identity.merging.splitting import split_records, undo_split

pytestmark = pytest.mark.django_db
BARE = "서울 영등포구 산업로 149"
SHORT = "(43938) 서울 영등포구 산업로 149 1465호"
FULL = "서울 영등포구 산업로 149, 111동 1465호"
ALIKE = "서울특별시 영등포구 산업로 149 111-1465"
NEXT = "서울 영등포구 산업로 149 111동 1466호"
ELSEWHERE = "서울 강남구 테헤란로 152 101동 1203호"
HOMES = [BARE, SHORT, FULL, ALIKE, NEXT, ELSEWHERE]


def living(*addresses: str) -> Customer:
    """A customer of one record for each of these homes, which came one after the other."""
    customer = add_customer(name="홍서연", by=None, source="s0", source_key="0")
    for number, address in enumerate(addresses):
        row, _new = SourceRecord.objects.get_or_create(
            source=f"s{number}", key=str(number), defaults={"customer": customer}
        )
        row.values = {"name": "홍서연", "address": address}
        row.save()
        refresh_golden([customer.pk], by=None, trust={})
    return customer


def points() -> dict[str, tuple[object, ...]]:
    """All that is stored of every contact point."""
    columns = (
        "customer_id", "value", "state", "preferred", "checked_at", "ended_at", "ended_for", "source",
    )  # fmt: skip
    return {str(row[0]): row[1:] for row in ContactPoint.objects.values_list("pk", *columns)}


def usable(customer: Customer) -> set[str]:
    """The homes in use of which nothing bad is known."""
    rows = ContactPoint.objects.filter(customer=customer, kind="address", ended_at=None)
    return set(rows.exclude(state__in=["moved", "wrong"]).values_list("value", flat=True))


def record_of(customer: Customer, address: str) -> SourceRecord:
    return next(r for r in customer.records.all() if r.values.get("address") == address)


@pytest.mark.parametrize("new_value", [ELSEWHERE, None], ids=["put right", "still open"])
@pytest.mark.parametrize(("stays", "goes"), [(SHORT, FULL), (FULL, SHORT), (FULL, BARE)])
def test_who_moved_out_lives_there_for_neither(world, stays: str, goes: str, new_value) -> None:
    customer = living(stays)
    point = customer.contact_points.get(kind="address")
    check_contact_point(point, "moved", by=world.ada, new_value=new_value)
    SourceRecord.objects.create(
        source="web", key="W", customer=customer, values={"name": "홍서연", "address": goes}
    )
    refresh_golden([customer.pk], by=None, trust={})
    before, at_home = points(), usable(customer)
    split = split_records(customer, [record_of(customer, goes).pk], by=world.dana)
    new = Customer.objects.get(pk=split.new_key)
    assert usable(customer) == at_home and usable(new) == set()
    [copy] = new.contact_points.filter(kind="address")
    assert (copy.state, copy.ended_at is None) == ("moved", new_value is None)
    undo_split(split, by=world.dana)
    assert points() == before


def test_what_the_preview_says_is_what_comes(world) -> None:
    customer = living(SHORT, FULL)
    point = customer.contact_points.get(kind="address", ended_at=None)
    check_contact_point(point, "moved", by=world.ada, new_value=ELSEWHERE)
    going = record_of(customer, FULL)
    parting = parting_of(customer.pk, [going.pk], list(customer.records.order_by("pk")))
    told = {line.field for line in halves(customer, parting) if line.goes}
    split = split_records(customer, [going.pk], by=world.dana)
    assert "address" not in told and usable(Customer.objects.get(pk=split.new_key)) == set()


def test_a_unit_that_only_who_leaves_knows_leaves_too(world) -> None:
    customer = living(SHORT, FULL)
    before = points()
    split = split_records(customer, [record_of(customer, FULL).pk], by=world.dana)
    assert usable(customer) == {SHORT}
    assert usable(Customer.objects.get(pk=split.new_key)) == {FULL}
    undo_split(split, by=world.dana)
    assert points() == before


def test_a_verified_home_goes_with_who_says_it_more_fully(world) -> None:
    customer = living(ELSEWHERE, SHORT)
    point = customer.contact_points.get(value=SHORT)
    check_contact_point(point, "verified", by=world.ada)
    row = record_of(customer, SHORT)
    row.values["address"] = FULL
    row.save()
    refresh_golden([customer.pk], by=None, trust={})
    before = points()
    split = split_records(customer, [row.pk], by=world.dana)
    assert usable(customer) == {ELSEWHERE}
    assert usable(Customer.objects.get(pk=split.new_key)) == {SHORT}
    undo_split(split, by=world.dana)
    assert points() == before


CHECKS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["moved", "wrong", "verified"]),
        st.sampled_from([None, ELSEWHERE, NEXT, FULL]),
    ),
    max_size=2,
)  # fmt: skip
MOVED = [(0, "moved", ELSEWHERE)]


class AnyHomes(TestCase):
    """Any homes in any spelling, any checks, any records that are split off."""

    maxDiff = None

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(HOMES), min_size=2, max_size=4), CHECKS, st.integers(1, 14))
    @example([SHORT, FULL], MOVED, 2)
    @example([SHORT, FULL], MOVED, 1)
    @example([BARE, ELSEWHERE], [(0, "moved", NEXT)], 1)
    @example([BARE, BARE], [(0, "moved", NEXT)], 1)
    @example([ALIKE, BARE], [(0, "moved", FULL)], 1)
    def test_a_split_brings_back_nothing_and_its_undoing_restores_every_row(
        self, addresses: list[str], checks: list[tuple[int, str, str | None]], chosen: int
    ) -> None:
        customer = living(*addresses)
        for number, outcome, new_value in checks:
            open_ = list(customer.contact_points.filter(ended_at=None).order_by("created_at"))
            point = open_[number % len(open_)]
            check_contact_point(point, outcome, by=None, new_value=new_value)
            refresh_golden([customer.pk], by=None, trust={})
        records = list(customer.records.exclude(source="ours").order_by("pk"))
        going = [r.pk for at, r in enumerate(records) if chosen >> at & 1]
        if not going or len(going) == customer.records.count():
            return
        before, at_home = points(), usable(customer)
        left = {home_of(p.value) for p in customer.contact_points.filter(state="moved")}
        left -= {home_of(value) for value in at_home}  # put right, and it is the same home
        told = {r.pk: r.values for r in SourceRecord.objects.all()}
        split = split_records(customer, going, by=None)
        for one in (customer, Customer.objects.get(pk=split.new_key)):
            for value in usable(one) - at_home:
                again = [h for h in left if h.covers(home_of(value)) or home_of(value).covers(h)]
                self.assertFalse(again, f"{value} is back {addresses} {checks} {chosen}")
        undo_split(split, by=None)
        self.assertEqual(points(), before, f"{addresses} {checks} {chosen}")
        self.assertEqual({r.pk: r.values for r in SourceRecord.objects.all()}, told)
