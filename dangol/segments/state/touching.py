"""Whose sequences, last values and different values have to be worked out again."""

from __future__ import annotations

import datetime as dt

import numpy as np

from dangol.segments import rules as r
from dangol.segments.state.measures import Interval, Measure, crossing, days_of
from dangol.segments.state.passing import DAY_NOUGHT, has_value
from dangol.segments.state.rows import Places, Rows
from dangol.segments.state.shelf import Shelf

Array = np.ndarray


def touched_by(measure: Measure, shelf: Shelf, before: dt.date, now: dt.date) -> list[Array]:
    """The customers whose facts came, went, or were reached or left by the passing days."""
    rule = measure.leaf
    found = [shelf.book(f.table).customers(f, days) for f, days in crossing(measure, before, now)]
    if isinstance(rule, r.Sequence):
        return [*found, *touched_sequence(rule, shelf, before, now)]
    assert isinstance(rule, r.Behaviour)
    spans = [days_of(rule.facts.window, before), days_of(rule.facts.window, now)]
    changed = shelf.changed(rule.facts.table)
    return [*found, *(rows.customers(rule.facts, spans) for rows in changed)]


def latest_since(measure: Measure, shelf: Shelf, before: dt.date, now: dt.date) -> int | None:
    """Where facts only came: no last value of the customers concerned is older than this day."""
    rule = measure.leaf
    if not isinstance(rule, r.Behaviour):
        return None
    came, went = shelf.changed(rule.facts.table)
    passed = [days for _facts, days in crossing(measure, before, now)]
    if (
        rule.aggregate != "latest"
        or len(went)
        or any(low_of(d) <= before.toordinal() for d in passed)
    ):
        return None
    found = []
    book = shelf.book(rule.facts.table)
    for rows, spans in [(came, [days_of(rule.facts.window, now)]), *((book, d) for d in passed)]:
        for at, some in rows.chosen(rule.facts, spans):
            if not has_value(rows.column(rule.column, at, some)).all():
                return None
            found.append(days_in(rows, at, some)[0])
    return min(found, default=None)


def low_of(days: list[Interval]) -> int:
    """The first of some days."""
    return min(low for low, _high in days)


def touched_sequence(
    rule: r.Sequence, shelf: Shelf, before: dt.date, now: dt.date
) -> list[Array]:  # fmt: skip
    """First facts that changed; next facts that changed, where a first fact lies within their reach."""
    end = max(before, now).toordinal() - (rule.days if rule.absent else 0)
    firsts = [upto(days_of(rule.first.window, day), end) for day in (before, now)]
    thens = [days_of(rule.then.window, day) for day in (before, now)]
    found = [rows.customers(rule.first, firsts) for rows in shelf.changed(rule.first.table)]
    for rows in shelf.changed(rule.then.table):
        days = [days_in(rows, at, some) for at, some in rows.chosen(rule.then, thens)]
        if not days:
            continue
        low, high = min(d[0] for d in days) - rule.days, max(d[1] for d in days)
        reach = [(max(low, first[0]), min(high, first[1])) for first in firsts]
        near = shelf.book(rule.first.table).customers(rule.first, reach)
        moved = rows.customers(rule.then, thens)
        found.append(moved[np.isin(moved, near)])
    return found


def upto(span: Interval, end: int) -> Interval:
    """The days of a window until one."""
    return span[0], min(span[1], end)


def days_in(rows: Rows, at: slice, some: Places) -> Interval:
    """The first and last day of chosen rows."""
    days = rows.column("day", at, some)
    return int(days.min()) + DAY_NOUGHT, int(days.max()) + DAY_NOUGHT
