"""What is split, and merged, is what the person was shown: never what was ticked or came afterwards."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers
from dangol.identity.models import Merge, Split
from dangol.identity.tests.factories import HONG, known

pytestmark = pytest.mark.django_db
REFUSED = "지금 고른 것이 보여 드린 것과 달라요"


@pytest.fixture
def three(world, client) -> tuple[str, list[SourceRecord]]:
    """The page of a split of a customer with three records, and these."""
    customer = known(world.place("GANGNAM"))
    for key in ("W1", "W2"):
        SourceRecord.objects.create(source="web", key=key, values=HONG, customer=customer)
    client.force_login(world.dana)
    records = list(customer.records.order_by("first_seen_at", "pk"))
    return reverse("matching:split_new", args=[customer.pk]), records


def shown(answer) -> str:  # type: ignore[no-untyped-def]
    """What the page says that it shows."""
    return re.search(r'name="shown" value="([^"]*)"', answer.text)[1]  # type: ignore[index]


def test_what_was_ticked_after_the_preview_is_shown_before_it_is_split(client, three) -> None:
    address, [_first, second, third] = three
    before = shown(client.get(address, {"record": second.pk}))
    both = {"record": [second.pk, third.pk], "sure": "1"}
    answer = client.post(address, {**both, "shown": before})
    assert answer.status_code == 200 and REFUSED in answer.text
    assert not Split.objects.exists()
    assert answer.text.count(" checked") == 2, "what was ticked stays so"
    client.post(address, {**both, "shown": shown(answer)})
    assert Split.objects.get().records == [second.pk, third.pk]


def test_a_record_that_came_meanwhile_is_shown_first(client, three) -> None:
    address, [first, second, _third] = three
    before = shown(client.get(address, {"record": second.pk}))
    SourceRecord.objects.create(source="erp", key="E1", values=HONG, customer=first.customer)
    one = {"record": second.pk, "sure": "1", "shown": before}
    assert REFUSED in client.post(address, one).text and not Split.objects.exists()


def test_without_scripts_the_first_press_shows_and_the_second_splits(client, three) -> None:
    address, [_first, second, _third] = three
    assert "<noscript><button" in client.get(address).text
    answer = client.post(address, {"record": second.pk, "shown": shown(client.get(address))})
    assert answer.status_code == 200 and "분리 뒤 두 고객의 값" in answer.text
    assert REFUSED not in answer.text and not Split.objects.exists()
    client.post(address, {"record": second.pk, "sure": "1", "shown": shown(answer)})
    assert Split.objects.get().records == [second.pk]


def test_the_answer_to_a_tick_leaves_the_ticks_alone(client, three) -> None:
    address, [_first, second, _third] = three
    part = client.get(address, {"record": second.pk}, headers={"HX-Request": "true"}).text
    assert 'type="checkbox"' not in part and "분리 뒤 두 고객의 값" in part
    assert 'hx-sync="this:replace"' in client.get(address).text


def test_who_was_merged_after_the_preview_of_a_merge_is_shown_first(client, world) -> None:
    place = world.place("GANGNAM")
    a, b, third = known(place), known(place, name="김도현"), known(place, name="홍서언")
    client.force_login(world.dana)
    address = reverse("matching:merge_new")
    assert client.get(address, {"a": a.pk, "b": b.pk}).status_code == 200
    merge_customers(third, a, by=None)
    sent = {"a": a.pk, "b": b.pk}
    answer = client.post(f"{address}?a={a.pk}&b={b.pk}", sent)
    assert answer.status_code == 200 and "그 사이에" in answer.text
    assert Merge.objects.count() == 1 and Customer.objects.count() == 2
    client.post(f"{address}?a={a.pk}&b={b.pk}", {"a": third.pk, "b": b.pk})
    assert Customer.objects.count() == 1
