"""Different ones are counted once in each cell and once in each total, however they are read."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pyarrow as pa
import pytest

from dangol.cubes.asking import distinct
from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.distinct import encoded, encoded_numbers, groups
from dangol.cubes.asking.expression import EVERYWHERE
from dangol.cubes.asking.query import query_of
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale


def by_hand(facts, chosen):
    """Sets of Python, group by group."""
    found = {}
    for fact in facts:
        found.setdefault(tuple(fact[n] for n in chosen), set()).add(fact[3])
    return {key: len(ones - {None}) for key, ones in found.items()}


@pytest.mark.parametrize("kind", ["numbers", "words", "huge"])
def test_each_cell_and_each_total_equals_sets_of_python(kind):
    dice = random.Random(5)
    ones = {"numbers": range(40), "words": "가나다라마바사", "huge": [2**60 + n for n in range(9)]}[kind]  # fmt: skip
    facts = [
        (dice.choice(["a", "b", None]), dice.randrange(4), dice.choice([None, dt.date(2026, 1, 1)]),
         dice.choice([None, *ones]))
        for _n in range(500)
    ]  # fmt: skip
    columns = [pa.chunked_array([pa.array(list(column))]) for column in zip(*facts, strict=True)]
    sides, counts = [encoded(c) for c in columns[:3]], {"n": encoded_numbers(columns[3])}
    for chosen in itertools.chain.from_iterable(itertools.combinations(range(3), r) for r in range(4)):  # fmt: skip
        found = groups([sides[n] for n in chosen], counts, len(facts))
        told = {tuple(g[f"d{n}"] for n in range(len(chosen))): g["n"] for g in found}
        assert told == by_hand(facts, chosen) and len(found) == len(told)


def test_no_facts_are_no_cells_and_a_total_of_nobody():
    column = pa.chunked_array([pa.array([], pa.int64())])
    assert groups([encoded(column)], {"n": encoded_numbers(column)}, 0) == []
    assert groups([], {"n": encoded_numbers(column)}, 0) == [{"n": 0}]


@pytest.mark.django_db
def test_more_than_memory_takes_is_counted_by_the_engine_alike(world, lake_folder, monkeypatch):
    regular = a_customer()
    for n in range(9):
        place = world.place("MAPO" if n % 2 else "GANGNAM") if n else None
        a_sale(regular if n % 3 else a_customer(), 10, place=place, at=dt.datetime(2026, 1 + n, 3, tzinfo=dt.UTC))  # fmt: skip
    copy_changes()
    query = query_of({"subject": "sales", "rows": "site", "columns": "quarter", "measures": "buyers,amount", "period": "all"})  # fmt: skip
    here = answer(query, EVERYWHERE, lake()).cells
    assert here[((), ())]["buyers"].value == 4
    monkeypatch.setattr(distinct, "MOST_FACTS", 8)
    assert answer(query, EVERYWHERE, lake()).cells == here
