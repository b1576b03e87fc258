"""The trail of changes tells of customers in words, masked for whoever sees them masked elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from dangol.core.audit import record_change
from dangol.core.roles import Role
from dangol.customers.actions import add_contact_point, add_customer, change_customer
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.models import Customer
from dangol.customers.preferring import choose_contact_point
from dangol.customers.trail import FIELDS
from dangol.places.actions import grant_role

SECRETS = ("이예우", "전종윤", "+821043218765", "010-4321-8765", "star4@mail.example", "1465호", "1985-11-02", "124@firm.example")  # fmt: skip
ADDRESS = "(43938) 서울 영등포 산업로 149 1465호"


@pytest.fixture
def told(world):  # type: ignore[no-untyped-def]
    """A customer of whom everything changed."""
    customer = add_customer(name="전종윤", home_place=world.place("MAPO"), by=None)
    record_change(
        "follow_sources", customer, by=None, reason="전화 010-4321-8765",
        changes={
            "name": ["전종윤", "이예우"], "born_on": [None, dt.date(1985, 11, 2)],
            "phone": [["+821043218765"], []], "phone2": [None, "+821043218765"],
            "email": [None, "star4@mail.example"], "address": [None, ADDRESS],
            "note": ["", "메일은 124@firm.example"],
        },
    )  # fmt: skip
    record_change(
        "follow_sources", customer, by=None,
        changes={
            "home_place_id": [world.place("MAPO").pk, world.place("GANGNAM").pk],
            "preferred_email": ["star4@mail.example", "star4@mail.example"],
            "never_described": ["전종윤", "이예우"],
        },
    )  # fmt: skip
    return customer


def cells(client, query: str = "") -> str:  # type: ignore[no-untyped-def]
    return client.get(reverse("places:audit") + query, headers={"Accept-Language": "ko"}).text


def test_the_page_and_its_file_are_masked_for_the_privacy_officer(client, world, told):
    client.force_login(world.pia)
    answer = client.get(reverse("places:audit") + "?export=csv")
    for text in (cells(client), b"".join(answer.streaming_content).decode()):
        assert [secret for secret in SECRETS if secret in text] == []
        for shown in ("전*윤 → 이*우", "1985-**-**", "010-****-8765", "st***@mail.example", "(43938) 서울 ***"):  # fmt: skip
            assert shown in text


def test_who_sees_customers_whole_sees_the_trail_whole(client, world, told):
    client.force_login(world.pia)
    for role in Role.values:
        grant_role(world.pia, role, world.place("HQ"), by=None)
    page = cells(client)
    assert "전종윤 → 이예우" in page and "010-4321-8765" in page and "1985-11-02" in page


def test_fields_and_places_stand_in_words_and_no_change_is_not_told(client, world, told):
    client.force_login(world.pia)
    page = cells(client)
    assert "담당 사업장: 마포지점 → 강남지점" in page and "생년월일" in page
    for raw in ("home_place_id", "born_on", "preferred_email", "우선 이메일"):
        assert raw not in page
    assert "never_described: *** → ***" in page


def test_what_people_write_is_masked_and_worded(client, world):
    make_attribute(key="club", name="동호회", kind="yes_no", by=None)
    customer = add_customer(name="전종윤", by=None)
    change_customer(
        customer, by=world.anna, revision=1, seen={}, name="이예우", attributes={"club": True},
        home_place=world.place("MAPO"),
    )  # fmt: skip
    add_contact_point(customer, "email", "star4@mail.example", by=world.anna)
    other = add_contact_point(customer, "phone", "010-4321-8765", by=world.anna)
    add_contact_point(customer, "phone", "010-2222-3333", by=world.anna)
    choose_contact_point(other, by=world.anna)
    client.force_login(world.pia)
    page = cells(client)
    assert [secret for secret in SECRETS if secret in page] == []
    assert "동호회: 예" in page and "담당 사업장: 마포지점" in page


def test_reasons_are_masked_and_ids_stay_whole(client, world, told):
    record_change("import_customer", told, by=None, reason=f"import {told.pk}")
    client.force_login(world.pia)
    page = cells(client)
    assert "전화 010-****-8765" in page and f"import {told.pk}" in page


def test_every_deed_of_any_app_is_a_choice_of_the_filter(client, world, told):
    client.force_login(world.pia)
    page = cells(client, "?verb=follow_sources")
    assert "전*윤 → 이*우" in page and "출처에 맞춰 고객 정보 갱신" in page
    assert "고객 등록" not in cells(client, "?verb=follow_sources").partition("<tbody")[2]
    with translation.override("ko"):
        assert "고객 통합" in page


@pytest.mark.parametrize(
    "column",
    ["kind", "name", "given_name", "family_name", "born_on", "gender", "language", "tier", "note",
     "home_place_id"],
)  # fmt: skip
def test_every_column_that_people_or_sources_write_has_words(column: str, db: Any) -> None:
    assert column in {f.attname for f in Customer._meta.concrete_fields}
    assert column in FIELDS
