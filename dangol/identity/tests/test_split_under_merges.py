"""A split is taken back also under later merges: all is as if it had never been."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.customers.models import Customer
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.finding import present
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.models import Merge, Split
from dangol.identity.tests.test_merge_and_undo import company, differing, state

pytestmark = pytest.mark.django_db
LATER = {
    "another into the one": ((2, 0),),
    "the one into another": ((0, 2),),
    "both": ((2, 0), (0, 3)),
    "twice over": ((0, 2), (2, 3)),
    "others among themselves": ((3, 2),),
}


def one(customer: Customer) -> Customer:
    return Customer.objects.get(pk=present(customer.pk))


def parted() -> tuple[list[Customer], Split, dict[Any, Any]]:
    """Five customers of whom the first was made of two and parted by its records; all before that."""
    made = company()
    merge_customers(made[0], made[1], by=None, decided=True)
    before = state()
    records = list(one(made[0]).records.order_by("pk").values_list("pk", flat=True))
    return made, split_records(one(made[0]), records[:1], by=None), before


@pytest.mark.parametrize("merges", LATER.values(), ids=LATER)
def test_it_is_as_if_there_had_been_no_split(merges) -> None:
    made, split, before = parted()
    for stays, goes in merges:
        merge_customers(one(made[stays]), one(made[goes]), by=None, decided=True)
    undo_split(split, by=None)
    assert present(split.new_key) == present(made[0].pk)
    for merge in Merge.objects.filter(created_at__gt=split.created_at).order_by("-created_at"):
        undo_merge(merge, by=None)
    after = state()
    changed = {k: differing(before[k], v) for k, v in after.items() if before.get(k) != v}
    assert changed == {} and set(before) == set(after)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_all_is_undone(order) -> None:
    made, split, before = parted()
    later = [
        merge_customers(one(made[a]), one(made[b]), by=None, decided=True) for a, b in ((2, 0), (0, 3))
    ]  # fmt: skip
    steps = [split, *later]
    left = [steps[n] for n in order]
    while left:
        done = [step for step in left if undone(step)]
        assert done, "nothing can be undone any more"
        left = [step for step in left if step not in done]
    after = state()
    changed = {k: differing(before[k], v) for k, v in after.items() if before.get(k) != v}
    assert changed == {} and set(before) == set(after)


def undone(step: Merge | Split) -> bool:
    try:
        undo_merge(step, by=None) if isinstance(step, Merge) else undo_split(step, by=None)
    except ValidationError:
        return False
    return True


def test_who_was_split_off_and_merged_since_is_named_with_the_way_to_the_merge(
    client, world
) -> None:
    made, split, _before = parted()
    off = Customer.objects.get(pk=split.new_key)
    merge = merge_customers(one(made[2]), off, by=None, decided=True)
    with pytest.raises(ValidationError, match="먼저 되돌린"):
        undo_split(split, by=None)
    client.force_login(world.dana)
    page = client.get(reverse("matching:split", args=[split.pk])).content.decode()
    assert reverse("matching:merge", args=[merge.pk]) in page
    undo_merge(merge, by=None)
    page = client.get(reverse("matching:split", args=[split.pk])).content.decode()
    assert reverse("matching:merge", args=[merge.pk]) not in page
    undo_split(split, by=None)


def test_the_page_of_a_merge_leads_to_the_split_since(client, world) -> None:
    _made, split, _before = parted()
    merge = Merge.objects.get()
    client.force_login(world.dana)
    page = client.get(reverse("matching:merge", args=[merge.pk])).content.decode()
    assert reverse("matching:split", args=[split.pk]) in page
    undo_split(split, by=None)
    page = client.get(reverse("matching:merge", args=[merge.pk])).content.decode()
    assert reverse("matching:split", args=[split.pk]) not in page
