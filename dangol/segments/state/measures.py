"""What is kept of every customer: a number for each test of a rule, shared by all that ask the same.

Counts, sums and days are kept as such, so that every threshold over them is answered from one
array; what cannot be merged exactly (a sequence, a last value, an attribute) is kept as
yes or no and worked out again for the customers whose rows changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.deciding import below
from dangol.segments.plain import span
from dangol.warehouse.facts import FACTS, Type

Kind = Literal["count", "sum", "last", "first", "distinct", "truth"]
Interval = tuple[int, int]
"""Days as ordinals, both ends in it."""
EVER, NEVER = 1, 3_650_000
SCALES = {Type.MONEY: 100, Type.NUMBER: 1000, Type.COUNT: 1}
SUMMED = SCALES | {Type.REAL: 1000}
"""What sums are multiplied by to be whole: real numbers are added up in thousandths."""
NO_LAST, NO_FIRST = -(2**31), 2**31 - 1


@dataclass(frozen=True)
class Measure:
    """One number of each customer."""

    kind: Kind
    leaf: r.Rule
    """A behaviour without its range, or the whole test where yes or no is kept."""

    @cached_property
    def key(self) -> str:
        """Names its file: the test with the numbers that stand behind its keys at this moment."""
        told = f"{self.kind} {self.leaf!r} {[sorted(n) for n in self.numbers()]} {self.shape()}"
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    def shape(self) -> list[tuple[str, ...]]:
        """The columns of the tables that it reads: another type is another measure."""
        return [
            (name, *(f"{c.name}:{c.type}:{c.sql}" for c in FACTS[name].columns))
            for name in self.tables
        ]

    def numbers(self) -> list[set[int]]:
        """What its keys lead to: a tree that moved makes another measure."""
        tests = [("customers", self.leaf.column, self.leaf.test)] if isinstance(self.leaf, r.Attribute) else []  # fmt: skip
        tests += [(f.table, w.column, w.test) for f in self.facts for w in f.where]
        if isinstance(self.leaf, r.Behaviour):
            tests.append((self.leaf.facts.table, self.leaf.column, self.leaf.test))
        if isinstance(self.leaf, r.Listed):
            tests.append(("listed", "list", r.Below((self.leaf.key,))))
        return [
            below(test, table, name) for table, name, test in tests if isinstance(test, r.Below)
        ]

    @property
    def facts(self) -> tuple[r.Facts, ...]:
        """The facts that it reads."""
        match self.leaf:
            case r.Behaviour(facts):
                return (facts,)
            case r.Sequence(first, then):
                return (first, then)
        return ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it reads."""
        match self.leaf:
            case r.Listed():
                return ("listed", "customers")
            case r.Score(name):
                return (catalogue.criterion(name).table, "customers")
            case r.Behaviour() | r.Sequence():
                own = tuple(dict.fromkeys(f.table for f in self.facts))
                return own if self.kind != "truth" else (*own, "customers")
        return ("customers",)

    @property
    def scale(self) -> int:
        """What a sum is multiplied by to be a whole number."""
        assert isinstance(self.leaf, r.Behaviour)
        return SUMMED.get(FACTS[self.leaf.facts.table].column(self.leaf.column).type, 1)

    @property
    def nothing(self) -> int:
        """The value of a customer without facts."""
        return {"last": NO_LAST, "first": NO_FIRST}.get(self.kind, 0)

    @property
    def dtype(self) -> str:
        """How a value is kept."""
        return {"truth": "bool", "sum": "int64"}.get(self.kind, "int32")


ALIVE = Measure("truth", r.Everyone())


def measure_of(leaf: r.Rule) -> Measure:
    """What is kept for a test."""
    match leaf:
        case r.Behaviour(_facts, "latest"):
            return Measure("truth", leaf)
    if isinstance(leaf, r.Behaviour):
        bare = r.Behaviour(leaf.facts, leaf.aggregate, r.Range(), leaf.column)
        return Measure(leaf.aggregate, bare)  # type: ignore[arg-type]
    return Measure("truth", leaf)


def measures_in(*rules: r.Rule) -> list[Measure]:
    """Every measure that rules (without other segments in them) ask for."""
    leaves = dict.fromkeys(leaf for rule in rules for leaf in r.leaves(rule))
    return list(dict.fromkeys([ALIVE, *map(measure_of, leaves)]))


def days_of(window: r.Window, day: dt.date) -> Interval:
    """The days of a window on a day; the second before the first where there are none."""
    first, last = span(window, day)
    assert last is not None
    return (first.toordinal() if first else EVER, last.toordinal())


def without(some: Interval, other: Interval) -> list[Interval]:
    """The days of one interval that are not in another."""
    (low, high), (start, end) = some, other
    if start > end:
        return [some] if low <= high else []
    parts = [(low, min(high, start - 1)), (max(low, end + 1), high)]
    return [part for part in parts if part[0] <= part[1]]


def crossing(
    measure: Measure, before: dt.date, now: dt.date
) -> list[tuple[r.Facts, list[Interval]]]:
    """The facts that count on one of two days only, or whose time to be followed ran out between."""
    found = []
    for facts in measure.facts:
        old, new = days_of(facts.window, before), days_of(facts.window, now)
        found.append((facts, [*without(new, old), *without(old, new)]))
    if isinstance(measure.leaf, r.Sequence) and measure.leaf.absent:
        low, high = sorted((before.toordinal(), now.toordinal()))
        wait = measure.leaf.days
        found.append((measure.leaf.first, [(max(low - wait + 1, EVER), high - wait)]))
    return [(facts, days) for facts, days in found if days]


WANTED: list[Callable[[], Iterable[Measure]]] = []
"""What other apps want kept beside the measures of segments."""


def keep(wanted: Callable[[], Iterable[Measure]]) -> Callable[[], Iterable[Measure]]:
    """Have measures kept for an app above; asked at each count, so that they may change."""
    WANTED.append(wanted)
    return wanted


def wanted_elsewhere() -> list[Measure]:
    """Every measure that other apps want."""
    return [measure for ask in WANTED for measure in ask()]
