"""Bringing the state up to a version and a day by what came and went.

First the version moves, on the old day: rows that came are added, rows that went are taken away.
Then the day moves, on the new version: rows that a window now reaches are added, those it has left
are taken away. A latest or first day that was taken away, and whatever is no sum, is worked out
again from all facts of the customers concerned, and of no others.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import reduce

import numpy as np

from dangol.segments.state.asking import Asking
from dangol.segments.state.measures import (
    ALIVE,
    Interval,
    Measure,
    crossing,
    days_of,
    without,
)
from dangol.segments.state.store import State
from dangol.warehouse import manifest
from dangol.warehouse.engine import Lake, TableChanges
from dangol.warehouse.manifest import Damaged, NoLake

Array = np.ndarray
NOBODY = np.zeros(0, np.int64)
TOO_MANY = 0.3
"""Of all customers: beyond this share everything is asked again for a measure."""


def bring(seen: Lake, day: dt.date, measures: list[Measure]) -> State:
    """The state with these measures at this version and day; whoever calls sees to it that nobody
    else does at the same time."""
    measures = list(dict.fromkeys([ALIVE, *measures]))
    before = State.newest()
    if before is None or not follows(seen, before):
        before = State.empty(seen, day)
    return Merge(before, seen, day, measures).done()


def follows(seen: Lake, before: State) -> bool:
    """Whether this lake went on from the version that the state stands for."""
    try:
        return (
            seen.version >= before.version and manifest.load(before.version).token == before.token
        )
    except (NoLake, Damaged):
        return False


class Merge:
    """One step of the state."""

    def __init__(self, state: State, seen: Lake, day: dt.date, measures: list[Measure]) -> None:
        self.state, self.seen, self.day, self.measures = state, seen, day, measures
        self.asking = Asking(seen)
        self.again: dict[Measure, list[Array]] = defaultdict(list)
        """Customers whose value has to be worked out from all their facts."""
        tables = {t for m in measures for t in m.tables}
        self.changes: dict[str, TableChanges | None] = {
            t: seen.changes(t, since=state.version) for t in tables
        }

    def done(self) -> State:
        """Move version and day, begin what is new, drop what nobody asks."""
        state = self.state
        kept = [
            m for m in self.measures
            if state.capacity and state.has(m) and all(self.changes[t] is not None for t in m.tables)
        ]  # fmt: skip
        moved = [m for m in kept if m.kind not in ("truth", "distinct")]
        other = [m for m in kept if m.kind in ("truth", "distinct")]
        with state.changing():
            state.grow(self.most(), kept)
            for table in sorted({m.facts[0].table for m in moved}):
                self.move(table, [m for m in moved if m.facts[0].table == table])
            self.concern(other)
            self.work_out_again()
            self.begin([m for m in self.measures if m not in set(kept)])
            state.drop_all_but(self.measures)
            state.version, state.token = self.seen.version, self.seen.manifest.token
            state.day = self.day
        return state

    def most(self) -> int:
        """The greatest number of a customer."""
        files = self.seen.manifest.tables["customers"].files
        return max((f.high for f in files), default=0)

    def begin(self, measures: list[Measure]) -> None:
        """Measures that were not kept, from all facts."""
        for measure in measures:
            self.state.begin(measure)
        for measure, customers, values in self.asking.everything(measures, self.day):
            self.state.writable(measure)[customers] = values

    def move(self, table: str, measures: list[Measure]) -> None:
        """Counts, sums and days of one table, first to the version, then to the day."""
        changes, old = self.changes[table], self.state.day
        assert changes is not None
        then = [[days_of(m.facts[0].window, old)] for m in measures]
        if self.state.version != self.seen.version:
            self.add(measures, *self.asking.aggregated(changes.added, measures, then))
            self.take(measures, *self.asking.aggregated(changes.removed, measures, then))
        if self.day == old:
            return
        now = [[days_of(m.facts[0].window, self.day)] for m in measures]
        pairs = list(zip(now, then, strict=True))
        reached: list[list[Interval]] = [without(n[0], t[0]) for n, t in pairs]
        gone: list[list[Interval]] = [without(t[0], n[0]) for n, t in pairs]
        for days, change in ((reached, self.add), (gone, self.take)):
            some = [(m, d) for m, d in zip(measures, days, strict=True) if d]
            if some:
                asked = [m for m, _d in some]
                rows = self.asking.table_on(table, [d for _m, d in some])
                change(asked, *self.asking.aggregated(rows, asked, [d for _m, d in some]))

    def add(self, measures: list[Measure], customers: Array, values: list[Array]) -> None:
        """Rows came."""
        for measure, came in zip(measures, values, strict=True):
            array = self.state.writable(measure)
            match measure.kind:
                case "count" | "sum":
                    array[customers] += came.astype(array.dtype)
                case "last":
                    array[customers] = np.maximum(array[customers], came)
                case "first":
                    array[customers] = np.minimum(array[customers], came)

    def take(self, measures: list[Measure], customers: Array, values: list[Array]) -> None:
        """Rows went; a latest or first day that went with them has to be looked for."""
        for measure, went in zip(measures, values, strict=True):
            array = self.state.writable(measure)
            match measure.kind:
                case "count" | "sum":
                    array[customers] -= went.astype(array.dtype)
                case "last":
                    lost = (went != measure.nothing) & (went >= array[customers])
                    self.again[measure].append(customers[lost])
                case "first":
                    lost = (went != measure.nothing) & (went <= array[customers])
                    self.again[measure].append(customers[lost])

    def concern(self, measures: list[Measure]) -> None:
        """Whose rows changed, or whose facts the passing days reached or left."""
        touched: dict[str, Array] = {}
        for table in sorted({t for m in measures for t in m.tables}):
            changes = self.changes[table]
            assert changes is not None
            if self.state.version != self.seen.version:
                touched[table] = np.union1d(
                    self.asking.customers_with(changes.added, table),
                    self.asking.customers_with(changes.removed, table),
                )
        for measure in measures:
            self.again[measure] += [touched[t] for t in measure.tables if t in touched]
        if self.day != self.state.day:
            self.cross(measures)

    def cross(self, measures: list[Measure]) -> None:
        """Customers whose facts the passing days reached or left."""
        asked: dict[tuple[str, tuple[Interval, ...]], Array] = {}
        for measure in measures:
            for facts, days in crossing(measure, self.state.day, self.day):
                key = (facts.table, tuple(days))
                if key not in asked:
                    asked[key] = self.asking.customers_on(facts.table, [days])
                self.again[measure].append(asked[key])

    def work_out_again(self) -> None:
        """From all facts of the customers concerned, each table read once for all its measures."""
        groups: dict[object, dict[Measure, Array]] = defaultdict(dict)
        for measure, parts in self.again.items():
            customers = np.unique(np.concatenate([NOBODY, *parts]))
            customers = customers[(customers >= 0) & (customers < self.state.capacity)]
            if len(customers) > TOO_MANY * self.state.capacity:
                self.begin([measure])
            elif len(customers):
                groups[measure.tables][measure] = customers
        for some in groups.values():
            # more customers than one measure needs: what it says of the others stays as it is
            customers = reduce(np.union1d, some.values())
            for measure in some:
                self.state.writable(measure)[customers] = measure.nothing
            for measure, found, values in self.asking.everything(list(some), self.day, customers):
                self.state.writable(measure)[found] = values
