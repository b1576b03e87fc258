"""A customer merged away twice over: each order of undoing gives everybody back what they said."""

from __future__ import annotations

import itertools

import pytest

from dangol.customers.actions import add_contact_point, check_contact_point
from dangol.customers.models import Customer
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.models import Merge
from dangol.identity.tests.test_merge_and_undo import company, differing, state

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_value_leaves_with_its_records_in_whatever_order(order: tuple[int, ...]) -> None:
    made = company()
    before = state()
    merges = [
        merge_customers(Customer.objects.get(pk=made[a].pk), made[b], by=None, decided=True).pk
        for a, b in ((0, 4), (0, 2), (1, 0))
    ]
    for turn in order:
        undo_merge(Merge.objects.get(pk=merges[turn]), by=None)
    after = state()
    changed = {k: differing(before[k], v) for k, v in after.items() if before[k] != v}
    assert changed == {} and set(before) == set(after)


CHAINS = {
    "undone, then merged into who holds the other": (("m", 0, 1), ("m", 2, 0), ("u", 0), ("m", 2, 1), ("u", 1), ("u", 2)),
    "undone, then merged back the other way": (("m", 0, 2), ("m", 1, 0), ("u", 0), ("m", 2, 1), ("u", 1), ("u", 2)),
}  # fmt: skip


@pytest.mark.parametrize("steps", CHAINS.values(), ids=CHAINS)
def test_who_is_merged_again_after_an_undoing_gets_back_his_own_and_nothing_else(steps) -> None:
    made = company()
    for customer, outcome in ((made[1], "wrong"), (made[2], "verified")):
        point = add_contact_point(customer, "email", "all@mail.example", by=None)
        check_contact_point(point, outcome, by=None)
    add_contact_point(made[0], "email", "all@mail.example", by=None)
    before, merges = state(), []
    for what, *numbers in steps:
        if what == "u":
            undo_merge(Merge.objects.get(pk=merges[numbers[0]]), by=None)
            continue
        one, other = (Customer.objects.get(pk=made[n].pk) for n in numbers)
        merges.append(merge_customers(one, other, by=None, decided=True).pk)
    after = state()
    changed = {k: differing(before[k], v) for k, v in after.items() if before[k] != v}
    assert changed == {} and set(before) == set(after)
