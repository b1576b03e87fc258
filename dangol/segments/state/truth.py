"""A rule decided from kept measures: set by set, exactly as `plain.py` says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import reduce
from math import ceil, floor

import numpy as np

from dangol.segments import rules as r
from dangol.segments.state.bits import Bits, packed
from dangol.segments.state.measures import Measure, measure_of
from dangol.segments.state.passing import DAY_NOUGHT

Array = np.ndarray


class Deciding:
    """Rules over one state; what several rules share is worked out once."""

    def __init__(self, day: dt.date, capacity: int, values: Callable[[Measure], Array]) -> None:
        self.day, self.capacity, self.values = day, capacity, values
        self.known: dict[r.Rule, Bits] = {}

    def held(self, rule: r.Rule) -> Bits:
        """For which numbers the rule holds; numbers that nobody has may hold too."""
        if rule not in self.known:
            self.known[rule] = self.decided(rule)
        return self.known[rule]

    def decided(self, rule: r.Rule) -> Bits:
        """The same, not remembered."""
        match rule:
            case r.All(parts):
                return reduce(np.bitwise_and, map(self.held, parts), self.everyone())
            case r.Any(parts):
                return reduce(np.bitwise_or, map(self.held, parts), ~self.everyone())
            case r.Not(part):
                return ~self.held(part)
            case r.Minus(whole, less):
                return self.held(whole) & ~self.held(less)
        measure = measure_of(rule)
        known = self.values(measure)
        if measure.kind == "truth":
            return packed(known)
        assert isinstance(rule, r.Behaviour) and isinstance(rule.test, r.Range)
        return packed(in_range(known, rule.test, measure, self.day))

    def everyone(self) -> Bits:
        """Every number."""
        return np.full((self.capacity + 7) // 8, 255, np.uint8)


def in_range(known: Array, test: r.Range, measure: Measure, day: dt.date) -> Array:
    """Whether each value lies in a range."""
    least, most = test.least, test.most
    if measure.kind in ("last", "first"):
        today = day.toordinal() - DAY_NOUGHT
        # days ago: the more, the earlier the day
        low = None if most is None else today - floor(most)  # type: ignore[arg-type]
        high = None if least is None else today - ceil(least)  # type: ignore[arg-type]
        return between(known, low, high, wide=False) & (known != measure.nothing)
    scale = measure.scale if measure.kind == "sum" else 1
    low = None if least is None else ceil(least * scale)  # type: ignore[operator,arg-type]
    high = None if most is None else floor(most * scale)  # type: ignore[operator,arg-type]
    return between(known, low, high, wide=measure.kind == "sum")


def between(known: Array, low: int | None, high: int | None, *, wide: bool) -> Array:
    """low ≤ value ≤ high, an end that is None being open."""
    most = 2**63 - 1 if wide else 2**31 - 2
    ends = [] if low is None else [known >= max(-most, min(most, low))]
    ends += [] if high is None else [known <= max(-most, min(most, high))]
    return reduce(np.logical_and, ends) if ends else np.ones(len(known), bool)
