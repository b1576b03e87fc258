"""The value of a measure for each customer, from rows as arrays: what `expression.py` says, in NumPy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any as Anything

import numpy as np
from django.conf import settings

from dangol.segments import rules as r
from dangol.segments.state.bits import different
from dangol.segments.state.following import followed, reach, spans_of
from dangol.segments.state.measures import Interval, Measure, days_of
from dangol.segments.state.passing import NOTHING, has_value, tester
from dangol.segments.state.rows import Rows, Some

Array = np.ndarray
Books = Callable[[str], Rows | None]
ROWS_AT_ONCE = 2**24
"""Rows that are sorted in memory at a time."""
RANGES = 2
"""Of customers, for each thread: more would cut the rows into too small portions."""
WORTH = 2**16
"""Rows of a part that are worth being cut by customers."""


def readable(measure: Measure) -> bool:
    """Whether rows as arrays say the value."""
    return isinstance(measure.leaf, r.Sequence | r.Behaviour)


def add(
    rows: Rows, measure: Measure, spans: Iterable[Interval], values: Array, sign: int = 1
) -> None:
    """Rows of some days into the counts, sums and days of their customers."""
    rule = measure.leaf
    assert isinstance(rule, r.Behaviour)
    for at, some in rows.chosen(rule.facts, spans):
        customers = rows.column("customer", at, some).astype(np.intp)
        match measure.kind:
            case "count":
                np.add.at(values, customers, values.dtype.type(sign))
            case "sum":
                given = rows.column(rule.column, at, some)
                there = has_value(given)
                np.add.at(values, customers[there], sign * wholes(given[there]))
            case "last":
                np.maximum.at(values, customers, rows.column("day", at, some))
            case "first":
                np.minimum.at(values, customers, rows.column("day", at, some))


def wholes(given: Array) -> Array:
    """Values in their smallest unit, real numbers in thousandths."""
    return (given if given.dtype.kind == "i" else np.floor(given * 1000.0 + 0.5)).astype(np.int64)


def lost(rows: Rows, measure: Measure, spans: Iterable[Interval], values: Array) -> Array:
    """Customers whose latest or first day may have gone with these rows."""
    rule = measure.leaf
    assert isinstance(rule, r.Behaviour)
    found = [np.zeros(0, np.int64)]
    for at, some in rows.chosen(rule.facts, spans):
        customers, day = rows.column("customer", at, some), rows.column("day", at, some)
        held = values[customers]
        found.append(customers[day >= held if measure.kind == "last" else day <= held])
    return different(np.concatenate(found))


def fill(
    measure: Measure, day: dt.date, books: Books, values: Array, only: Array | None = None,
    since: int | None = None,
) -> None:  # fmt: skip
    """The values of all customers, or of those marked in `only`, from all facts (or those since a
    day); they stand at nothing before."""
    rule, end = measure.leaf, len(values)
    if isinstance(rule, r.Sequence):
        first, then = books(rule.first.table), books(rule.then.table)
        assert first is not None and then is not None
        first = first.of_parts(first.parts, rule.first)
        then = then.of_parts(then.parts, rule.then)
        if (reached := reach(rule, first, day)) is not None:
            spans = spans_of(reached, len(first) + len(then), end, only)
            work = partial(followed, rule, first, then, day, reached, only=only)
            for customers in at_once(work, spans):
                values[customers] = True
        return
    assert isinstance(rule, r.Behaviour)
    rows = books(rule.facts.table)
    assert rows is not None
    rows = rows.of_parts(rows.parts, rule.facts)
    low, high = days_of(rule.facts.window, day)
    days = [(max(low, since or low), high)]
    if rule.aggregate == "latest":
        passes = tester(rows.shape, rule.column, rule.test)
        work = partial(latest, rows, rule, days, only=only)
        for customers, given in at_once(work, pieces(len(rows), end, only)):
            values[customers] = passes(given)
    elif measure.kind == "distinct":
        work = partial(differing, rows, rule, days, only=only)
        for customers, many in at_once(work, pieces(len(rows), end, only)):
            values[customers] = many
    elif only is None:
        add_all(rows, measure, days, values)
    else:
        add(Some(rows, only, (0, end)), measure, days, values)


def add_all(rows: Rows, measure: Measure, days: list[Interval], values: Array) -> None:
    """All rows of some days; many rows by ranges of customers, whose values stay in the cache while
    all large parts go over them."""
    if len(rows) < ROWS_AT_ONCE:
        add(rows, measure, days, values)
        return
    add(rows.of_parts([p for p in rows.parts if p.stop - p.start < WORTH]), measure, days, values)
    large = rows.of_parts([p for p in rows.parts if p.stop - p.start >= WORTH])
    step = -(-len(values) // (RANGES * settings.LAKE_THREADS)) or 1
    spans = [(low, min(low + step, len(values))) for low in range(0, len(values), step)]
    list(at_once(lambda span: add(Some(large, None, span), measure, days, values), spans))


def at_once(work: Callable[[Anything], Anything], given: Iterable[Anything]) -> Iterator[Anything]:
    """The answers to many questions, as many at a time as the lake may use threads."""
    some = list(given)
    if len(some) == 1:
        return iter([work(some[0])])
    with ThreadPoolExecutor(settings.LAKE_THREADS) as pool:
        return iter(list(pool.map(work, some)))


def pieces(rows: int, customers: int, only: Array | None) -> Iterator[tuple[int, int]]:
    """Ranges of customers' numbers, each with not too many rows."""
    many = 1 if only is not None else max(1, -(-rows // ROWS_AT_ONCE))
    step = -(-customers // many) or 1
    return ((low, min(low + step, customers)) for low in range(0, customers, step))


def gathered(
    rows: Rows, rule: r.Behaviour, spans: list[Interval], names: list[str],
    span: tuple[int, int], only: Array | None,
) -> list[Array]:  # fmt: skip
    """Columns of the rows that count and have a value in the rule's column, the last of them."""
    chosen = Some(rows, only, span)
    found: list[list[Array]] = [[] for _name in (*names, rule.column)]
    for at, some in chosen.chosen(rule.facts, spans):
        given = chosen.column(rule.column, at, some)
        there = has_value(given)
        if not there.all():
            some = np.flatnonzero(there) if some is None else some[there]
        for name, column in zip((*names, rule.column), found, strict=True):
            column.append(chosen.column(name, at, some))
    return [np.concatenate(column) if column else np.zeros(0, np.int64) for column in found]


def differing(
    rows: Rows, rule: r.Behaviour, spans: list[Interval], span: tuple[int, int], only: Array | None,
) -> tuple[Array, Array]:  # fmt: skip
    """How many different values each customer has."""
    customers, values = gathered(rows, rule, spans, ["customer"], span, only)
    if not len(customers):
        return customers, customers
    if values.dtype != np.int32:
        values = np.unique(values, return_inverse=True)[1].astype(np.int32)
    pairs = np.sort((customers.astype(np.int64) << 32) | values.view(np.uint32).astype(np.int64))
    new = np.concatenate([[True], np.diff(pairs) != 0])
    return counted(pairs[new] >> 32)


def counted(ordered: Array) -> tuple[Array, Array]:
    """Each number once with how often it is there, of numbers in their order."""
    first = np.flatnonzero(np.concatenate([[True], np.diff(ordered) != 0]))
    return ordered[first], np.diff(np.append(first, len(ordered)))


def latest(
    rows: Rows, rule: r.Behaviour, spans: list[Interval], span: tuple[int, int], only: Array | None,
) -> tuple[Array, Array]:  # fmt: skip
    """Each customer's last known value: of the latest day, of its rows the one numbered last."""
    names = ["customer", "day", "id"]
    customers, day, number, given = gathered(rows, rule, spans, names, span, only)
    if not len(customers):
        return customers, given
    start = int(customers.min())
    at = (customers - start).astype(np.intp)
    newest = np.full(int(at.max()) + 1, NOTHING["int32"], np.int32)
    np.maximum.at(newest, at, day)
    last = np.flatnonzero(day == newest[at])
    at, number = at[last], number[last]
    highest = np.full(len(newest), NOTHING["int64"], np.int64)
    np.maximum.at(highest, at, number)
    chosen = last[number == highest[at]]
    return customers[chosen], given[chosen]
