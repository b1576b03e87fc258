"""A customer merged away twice over: each order of undoing gives everybody back what they said."""

from __future__ import annotations

import itertools

import pytest

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
