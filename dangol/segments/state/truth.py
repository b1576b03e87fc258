"""A rule decided from kept measures: array by array, exactly as `plain.py` says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import reduce
from math import ceil, floor

import numpy as np

from dangol.segments import rules as r
from dangol.segments.state.measures import Measure, measure_of

Array = np.ndarray
EPOCH = dt.date(1970, 1, 1)


def held(
    rule: r.Rule, day: dt.date, capacity: int, values: Callable[[Measure], Array]
) -> Array:  # fmt: skip
    """For which numbers the rule holds; numbers that nobody has may hold too."""
    match rule:
        case r.All(parts):
            inside = [held(p, day, capacity, values) for p in parts]
            return reduce(np.logical_and, inside) if inside else np.ones(capacity, bool)
        case r.Any(parts):
            inside = [held(p, day, capacity, values) for p in parts]
            return reduce(np.logical_or, inside) if inside else np.zeros(capacity, bool)
        case r.Not(part):
            return np.logical_not(held(part, day, capacity, values))
        case r.Minus(whole, less):
            kept = held(whole, day, capacity, values)
            return kept & ~held(less, day, capacity, values)
        case r.Sample(_percent, salt):
            return drawn(capacity, salt) < rule.bound
    measure = measure_of(rule)
    assert measure is not None
    known = values(measure)
    if measure.kind == "truth":
        return known
    assert isinstance(rule, r.Behaviour) and isinstance(rule.test, r.Range)
    return in_range(known, rule.test, measure, day)


def in_range(known: Array, test: r.Range, measure: Measure, day: dt.date) -> Array:
    """Whether each value lies in a range."""
    least, most = test.least, test.most
    if measure.kind in ("last", "first"):
        today = (day - EPOCH).days
        holds = known != measure.nothing
        # days ago: the more, the earlier the day
        if least is not None:
            holds &= known <= bounded(today - ceil(least))
        if most is not None:
            holds &= known >= bounded(today - floor(most))
        return holds
    scale = measure.scale if measure.kind == "sum" else 1
    holds = None
    if least is not None:
        holds = known >= bounded(ceil(least * scale), wide=measure.kind == "sum")  # type: ignore[operator,arg-type]
    if most is not None:
        below = known <= bounded(floor(most * scale), wide=measure.kind == "sum")  # type: ignore[operator,arg-type]
        holds = below if holds is None else holds & below
    return np.ones(len(known), bool) if holds is None else holds


def bounded(value: int, *, wide: bool = False) -> int:
    """A threshold that the array's numbers can be compared with."""
    most = 2**63 - 1 if wide else 2**31 - 2
    return max(-most, min(most, value))


def drawn(capacity: int, salt: int) -> Array:
    """0 … 9,999 for every number, as `rules.drawn` says."""
    h = (np.arange(capacity, dtype=np.int64) * 48_271 + salt) % r.PRIME
    h = (h * h) % r.PRIME
    return (h * 69_621) % r.PRIME % 10_000
