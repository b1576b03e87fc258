"""Whether values in an array pass a test; what is empty is a value of its own, which no test passes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from math import ceil, floor
from typing import TYPE_CHECKING
from typing import Any as Anything

import numpy as np

from dangol.segments import rules as r
from dangol.segments.deciding import below
from dangol.segments.state.measures import SCALES
from dangol.warehouse.facts import Column, Type

if TYPE_CHECKING:
    from dangol.segments.state.rows import Shape

Array = np.ndarray
Tester = Callable[[Array], Array]
DAY_NOUGHT = dt.date(1970, 1, 1).toordinal()
"""The day that arrays of days count from, as Python numbers days."""
KINDS = {
    Type.REF: "int32", Type.DAY: "int32", Type.TEXT: "int32", Type.FLAG: "int32", Type.REAL: "float64",
    Type.MONEY: "int64", Type.NUMBER: "int64", Type.COUNT: "int64",
}  # fmt: skip
WORDS = (Type.TEXT, Type.FLAG)
NOTHING: dict[str, Anything] = {"int32": -(2**31), "int64": -(2**63), "float64": float("nan")}


def tester(shape: Shape, name: str, test: r.Test) -> Tester:
    """Whether each value of a column passes, exactly as `plain.py` says."""
    column = shape.columns[name]
    if column.type in WORDS:
        words = shape.words.get(name, [])
        wanted = [
            n for n, word in enumerate(words) if isinstance(test, r.Known)
            or (isinstance(test, r.OneOf) and word in test.values)
        ]  # fmt: skip
        return lambda codes: np.isin(codes, wanted)
    scale = SCALES.get(column.type, 1)
    match test:
        case r.Known():
            return has_value
        case r.OneOf(given):
            some = [whole(v, column, scale) for v in given]
            wanted_values = [v for v in some if v is not None]
            return lambda values: np.isin(values, wanted_values)
        case r.Below():
            numbers = sorted(below(test, shape.table, name))
            return lambda values: np.isin(values, numbers)
        case r.Range(least, most):
            low = None if least is None else end_of(least, column, scale, ceil)
            high = None if most is None else end_of(most, column, scale, floor)
            return lambda values: ranged(values, low, high)
    raise TypeError(test)


def has_value(values: Array) -> Array:
    """Where there is a value."""
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    there: Array = values != NOTHING[values.dtype.name]
    return there


def ranged(values: Array, low: Anything, high: Anything) -> Array:
    """low ≤ value ≤ high, an end that is None being open; nothing is never inside."""
    # nothing is below every number that a column holds, so that a lower end leaves it out by itself
    open_below = low is None or low <= NOTHING[values.dtype.name]
    inside: Array = has_value(values) if open_below else values >= low
    if high is not None:
        inside &= values <= high
    return inside


def fits(values: Array) -> bool:
    """Whether whole numbers fit into half their room; nothing always does."""
    least, most = NOTHING["int32"], -NOTHING["int32"]
    there = values[has_value(values)]
    return not len(there) or bool(least < there.min() and there.max() < most)


def narrowed(values: Array) -> Array:
    """Whole numbers in half their room."""
    return np.where(has_value(values), values, NOTHING["int32"]).astype(np.int32)


def widened(values: Array) -> Array:
    """The same in their usual room again."""
    given = values.astype(np.int64)
    given[~has_value(values)] = NOTHING["int64"]
    return given


def whole(value: Anything, column: Column, scale: int) -> Anything:
    """A value in the unit of its array; None where the array can hold no such value."""
    if column.type is Type.DAY:
        return value.toordinal() - DAY_NOUGHT
    if column.type is Type.REAL:
        return float(value)
    scaled = value * scale
    return int(scaled) if scaled == int(scaled) else None


def end_of(
    value: Anything, column: Column, scale: int, rounded: Callable[[Anything], int]
) -> Anything:
    """An end of a range in the unit of its array."""
    if column.type is Type.DAY:
        return value.toordinal() - DAY_NOUGHT
    return float(value) if column.type is Type.REAL else rounded(value * scale)
