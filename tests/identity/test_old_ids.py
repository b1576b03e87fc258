"""The id of a customer who was merged into another leads to that one, wherever an id is taken."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from dangol.cases.models import Case
from dangol.cases.tests.factories import a_category
from dangol.core.roles import Role
from dangol.customers.actions import add_customer
from dangol.customers.models import Customer, Relation
from dangol.identity.merging.actions import merge_customers
from dangol.interactions.models import Interaction
from dangol.places.actions import grant_role
from dangol.purchases.models import Transaction
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.models import Response, Survey
from tests.architecture.routes import ROUTES
from tests.world import World

OF_A_CUSTOMER = sorted(name for name, row in ROUTES.items() if row[2] == "customer")
KEY = "{customer_id}"


@pytest.fixture
def everybody(client, world):  # type: ignore[no-untyped-def]
    """Somebody who may do everything everywhere."""
    for role in Role.values:
        grant_role(world.nobody, role, world.place("HQ"), by=None)
    client.force_login(world.nobody)
    return client


@pytest.fixture
def merged(world: World) -> tuple[uuid.UUID, Customer]:
    """The id of one who was merged, and who took them in."""
    stays, goes = (
        add_customer(name=name, home_place=world.place("GANGNAM"), by=None)
        for name in ("강남고객", "강남 고객")
    )
    old = goes.pk
    merge_customers(stays, goes, by=world.anna)
    return old, stays


@pytest.mark.parametrize("name", OF_A_CUSTOMER)
def test_every_page_of_a_customer_opens_under_the_old_id(everybody, merged, name):
    old, _stays = merged
    _ability, method, _about = ROUTES[name]
    answer = everybody.generic(method, reverse(name, args=[old]))
    assert answer.status_code not in {403, 404}


def test_a_customer_nobody_knows_is_still_not_found(everybody, merged):
    for name in OF_A_CUSTOMER:
        method = ROUTES[name][1]
        answer = everybody.generic(method, reverse(name, args=[uuid.uuid4()]))
        assert (name, answer.status_code) == (name, 404)


def test_every_read_of_the_api_about_a_customer_knows_the_old_id(everybody, merged):
    old, _stays = merged
    paths = everybody.get("/api/v1/openapi.json").json()["paths"]
    asked = [path for path, ways in paths.items() if "get" in ways and "/customers/{" in path]
    assert asked
    for path in asked:
        if path.count("{") == 1:
            address = path[: path.index("{")] + str(old) + path[path.index("}") + 1 :]
            assert (path, everybody.get(address).status_code) == (path, 200)


def sent(client: Any, path: str, **body: Any) -> dict[str, Any]:
    """What the API made."""
    answer = client.post(f"/api/v1{path}", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_ties_are_made_from_and_to_an_old_id(everybody, merged, world):
    old, stays = merged
    other = add_customer(name="이웃", home_place=world.place("GANGNAM"), by=None)
    third = add_customer(name="건넛집", home_place=world.place("GANGNAM"), by=None)
    sent(everybody, f"/customers/{old}/relations", kind="influences", other_id=str(other.pk))
    sent(everybody, f"/customers/{third.pk}/relations", kind="influences", other_id=str(old))
    made = set(Relation.objects.values_list("from_customer", "to_customer"))
    assert made == {(stays.pk, other.pk), (third.pk, stays.pk)}


def test_what_is_written_under_an_old_id_is_the_present_customers(everybody, merged, world):
    old, stays = merged
    make_default_surveys(by=None)
    place = str(world.place("GANGNAM").pk)
    sent(everybody, "/cases", customer_id=str(old), place_id=place, title="느려요",
         category_id=str(a_category().pk))  # fmt: skip
    sent(everybody, "/interactions", customer_id=str(old), place_id=place)
    sent(everybody, "/purchases", customer_id=str(old), place_id=place, kind="sale",
         at="2026-03-01T00:00:00Z", source="pos", source_key="1")  # fmt: skip
    survey = Survey.objects.filter(versions__published_at__isnull=False).first()
    sent(everybody, "/responses", customer_id=str(old), survey_id=str(survey.questionnaire_id))
    for model in (Case, Interaction, Transaction, Response):
        assert {row.customer_id for row in model.objects.all()} == {stays.pk}


def test_lists_narrowed_to_an_old_id_show_the_present_customers(everybody, merged):
    old, stays = merged
    sent(everybody, "/interactions", customer_id=str(stays.pk))
    found = everybody.get("/api/v1/interactions", {"customer_id": str(old)}).json()["items"]
    assert [row["customer_id"] for row in found] == [str(stays.pk)]
    assert "강남 고객" in everybody.get(reverse("matching:merges"), {"survivor": str(old)}).text
