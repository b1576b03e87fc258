"""Before a split it is said what both customers will say: the same as they say afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dangol.core.masking import see_whole
from dangol.customers.actions import check_contact_point
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.models import AttributeValue, ContactPoint, Customer, SourceRecord
from dangol.identity.golden.told import records_of
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.actions import merge_customers
from dangol.identity.merging.halves import Line, halves
from dangol.identity.merging.parting import parting_of
from dangol.identity.merging.splitting import split_records
from dangol.identity.tests.factories import HONG, known

pytestmark = pytest.mark.django_db
OTHER = {
    "name": "홍서언", "phone": "010-5555-6666", "phone2": "010-4321-8765", "language": "en",
    "born_on": "1991-01-01", "email": "seo@mail.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def whole() -> None:
    """The reader sees names and numbers whole."""
    see_whole(True)


@pytest.fixture
def mixed(world) -> tuple[Customer, SourceRecord]:
    """A customer whose second record is somebody else's, and knows more."""
    customer = known(world.place("GANGNAM"), language="ko")
    second = SourceRecord.objects.create(
        source="web", key="W1", values=OTHER, customer=customer, as_of=timezone.now()
    )
    refresh_golden([customer.pk], by=None, trust=trust_of_sources())
    customer.refresh_from_db()
    return customer, second


def told(customer: Customer, *records: SourceRecord) -> dict[str, Line]:
    """The preview by field."""
    keys = [record.pk for record in records]
    parting = parting_of(customer.pk, keys, records_of(customer.pk))
    with translation.override("en"):
        return {line.field: line for line in halves(customer, parting)}


def words(line: Line | None, side: str) -> list[str]:
    """What one of the two will say of a field."""
    return [w.value for w in getattr(line, side) if not w.gone] if line else []


def open_points(customer: Customer) -> dict[str, set[str]]:
    """How a customer is reached."""
    found: dict[str, set[str]] = {}
    for point in ContactPoint.objects.filter(customer=customer, ended_at=None):
        shown = point.value.replace("+8210", "010") if point.kind == "phone" else point.value
        found.setdefault(point.kind, set()).add(shown)
    return found


def test_both_say_what_the_preview_said(mixed) -> None:
    customer, second = mixed
    assert (customer.name, customer.language) == ("홍서언", "en")
    verified = customer.contact_points.get(value="seo@mail.example")
    check_contact_point(verified, "verified", by=None)
    lines = told(customer, second)
    split = split_records(customer, [second.pk], by=None)
    new = Customer.objects.get(pk=split.new_key)
    customer.refresh_from_db()
    for side, one in (("stays", customer), ("goes", new)):
        assert words(lines["name"], side) == [one.name]
        assert words(lines["born_on"], side) == [str(one.born_on)]
        assert words(lines["language"], side) == [{"ko": "한국어", "en": "English"}[one.language]]
        assert words(lines["home"], side) == [str(one.home_place)]
        for way in ("phone", "email", "address"):
            said = {value.replace("-", "") for value in words(lines.get(way), side)}
            assert said == open_points(one).get(way, set()), (side, way)
    assert (new.language, customer.language) == ("en", "ko")
    assert [w.value for w in lines["name"].stays if w.gone] == ["홍서언"]
    assert [w.value for w in lines["phone"].stays if w.gone] == ["010-5555-6666"]
    assert lines["home"].goes[0].note == "stays the customer’s home site"


def test_looking_changes_nothing(mixed) -> None:
    customer, second = mixed
    before = list(ContactPoint.objects.order_by("pk").values())
    told(customer, second)
    assert list(ContactPoint.objects.order_by("pk").values()) == before
    assert Customer.objects.count() == 1


