"""The number that stands on every screen finds its customer, and so does an id or a link."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.customers.actions import add_customer
from dangol.customers.finding import customers_found_by
from dangol.customers.models import Alias, SourceRecord


@pytest.fixture
def kim(world):
    """A customer of one system, known to another as well."""
    kim = add_customer(
        name="김단골",
        home_place=world.place("GANGNAM"),
        source="crm",
        source_key="C0000794",
        by=None,
    )
    SourceRecord.objects.create(source="workshop", key="0000021", customer=kim)
    SourceRecord.objects.create(source="web", key="0000022")
    for source in ("app", "crm", "zoo"):
        SourceRecord.objects.create(source=source, key="K-1", customer=None)
    return kim


def found(user, words):
    return [c.name for c in customers_found_by(user, words)]


@pytest.mark.parametrize("words", ["C0000794", "c0000794", " C0000794 ", "0000021"])
def test_the_number_of_any_source_finds_its_customer(world, kim, words):
    assert found(world.anna, words) == ["김단골"]


@pytest.mark.parametrize("words", ["C000079", "0000794", "0000022", "K-1", "C00007945"])
def test_a_part_of_a_number_and_a_record_without_customer_find_nobody(world, kim, words):
    assert found(world.anna, words) == []


def test_two_sources_with_one_number_find_both(world, kim):
    lee = add_customer(name="이손님", home_place=world.place("MAPO"), by=None)
    SourceRecord.objects.create(source="till", key="C0000794", customer=lee)
    assert found(world.anna, "C0000794") == ["김단골", "이손님"]
    assert found(world.grace, "C0000794") == ["김단골"]


def test_the_number_comes_before_telephones_that_end_so(world, kim):
    from dangol.customers.actions import add_contact_point

    lee = add_customer(name="이손님", home_place=world.place("MAPO"), by=None)
    add_contact_point(lee, "phone", "010-0000-0021", by=None)
    assert found(world.anna, "0000021") == ["김단골", "이손님"]


def test_the_outsider_finds_no_number_of_another_branch(world, kim):
    assert found(world.eve, "C0000794") == found(world.eve, "0000021") == []
    assert found(world.eve, str(kim.pk)) == []


def test_an_id_and_a_link_find_their_customer_also_of_one_merged_away(world, kim):
    old = "0198c0de-0000-7000-8000-00000000abcd"
    Alias.objects.create(old_id=old, customer=kim)
    for key in (str(kim.pk), old, old.upper()):
        assert found(world.anna, key) == ["김단골"]
        assert found(world.anna, f"https://crm.example.com/customers/{key}/") == ["김단골"]
    assert found(world.anna, "0198c0de-0000-7000-8000-00000000abce") == []


def test_the_list_the_palette_and_the_field_of_the_merge_page_find_it(client, world, kim):
    client.force_login(world.anna)
    for address in (
        reverse("customers:list") + "?q=C0000794",
        reverse("customers:found") + "?q=0000021",
        reverse("ui:find") + "?q=C0000794",
    ):
        assert "김단골" in client.get(address).content.decode(), address
