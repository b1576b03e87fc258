"""Who sees everything and edits one region edits that region only; an edit never wipes a name."""

import json

import pytest
from django.urls import reverse

from dangol.core.roles import Role
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.models import ContactPoint
from dangol.places.actions import grant_role

JSON = "application/json"


@pytest.fixture
def regional(world):
    """Sees customers everywhere (privacy officer), edits in Seoul (agent)."""
    grant_role(world.pia, Role.AGENT, world.place("SEOUL"), by=None)
    return world.pia


def known(world, code):
    return add_customer(name="홍길동", home_place=world.place(code), by=None)


def test_what_may_be_seen_is_not_what_may_be_edited(regional, world, client):
    client.force_login(regional)
    here, there = known(world, "GANGNAM"), known(world, "HAEUNDAE")
    point = add_contact_point(there, "phone", "010-1111-2222", by=None)
    for customer, answer in ((here, 200), (there, 404)):
        assert client.get(reverse("customers:customer", args=[customer.pk])).status_code == 200
        assert client.get(reverse("customers:edit", args=[customer.pk])).status_code == answer
        sent = json.dumps({"revision": 1, "note": "단골"})
        edited = client.patch(f"/api/v1/customers/{customer.pk}", sent, content_type=JSON)
        assert edited.status_code == answer
    checked = client.post(
        f"/api/v1/contact-points/{point.pk}/checks", json.dumps({"outcome": "wrong"}),
        content_type=JSON,
    )  # fmt: skip
    assert checked.status_code == 404
    there.refresh_from_db()
    assert there.note == "" and ContactPoint.objects.get(pk=point.pk).state == "unverified"


def test_an_empty_name_changes_nothing(world, client):
    client.force_login(world.ada)
    customer = known(world, "GANGNAM")
    sent = json.dumps({"revision": 1, "name": None, "language": None, "note": "새 메모"})
    answer = client.patch(f"/api/v1/customers/{customer.pk}", sent, content_type=JSON)
    assert answer.status_code == 200
    customer.refresh_from_db()
    assert (customer.name, customer.language, customer.note) == ("홍길동", "ko", "새 메모")


def test_the_api_knows_a_phone_however_it_is_written(world, client):
    client.force_login(world.ada)
    customer = known(world, "GANGNAM")
    add_contact_point(customer, "phone", "010-3333-4444", by=None)
    sent = json.dumps({"name": "홍 길동", "phone": "01033334444"})
    answer = client.post("/api/v1/customers", sent, content_type=JSON)
    assert answer.status_code == 409 and answer.json()["known"] == [str(customer.pk)]