def test_of_attributes_only_what_a_merge_brought_goes(world) -> None:
    place = world.place("GANGNAM")
    stays, goes = known(place), known(place, name="홍서언", phone="010-5555-6666")
    ads = make_attribute(
        key="ads", name="광고", name_en="Ads", kind="yes_no", consent=True, by=None
    )
    miles = make_attribute(key="km", name="주행", kind="number", unit="km", by=None)
    for customer in (stays, goes):
        AttributeValue.objects.create(customer=customer, attribute=ads, flag=True)
    AttributeValue.objects.create(customer=goes, attribute=miles, figure=13400)
    record = goes.records.get()
    merge_customers(stays, goes, by=None)
    lines = told(stays, record)
    assert words(lines["attribute:km"], "stays") == []
    assert words(lines["attribute:km"], "goes") == ["13,400 km"]
    assert words(lines["attribute:ads"], "stays") == ["Yes"]
    [unsaid] = lines["attribute:ads"].goes
    assert (unsaid.value, unsaid.note) == (
        "not known",
        "this consent will have to be asked again",
    )
    split = split_records(stays, [record.pk], by=None)
    kept = set(AttributeValue.objects.values_list("customer", "attribute__key"))
    assert kept == {(stays.pk, "ads"), (split.new_key, "km")}


def test_who_is_split_off_with_records_that_are_gone_is_called_as_they_said(mixed) -> None:
    customer, second = mixed
    SourceRecord.objects.filter(pk=second.pk).update(gone_at=timezone.now())
    refresh_golden([customer.pk], by=None, trust=trust_of_sources())
    customer.refresh_from_db()
    assert customer.name == HONG["name"]
    assert words(told(customer, second)["name"], "goes") == ["홍서언"]
    split = split_records(customer, [second.pk], by=None)
    assert (split.name, Customer.objects.get(pk=split.new_key).name) == ("홍서언", "홍서언")


def test_the_page_follows_the_choice(client, world, mixed, django_assert_max_num_queries) -> None:
    customer, second = mixed
    client.force_login(world.dana)
    address = reverse("matching:split_new", args=[customer.pk])
    assert "분리 뒤 두 고객의 값" not in client.get(address).content.decode()
    client.get(address, {"record": second.pk})
    with django_assert_max_num_queries(12):
        part = client.get(address, {"record": second.pk}, headers={"HX-Request": "true"})
    page = part.content.decode()
    assert "분리 뒤 두 고객의 값" in page and "<s" in page and "1991-01-01" in page
    both = [r.pk for r in customer.records.all()]
    refused = client.get(address, {"record": both}).content.decode()
    assert "분리 뒤 두 고객의 값" not in refused and "disabled" in refused
    assert "레코드가 하나 이상" in refused


def test_masked_as_everywhere(mixed) -> None:
    customer, second = mixed
    see_whole(False)
    lines = told(customer, second)
    assert set(words(lines["phone"], "goes")) == {"010-****-6666", "010-****-8765"}
    assert words(lines["born_on"], "goes") == ["1991-**-**"]


def test_a_program_sees_the_same(client, world, mixed) -> None:
    customer, second = mixed
    client.force_login(world.dana)
    address = f"/api/v1/matching/customers/{customer.pk}/splits/preview"
    found = client.get(address, {"records": str(second.pk)}).json()
    fields = {line["field"]: line for line in found["fields"]}
    assert [w["value"] for w in fields["name"]["goes"]] == ["홍서언"]
    assert [w["value"] for w in fields["name"]["stays"]] == [HONG["name"]]
    assert found["moves"] and client.get(address).json()["fields"] == []
    client.force_login(world.eve)
    assert client.get(address).status_code in (403, 404)
    assert dt.datetime.fromisoformat(fields["name"]["goes"][0]["since"])


def test_what_is_masked_alike_is_not_taken_for_the_same(world) -> None:
    customer = known(world.place("GANGNAM"))
    other = {**OTHER, "name": "홍동연", "phone": "010-1234-0000", "born_on": "1990-12-30"}
    second = SourceRecord.objects.create(
        source="web", key="W1", values=other, customer=customer, as_of=timezone.now()
    )
    refresh_golden([customer.pk], by=None, trust=trust_of_sources())
    customer.refresh_from_db()
    see_whole(False)
    lines = told(customer, second)
    line = lines["name"]
    assert {w.value for w in (*line.stays, *line.goes)} == {"홍*연"}
    assert not line.same
    assert [w.gone for w in line.stays] == [False, True], (
        "the name of now is lost, though masked alike"
    )
