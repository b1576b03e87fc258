"""Values that lost and values that were refused stay visible, with the reason and the record."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dangol.core.masking import see_whole
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.told import Explained, explained, records_of, ways
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole():
    """The reader sees names and numbers whole."""
    see_whole(True)
    yield
    see_whole(False)


def second(customer: Customer, **values: str) -> SourceRecord:
    """Another source's record of the same customer, an hour older."""
    return SourceRecord.objects.create(
        source="erp", key="E-7", customer=customer, values=values,
        first_seen_at=timezone.now() - dt.timedelta(hours=1),
    )  # fmt: skip


def line(customer: Customer, field: str) -> Explained:
    with translation.override("en"):
        records = records_of(customer.pk)
        return next(
            one
            for one in explained(customer, records) + ways(customer, records)
            if one.field == field and (one.kept is None or one.losers or one.refused)
        )


def test_a_refused_value_stands_under_its_field_with_reason_and_record(world) -> None:
    customer = known(world.place("GANGNAM"))
    record = second(customer, name="홍서연")
    record.refused = [["born_on", "zero_date", "0000-00-00"], ["phone", "name_in_phone", "없음"]]
    record.save()
    [one] = line(customer, "born_on").refused
    assert (one.value, one.why, str(one.source), one.key) == (
        "0000-00-00",
        "not a date",
        "erp",
        "E-7",
    )
    phone = line(customer, "phone")
    assert phone.kept is None
    assert [(o.value, o.why) for o in phone.refused] == [
        ("없음", "words where a phone number should stand")
    ]


def test_a_number_whose_check_digit_does_not_hold_never_survives() -> None:
    company = Customer.objects.create(kind="organisation", name="한빛")
    record = SourceRecord.objects.create(
        source="erp", key="1", kind="organisation", customer=company,
        values={"name": "한빛", "registration": "124-81-00999"},
    )  # fmt: skip
    told = line(company, "registration")
    assert told.kept is None
    assert [(o.value, o.why) for o in told.refused] == [
        ("124-81-00999", "its check digit does not hold")
    ]
    record.values["registration"] = "124-81-00998"
    record.save()
    with translation.override("en"):
        kept = [e for e in explained(company, [record]) if e.field == "registration"]
    assert kept[0].kept is not None and kept[0].kept.value == "124-81-00998" and not kept[0].refused


def test_a_value_that_lost_says_why(world) -> None:
    customer = known(world.place("GANGNAM"))
    second(customer, name="홍서언")
    lost = line(customer, "name").losers
    assert [(o.value, o.why) for o in lost] == [
        ("홍서언", "as good as the other, which was known first")
    ]
    first, other = customer.records.order_by("pk")
    SourceRecord.objects.filter(pk=first.pk).update(as_of="2026-05-01T00:00Z")
    assert [o.why for o in line(customer, "name").losers] == ["nobody knows how old it is"]
    SourceRecord.objects.filter(pk=other.pk).update(as_of="2025-05-01T00:00Z")
    assert [o.why for o in line(customer, "name").losers] == ["the other is newer"]


def test_what_a_source_no_longer_has_stays_visible_too(world) -> None:
    customer = known(world.place("GANGNAM"))
    gone = second(customer, name="홍옛날", phone="010-9999-8888")
    gone.gone_at = timezone.now()
    gone.save()
    assert [(o.value, o.why) for o in line(customer, "name").losers] == [
        ("홍옛날", "its source no longer has the record")
    ]
    assert [o.value for o in line(customer, "phone").losers] == ["010-9999-8888"]


def test_a_number_found_wrong_and_ended_is_not_shown_as_if_it_were_right(world) -> None:
    customer = known(world.place("GANGNAM"))
    ContactPoint.objects.create(
        customer=customer,
        kind="phone",
        value="+821043218765",
        state="wrong",
        ended_at=timezone.now(),
    )
    records = records_of(customer.pk)
    with translation.override("en"):
        [one] = [w for w in ways(customer, records) if w.field == "phone"]
    assert one.kept is not None and one.kept.why == "found wrong when it was tried"


def test_the_page_and_the_api_show_them_and_mask_what_a_masked_reader_may_not_see(
    client, world
) -> None:
    customer = known(world.place("GANGNAM"))
    record = second(customer, name="홍서언")
    record.refused = [["phone", "name_in_phone", "김비밀"]]
    record.save()
    client.force_login(world.dana)
    url = reverse("matching:golden", args=[customer.pk])
    page = client.get(url).content.decode()
    assert "김비밀" in page and "E-7" in page and "홍서언" in page
    told = client.get(f"/api/v1/matching/customers/{customer.pk}/golden").json()
    [refused] = [one for row in told if row["field"] == "phone" for one in row["refused"]]
    assert (refused["value"], refused["record_key"]) == ("김비밀", "E-7")
    client.force_login(world.pia)
    page = client.get(url).content.decode()
    assert "김비밀" not in page and "김*밀" in page
