"""Who is merged away between the look and the press is told so, on the page and by the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dangol.customers.models import Customer
from dangol.identity import api
from dangol.identity.merging.actions import merge_customers
from dangol.identity.models import Split
from dangol.identity.pages import splitting
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(world, monkeypatch: pytest.MonkeyPatch) -> tuple[Customer, Customer]:
    """Two customers; whoever finds the second one finds it merged at the next step."""
    place = world.place("GANGNAM")
    stays, goes = known(place), known(place, name="김도현", phone="010-9999-1111")
    for module in (api, splitting):
        monkeypatch.setattr(module, "the_customer", merging(module.the_customer, stays, goes))
    return stays, goes


def merging(find: Any, stays: Customer, goes: Customer) -> Any:
    def found(*args: Any) -> Any:
        answer = find(*args)
        if Customer.objects.filter(pk=goes.pk).exists():
            merge_customers(stays, goes, by=None)
        return answer

    return found


def test_a_split_of_who_was_merged_is_refused_in_words(two, client, world) -> None:
    stays, goes = two
    record = goes.records.get().pk
    client.force_login(world.dana)
    address = reverse("matching:split_new", args=[goes.pk])
    page = client.post(address, {"record": [record], "sure": "1"})
    assert page.status_code == 200 and "그 사이에 다른 고객과 합쳐졌어요" in page.text
    assert stays.name in page.text and not Split.objects.exists()


def test_a_program_gets_a_conflict(two, client, world) -> None:
    record = two[1].records.get().pk
    client.force_login(world.dana)
    told = client.post(
        f"/api/v1/matching/customers/{two[1].pk}/splits", {"records": [record]},
        content_type="application/json",
    )  # fmt: skip
    assert told.status_code == 409 and not Split.objects.exists()
