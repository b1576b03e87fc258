"""A customer is chosen by today's id or by one from before a merge; never one who is chosen beside."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from dangol.customers.actions import add_customer
from dangol.customers.choosing import CustomerField
from dangol.customers.models import Alias, Customer
from dangol.ui.choosing import Sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def customers(world) -> list[Customer]:
    place = world.place("GANGNAM")
    return [add_customer(name=f"홍서{end}", home_place=place, by=None) for end in "연진"]


def test_an_id_from_before_a_merge_still_means_the_customer(world, customers) -> None:
    old = uuid.uuid4()
    Alias.objects.create(old_id=old, customer=customers[0])
    field = CustomerField()
    field.within(world.ada)
    assert field.clean(Sent(str(old), str(old))) == customers[0]
    assert field.prepare_value(old).key == str(customers[0].pk)
    assert field.by_key(str(uuid.uuid4())) is None


def test_who_is_chosen_already_is_not_offered(client, world, customers) -> None:
    client.force_login(world.ada)
    page = reverse("customers:found")
    both = client.get(page, {"q": "홍서"}).content.decode()
    assert all(str(customer.pk) in both for customer in customers)
    other = client.get(page, {"q": "홍서", "but": str(customers[0].pk)}).content.decode()
    assert str(customers[0].pk) not in other
    assert str(customers[1].pk) in other
    assert str(customers[1].pk) in client.get(page, {"q": "홍서", "but": "x"}).content.decode()
