"""Sums of real numbers are the same on every engine, whatever the order: 0.1 + 0.2 is 0.3."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.interactions.models import Interaction
from dangol.segments.deciding import decided_now, in_lake
from dangol.segments.reading import read
from dangol.segments.state import bring, measures_in
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.numbers import keys_of, numbers_of
from tests.lake.factories import DAY, a_customer

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]
TODAY = DAY.date() + dt.timedelta(days=3)
TALKED = {"of": "interactions", "column": "talk_seconds"}


def talk(customer, *seconds, day=0):
    """Calls that lasted so long; None was never answered."""
    for lasted in seconds:
        at = DAY + dt.timedelta(days=day)
        ended = at + dt.timedelta(seconds=lasted or 0)
        Interaction.objects.create(
            customer=customer, channel="phone", queued_at=at, ended_at=ended,
            answered_at=None if lasted is None else at,
        )  # fmt: skip


def test_real_numbers_add_up_alike_everywhere_and_are_merged(world, spark):
    kim, lee, park = (a_customer(name=name) for name in ("김", "이", "박"))
    talk(kim, 0.1, 0.2, None)
    talk(lee, *[0.1] * 9)
    rules = {
        "exactly": read({"sum": TALKED, "from": 0.3, "to": 0.3}),
        "more": read({"sum": TALKED | {"days": 30}, "from": 0.9}),
        "none": read({"sum": TALKED, "to": 0}),
    }
    expected = {"exactly": {kim}, "more": {lee}, "none": {park}}
    copy_changes()
    for _turn in range(2):
        for seen in (lake(), lake(engine=spark)):
            rows = seen.run(in_lake(seen, TODAY).decided(rules)).to_pylist()
            for name in rules:
                numbers = [row["id"] for row in rows if row[name]]
                assert set(keys_of(type(kim), numbers).values()) == {c.pk for c in expected[name]}
        state = bring(lake(), TODAY, measures_in(*rules.values()))
        for name, rule in rules.items():
            numbers = numbers_of(type(kim), [c.pk for c in expected[name]])
            assert state.members(rule).tolist() == sorted(numbers.values()), name
            for one in (kim, lee, park):
                assert decided_now({name: rule}, one.pk, TODAY)[name] == (one in expected[name])
        talk(park, 0.3, day=1)
        Interaction.objects.filter(customer=kim).first().delete()
        talk(kim, 5, day=2)
        copy_changes()
        left = Interaction.objects.filter(customer=kim)
        talked = sum((i.ended_at - i.answered_at).total_seconds() for i in left if i.answered_at)
        expected = {
            "exactly": {park},
            "more": {lee} | ({kim} if talked >= 0.9 else set()),
            "none": set(),
        }
