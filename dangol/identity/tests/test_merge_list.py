"""The list of merges says where the records came from and how many; splitting is offered where it can be done."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.core.roles import Role
from dangol.customers.models import SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.pages.merging import MergeList
from dangol.identity.tests.factories import known
from dangol.places.actions import grant_role
from dangol.ui.deeds import deeds_for

pytestmark = pytest.mark.django_db


def test_a_merge_is_listed_with_sources_and_number_of_records(client, world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"), name="홍서언")
    SourceRecord.objects.create(source="erp", key="E-1", customer=b, values={"name": "홍서언"})
    merge = merge_customers(a, b, by=world.dana)
    MergeList().completed([merge])
    cells = {c.name: str(c.told(merge)) for c in MergeList.columns}
    assert (cells["sources"], cells["records"]) == ("shop · erp", "2")
    client.force_login(world.dana)
    page = client.get(reverse("matching:merges")).content.decode()
    assert "shop · erp" in page
    assert "E-1" in client.get(reverse("matching:merge", args=[merge.pk])).content.decode()


def test_a_customer_of_one_record_is_not_offered_to_be_split(client, world) -> None:
    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"), name="홍서언")
    url = reverse("matching:split_new", args=[a.pk])
    client.force_login(world.dana)

    def offered() -> tuple[bool, bool]:
        page = client.get(reverse("customers:customer", args=[a.pk])).content.decode()
        return url in page, "split" in {d.key for d in deeds_for(world.dana, "customer", a.pk)}

    assert offered() == (False, False)
    palette = client.get(
        reverse("ui:find"),
        {"q": "분리", "at": reverse("customers:customer", args=[a.pk])},
    )
    assert url not in palette.content.decode()
    merge_customers(a, b, by=None, decided=True)
    assert offered() == (True, True)


def test_who_was_parted_again_is_seen_only_by_those_who_see_both(client, world) -> None:
    here, there = known(world.place("GANGNAM")), known(world.place("HAEUNDAE"), name="이예일")
    merge = merge_customers(here, there, by=world.dana)
    grant_role(world.nobody, Role.DATA_STEWARD, world.place("GANGNAM"), by=None)
    client.force_login(world.nobody)
    page = reverse("matching:merge", args=[merge.pk])
    assert client.get(page).status_code == 200, "while they are one it is this region's customer"
    undo_merge(merge, by=world.dana)
    assert client.get(page).status_code == 404
    assert "이예일" not in client.get(reverse("matching:merges")).content.decode()
    assert client.get(f"/api/v1/matching/merges/{merge.pk}").status_code == 404
    client.force_login(world.dana)
    assert client.get(page).status_code == 200
