"""Own attributes: defined once, shown and edited in place, over API and pages by the same actions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from dangol.core.models import AuditEntry
from dangol.customers.actions import EditConflict, add_customer, change_customer
from dangol.customers.attributes.actions import (
    change_attribute,
    end_attribute,
    make_attribute,
    resume_attribute,
)
from dangol.customers.attributes.queries import values_of
from dangol.customers.models import Attribute, AttributeValue

WORDS = [
    {"code": "month", "name": "월 단위", "name_en": "Monthly"},
    {"code": "year", "name": "연 단위", "name_en": ""},
]


@pytest.fixture
def attributes(world):
    """One of each kind."""
    kinds = (
        ("tenure", "개월", "number"),
        ("contract", "약정", "choice"),
        ("paperless", "전자 고지", "yes_no"),
        ("renewed", "갱신일", "date"),
    )
    return {
        key: make_attribute(key=key, name=name, kind=kind, by=world.anna, choices=WORDS if kind == "choice" else [])
        for key, name, kind in kinds
    }  # fmt: skip


@pytest.fixture
def customer(world):
    return add_customer(name="강남고객", home_place=world.place("GANGNAM"), by=None)


def change(customer, revision=None, seen=None, by=None, **values):
    customer.refresh_from_db()
    return change_customer(
        customer, by=by, revision=revision or customer.revision, seen=seen or {}, attributes=values
    )


def test_values_of_each_kind_are_kept_and_audited(world, customer, attributes):
    changed = change(
        customer, by=world.ada, tenure=3, contract="month", paperless=False, renewed="2026-01-31"
    )
    assert changed.revision == 2
    assert values_of(customer.pk) == {
        "tenure": 3.0, "contract": "month", "paperless": False, "renewed": dt.date(2026, 1, 31),
    }  # fmt: skip
    entry = AuditEntry.objects.get(verb="change_customer")
    assert entry.changes["attribute:contract"] == [None, "month"] and entry.by == world.ada
    assert change(customer, tenure=3.0, paperless=False).revision == 2
    change(customer, tenure=None)
    assert "tenure" not in values_of(customer.pk)
    assert AuditEntry.objects.filter(verb="change_customer").count() == 2


@pytest.mark.parametrize(
    "values",
    [{"tenure": "3"}, {"tenure": True}, {"tenure": float("nan")}, {"tenure": 1e15}, {"contract": "주"},
     {"paperless": 1}, {"renewed": "어제"}, {"unknown": 1}],
)  # fmt: skip
def test_what_is_no_value_is_refused_and_nothing_is_written(customer, attributes, values):
    with pytest.raises(ValidationError):
        change(customer, **{"paperless": True, **values})
    assert values_of(customer.pk) == {}
    customer.refresh_from_db()
    assert customer.revision == 1


def test_two_people_may_change_different_attributes_but_nobody_overwrites_unseen(
    customer, attributes
):
    change(customer, tenure=3)
    shown = {"attribute:tenure": 3.0, "attribute:contract": None}
    change(customer, tenure=4)
    change(customer, revision=2, seen=shown, tenure=3, contract="year")
    assert values_of(customer.pk) == {"tenure": 4.0, "contract": "year"}
    with pytest.raises(EditConflict) as conflict:
        change(customer, revision=2, seen=shown, tenure=5, contract="month")
    assert conflict.value.theirs == {"attribute:tenure": 4.0, "attribute:contract": "year"}
    assert values_of(customer.pk) == {"tenure": 4.0, "contract": "year"}


def test_a_choice_in_use_stays_and_a_renamed_one_keeps_its_code(customer, attributes):
    change(customer, contract="year")
    with pytest.raises(ValidationError):
        change_attribute(attributes["contract"], by=None, choices=WORDS[:1])
    renamed = [WORDS[1] | {"name": "일 년"}]
    assert change_attribute(attributes["contract"], by=None, choices=renamed).codes == {
        "year": "일 년"
    }
    assert values_of(customer.pk) == {"contract": "year"}
    with pytest.raises(ValidationError):
        change_attribute(attributes["contract"], by=None, kind="number")


def test_an_ended_attribute_keeps_its_values_and_comes_back(customer, attributes):
    change(customer, tenure=3)
    end_attribute(attributes["tenure"], by=None)
    with pytest.raises(ValidationError):
        change(customer, tenure=4)
    assert AttributeValue.objects.get(customer=customer).value == 3.0
    end_attribute(attributes["tenure"], by=None)
    assert AuditEntry.objects.filter(verb="end_attribute").count() == 1
    resume_attribute(attributes["tenure"], by=None)
    assert change(customer, tenure=4).revision == 3


def test_the_panel_shows_what_is_known_and_all_on_demand(client, world, customer, attributes):
    change(customer, contract="year", tenure=1200.5)
    client.force_login(world.grace)
    few = client.get(f"/customers/{customer.pk}/attributes/").content.decode()
    assert "연 단위" in few and "1,200.5" in few and "전자 고지" not in few
    assert "전자 고지" in client.get(f"/customers/{customer.pk}/attributes/?all=1").content.decode()
    assert client.get(f"/customers/{customer.pk}/attributes/edit/").status_code == 403
    client.force_login(world.eve)
    assert client.get(f"/customers/{customer.pk}/attributes/").status_code == 404


def test_values_are_edited_in_place_and_a_conflict_is_told(client, world, customer, attributes):
    change(customer, contract="year")
    client.force_login(world.ada)
    address = f"/customers/{customer.pk}/attributes/edit/"
    form = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'name="seen-attribute:contract" value="year"' in form
    sent = {"revision": 2, "attribute:contract": "month", "seen-attribute:contract": "year", "attribute:tenure": "7.5",
            "seen-attribute:tenure": "", "attribute:paperless": "no", "seen-attribute:paperless": ""}  # fmt: skip
    panel = client.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert "월 단위" in panel and "7.5" in panel and "아니요" in panel
    again = client.post(
        address, sent | {"attribute:tenure": "9"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "7.5" in again and 'name="revision" value="3"' in again
    assert values_of(customer.pk)["tenure"] == 7.5
    client.post(address, sent | {"attribute:tenure": "9", "revision": 3})
    assert values_of(customer.pk)["tenure"] == 9


def test_an_administrator_defines_changes_ends(client, world, db):
    client.force_login(world.anna)
    made = client.post(
        "/customers/attributes/",
        {"name": "등급", "key": "grade", "kind": "choice", "choices": "금\n은 | Silver\n"},
    )
    assert made.status_code == 302
    grade = Attribute.objects.get(key="grade")
    assert grade.choices[1] == {"code": "은", "name": "은", "name_en": "Silver"}
    assert (
        client.post(
            "/customers/attributes/", {"name": "x", "key": "grade", "kind": "number"}
        ).status_code
        == 422
    )
    assert (
        client.post(
            "/customers/attributes/", {"name": "x", "key": "Not a key", "kind": "number"}
        ).status_code
        == 422
    )
    assert (
        client.post(
            "/customers/attributes/", {"name": "x", "key": "empty", "kind": "choice"}
        ).status_code
        == 422
    )
    page = client.get("/customers/attributes/grade/").content.decode()
    assert "은 | 은 | Silver" in page
    client.post(
        "/customers/attributes/grade/",
        {"name": "회원 등급", "position": 3, "choices": "금 | 골드 | Gold\n은\n동"},
    )
    grade.refresh_from_db()
    assert (grade.name, list(grade.codes.values())) == ("회원 등급", ["골드", "은", "동"])
    client.post("/customers/attributes/grade/ending/")
    assert "다시 쓰기" in client.get("/customers/attributes/").content.decode()
    assert Attribute.objects.count() == 1
    client.force_login(world.alan)
    assert client.get("/customers/attributes/").status_code == 403


@pytest.mark.django_db
class TestRefusalsNameTheirField:
    """By program."""

    def asked(self, client, method, path, body):
        return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json")

    def test_a_value_that_is_none_and_a_key_that_nobody_knows(self, client, world):
        client.force_login(world.anna)
        make_attribute(key="calls", name="문의", kind="number", by=None)
        customer = add_customer(name="하나", home_place=world.place("GANGNAM"), by=None)
        told = self.asked(
            client, "patch", f"/customers/{customer.pk}",
            {"revision": customer.revision, "attributes": {"calls": "많음"}},
        )  # fmt: skip
        assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "attributes.calls")
        told = self.asked(
            client, "patch", f"/customers/{customer.pk}",
            {"revision": customer.revision, "attributes": {"nothing": 1}},
        )  # fmt: skip
        assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "attributes.nothing")

    def test_choices_that_stand_there_twice(self, client, world):
        client.force_login(world.anna)
        body = {
            "key": "plan",
            "name": "약정",
            "kind": "choice",
            "choices": [{"name": "월"}, {"name": "월"}],
        }
        told = self.asked(client, "post", "/customer-attributes", body)
        assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "choices")
        assert not Attribute.objects.exists()

    def test_hidden_characters_of_names_are_gone_and_units_are_of_numbers(self, client, world):
        client.force_login(world.anna)
        body = {"key": "plan", "name": " 약\u0007정\n기간 ", "kind": "yes_no", "unit": "개월"}
        made = self.asked(client, "post", "/customer-attributes", body).json()
        assert (made["name"], made["unit"]) == ("약 정 기간", "")
        self.asked(client, "patch", "/customer-attributes/plan", {"name": "가\u200b나"})
        assert Attribute.objects.get().name == "가 나"
        assert self.asked(client, "post", "/customer-attributes/plan/ending", {}).json()["ended_at"]
        again = self.asked(client, "post", "/customer-attributes/plan/resumption", {})
        assert again.json()["ended_at"] is None

    def test_the_list_links_to_editing_and_the_form_knows_its_kinds(self, client, world):
        client.force_login(world.anna)
        make_attribute(key="calls", name="문의", kind="number", by=None)
        page = client.get("/customers/attributes/").content.decode()
        assert 'aria-label="문의 고치기"' in page and "attribute-form" in page
