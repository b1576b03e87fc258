"""Merging and splitting from where people stand: the customer's page, Ctrl-K, the lists."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers
from dangol.identity.merging.outcome import outcome
from dangol.identity.merging.splitting import split_records
from dangol.identity.models import Merge, Split
from dangol.identity.tests.factories import a_merge, a_split, known

pytestmark = pytest.mark.django_db


def text(answer) -> str:  # type: ignore[no-untyped-def]
    return answer.content.decode()


def test_the_customers_menu_leads_to_the_preview_the_merge_and_back(client, world) -> None:
    place = world.place("GANGNAM")
    stays, goes = known(place), known(place, name="김도현", phone="010-7777-1111")
    client.force_login(world.dana)
    page = text(client.get(reverse("customers:customer", args=[stays.pk])))
    address = f"{reverse('matching:merge_new')}?a={stays.pk}"
    split = reverse("matching:split_new", args=[stays.pk])
    assert f'href="{address}"' in page and split not in page, "one record cannot be split"
    form = text(client.get(address))
    assert str(stays.pk) in form and 'name="b"' in form
    preview = text(client.get(f"{address}&b={goes.pk}"))
    assert "1 record" in preview or "레코드 1" in preview
    assert Customer.objects.count() == 2, "looking moves nothing"
    answer = client.post(reverse("matching:merge_new"), {"a": stays.pk, "b": goes.pk})
    merge = Merge.objects.get()
    assert answer.url == reverse("matching:merge", args=[merge.pk])
    assert stays.records.count() == 2
    assert split in text(client.get(reverse("customers:customer", args=[stays.pk])))
    client.post(reverse("matching:merges_undoing"), {"pick": [str(merge.pk)]})
    assert Customer.objects.count() == 2 and stays.records.count() == 1


def test_who_may_not_decide_sees_no_such_deed(client, world) -> None:
    customer = known(world.place("GANGNAM"))
    client.force_login(world.grace)
    page = text(client.get(reverse("customers:customer", args=[customer.pk])))
    assert "record-deeds" not in page
    found = text(client.get(reverse("ui:find"), {"q": "", "at": f"/customers/{customer.pk}/"}))
    assert reverse("matching:merge_new") not in found
    assert client.post(reverse("matching:merges_undoing")).status_code == 403


def test_the_palette_offers_the_deeds_of_the_customer_who_is_open(client, world) -> None:
    customer = known(world.place("GANGNAM"))
    client.force_login(world.dana)
    here = {"q": "", "at": f"/customers/{customer.pk}/"}
    found = text(client.get(reverse("ui:find"), here))
    assert f"?a={customer.pk}" in found
    elsewhere = text(client.get(reverse("ui:find"), {"q": "통합", "at": "/matching/"}))
    assert f"?a={customer.pk}" not in elsewhere and reverse("matching:merge_new") in elsewhere
    assert (
        client.get(reverse("ui:find"), {"q": "x", "at": "/customers/nonsense/"}).status_code == 200
    )


def test_several_are_undone_at_once_and_what_cannot_be_says_why(client, world) -> None:
    place = world.place("GANGNAM")
    first, second = a_merge(place), a_merge(place)
    survivor = Customer.objects.get(pk=second.survivor_key)
    split_records(survivor, [survivor.records.order_by("-pk").first().pk], by=None)
    client.force_login(world.dana)
    client.post(reverse("matching:merges_undoing"), {"pick": [str(first.pk), str(second.pk)]})
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.undone_at and first.undone_by == world.dana and second.undone_at is None
    client.post(reverse("matching:splits_undoing"), {"pick": [str(Split.objects.get().pk)]})
    assert Split.objects.get().undone_at
    searched = f"{reverse('matching:merges')}?q=kim"
    told = client.post(
        reverse("matching:merges_undoing"), {"pick": [str(second.pk)], "next": searched}
    )
    second.refresh_from_db()
    assert second.undone_at and told.url == searched  # the list stays as it was searched
    told = client.post(reverse("matching:merges_undoing"), {"next": "https://elsewhere.example/"})
    assert told.url == reverse("matching:merges")


def test_a_merge_after_more_merges_is_undone_for_ever(client, world) -> None:
    place = world.place("GANGNAM")
    merge = a_merge(place)
    merge_customers(known(place, name="남"), Customer.objects.get(pk=merge.survivor_key), by=None)
    client.force_login(world.dana)
    client.post(reverse("matching:merges_undoing"), {"pick": [str(merge.pk)]})
    assert Customer.objects.filter(pk=merge.merged_key).exists()
    assert Merge.objects.filter(undone_at=None).count() == 1


def test_splits_are_listed_to_those_who_see_the_customer(client, world) -> None:
    mine = a_split(world.place("GANGNAM"))
    client.force_login(world.dana)
    page = text(client.get(reverse("matching:splits")))
    assert reverse("matching:split", args=[mine.pk]) in page


def test_the_preview_says_what_the_one_customer_will_say(
    client, world, django_assert_max_num_queries
) -> None:
    stays, goes = known(world.place("GANGNAM")), known(None, name="홍서언", born_on="1991-01-01")
    SourceRecord.objects.filter(customer=goes).update(times={"name": "2026-05-01T00:00:00+00:00"})
    client.force_login(world.dana)
    address = f"{reverse('matching:merge_new')}?a={stays.pk}&b={goes.pk}"
    client.get(address)
    with django_assert_max_num_queries(24):
        page = text(client.get(address))
    mine, theirs = (list(c.records.all()) for c in (stays, goes))
    lines = {line.field: line for line in outcome(stays, mine, theirs)}
    assert set(lines) == {"name", "born_on"}
    assert lines["name"].kept.value == "홍서언"
    assert [lost.value for lost in lines["name"].losers] == [stays.name]
    assert "홍서언" in page and f"<s>{stays.name}</s>" in page
    merge_customers(stays, goes, by=world.dana, decided=True)
    stays.refresh_from_db()
    assert stays.name == "홍서언"
    assert str(stays.born_on) == lines["born_on"].kept.value
