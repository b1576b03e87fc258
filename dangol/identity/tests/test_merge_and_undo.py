"""Merges and splits, undone in any order, restore every row exactly."""

from __future__ import annotations

import contextlib
import json
from random import Random

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dangol.core.events import plain
from dangol.customers.actions import add_contact_point, add_customer, check_contact_point
from dangol.customers.models import Alias, ContactPoint, Customer, Relation, SourceRecord
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.actions import merge_customers, present, undo_merge
from dangol.identity.merging.belongings import belongings
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.models import Merge, Split

PHONES = ["010-4321-8765", "010-1111-2222", "010-3333-4444"]
SAID = [
    {"name": "홍서연", "phone": PHONES[0], "gender": "F"},
    {"name": "홍서연", "phone": PHONES[0], "email": "hong@mail.example"},
    {"name": "김도현", "phone": PHONES[1], "born_on": "1985-11-02", "tier": "gold"},
    {"name": "김도윤", "phone": PHONES[1], "gender": "F", "note": "두 번째"},
    {"name": "이산", "phone": PHONES[2], "born_on": "1970-01-01"},
]
FORGOTTEN = {"customers.customer": {"revision", "updated_at"}}


def state() -> dict[str, str]:
    """Every row that hangs under a customer, and the customers themselves."""
    from django.core import serializers

    rows = list(serializers.serialize("python", Customer.objects.all()))
    for model in {one.model for one in belongings()}:
        rows += serializers.serialize("python", model._default_manager.all())
    rows += serializers.serialize("python", Alias.objects.none())
    found = {}
    for row in rows:
        skipped = FORGOTTEN.get(row["model"], set())
        fields = {k: v for k, v in row["fields"].items() if k not in skipped}
        found[f"{row['model']} {row['pk']}"] = json.dumps(plain(fields))
    return found


def differing(before: str, after: str) -> dict[str, tuple[object, object]]:
    """The fields of a row that differ."""
    one, other = json.loads(before), json.loads(after)
    return {k: (one[k], other[k]) for k in one if one[k] != other[k]}


def company() -> list[Customer]:
    """Five customers: shared phones, a checked one, relations, a purchase each, two records each."""
    made = []
    for number, said in enumerate(SAID):
        customer = add_customer(name=said["name"], by=None, source="a", source_key=str(number))
        SourceRecord.objects.filter(customer=customer).update(values=said)
        SourceRecord.objects.create(
            source=f"s{number % 2}", key=str(number), customer=customer,
            values={k: v for k, v in said.items() if k in ("name", "phone")} | {"address": f"서울 {number}길 1"},
        )  # fmt: skip
        made.append(customer)
    refresh_golden([c.pk for c in made], by=None, trust={})
    point = ContactPoint.objects.get(customer=made[1], kind="phone")
    check_contact_point(point, "verified", by=None)
    add_contact_point(made[2], "phone", "010-9999-0000", by=None)
    for a, b, kind in ((0, 1, "household"), (1, 2, "household"), (0, 2, "household"), (3, 2, "influences"), (4, 1, "household")):  # fmt: skip
        Relation.objects.create(from_customer=made[a], to_customer=made[b], kind=kind)
    return made


STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "merge", "undo", "split"]), st.integers(0, 9), st.integers(0, 9)),
    min_size=1, max_size=9,
)  # fmt: skip


SPLIT_TWICE = [("merge", 0, 2), ("split", 0, 0), ("split", 0, 0)]
MERGED_BACK = [
    ("merge", 0, 1), ("split", 1, 0), ("split", 3, 0), ("undo", 0, 0), ("merge", 4, 6), ("split", 4, 0),
]  # fmt: skip
COPY_IN_USE = [("merge", 0, 1), ("split", 0, 0), ("split", 0, 0), ("split", 0, 1)]


class AnyOrder(TestCase):
    """Random merges, splits and undoing, then everything undone in a random order."""

    maxDiff = None

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS, st.randoms(use_true_random=False))
    @example(SPLIT_TWICE, Random(0))
    @example(SPLIT_TWICE, Random(1))
    @example(SPLIT_TWICE, Random(2))
    @example(MERGED_BACK, Random(0))
    @example(MERGED_BACK, Random(1))
    @example(MERGED_BACK, Random(5))
    @example(COPY_IN_USE, Random(0))
    @example(COPY_IN_USE, Random(1))
    @example(COPY_IN_USE, Random(5))
    def test_everything_undone_restores_every_row(self, steps, lot) -> None:
        made = company()
        before = state()
        names = {c.pk for c in made}
        for what, a, b in steps:
            self.step(what, a, b)
            for key in names:
                self.assertIsNotNone(present(key), "an id once given resolves for ever")
        done = [(m.merged_key, m.survivor_key, m.undone_at) for m in Merge.objects.order_by("pk")]
        self.undo_all(lot)
        after = state()
        self.assertFalse(set(before) - set(after), f"rows lost {steps} {done}")
        self.assertFalse(set(after) - set(before), f"rows too many {steps} {done}")
        changed = {k: differing(before[k], v) for k, v in after.items() if before[k] != v}
        self.assertFalse(changed, f"{changed}\n{steps}\n{done}")

    def step(self, what: str, a: int, b: int) -> None:
        there = list(Customer.objects.order_by("created_at", "pk"))
        one, other = there[a % len(there)], there[b % len(there)]
        if what == "merge" and one.pk != other.pk:
            merge_customers(one, other, by=None, decided=True)
        elif what == "split":
            mine = list(one.records.order_by("pk").values_list("pk", flat=True))
            if len(mine) > 1:
                split_records(one, mine[: 1 + b % (len(mine) - 1)], by=None)
        elif what == "undo" and (
            open_ := list(Merge.objects.filter(undone_at=None).order_by("created_at", "pk"))
        ):
            with contextlib.suppress(ValidationError):
                undo_merge(open_[a % len(open_)], by=None)

    def undo_all(self, lot) -> None:
        for _round in range(30):
            open_ = [
                *Merge.objects.filter(undone_at=None).order_by("created_at", "pk"),
                *Split.objects.filter(undone_at=None).order_by("created_at", "pk"),
            ]
            if not open_:
                return
            lot.shuffle(open_)
            for one in open_:
                try:
                    undo_merge(one, by=None) if isinstance(one, Merge) else undo_split(one, by=None)
                except ValidationError:
                    continue
        self.fail("something could not be undone in any order")
