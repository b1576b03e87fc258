"""Bringing the state up to a version and a day by what came and went.

First the version moves, on the old day: rows that came are added, rows that went are taken away.
Then the day moves, on the new version: rows that a window now reaches are added, those it has left
are taken away. A latest or first day that was taken away, and whatever is no sum, is worked out
again from all facts of the customers concerned, and of no others.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import numpy as np

from dangol.segments import rules as r
from dangol.segments.state import figures
from dangol.segments.state.asking import Asking
from dangol.segments.state.bits import different
from dangol.segments.state.measures import ALIVE, Measure, crossing, days_of, without
from dangol.segments.state.shelf import Shelf
from dangol.segments.state.store import State
from dangol.segments.state.touching import latest_since, touched_by
from dangol.warehouse import manifest
from dangol.warehouse.engine import Lake, TableChanges
from dangol.warehouse.manifest import Damaged, NoLake

Array = np.ndarray
NOBODY = np.zeros(0, np.int64)
MOVED = ("count", "sum", "last", "first")
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


def read_by(measure: Measure) -> list[tuple[str, r.Facts | None]]:
    """The tables that a measure reads, with the facts that it reads of them where it says which."""
    facts: list[tuple[str, r.Facts | None]] = [(f.table, f) for f in measure.facts]
    own = {table for table, _facts in facts}
    return [*facts, *((table, None) for table in measure.tables if table not in own)]


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
        self.asking, self.shelf = Asking(seen), Shelf(state, seen, measures)
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
        with state.changing():
            state.grow(self.most(), kept)
            self.shelf.bring()
            for measure in kept:
                if not figures.readable(measure):
                    self.concern(measure)
                elif measure.kind in MOVED:
                    self.move(measure)
                else:
                    self.again[measure] += touched_by(measure, self.shelf, state.day, self.day)
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
            made = self.state.begin(measure)
            if figures.readable(measure):
                figures.fill(measure, self.day, self.shelf.book, made)
        rest = [m for m in measures if not figures.readable(m)]
        for measure, customers, values in self.asking.everything(rest, self.day):
            self.state.writable(measure)[customers] = values

    def move(self, measure: Measure) -> None:
        """A count, sum or day, first to the version, then to the day."""
        facts, array = measure.facts[0], self.state.writable(measure)
        then, now = days_of(facts.window, self.state.day), days_of(facts.window, self.day)
        book, (came, went) = self.shelf.book(facts.table), self.shelf.changed(facts.table)
        steps = [(came, [then], 1), (went, [then], -1)]
        steps += [(book, without(now, then), 1), (book, without(then, now), -1)]
        for rows, days, sign in steps:
            if not len(rows) or not days:
                continue
            if sign > 0 or measure.kind in ("count", "sum"):
                figures.add(rows, measure, days, array, sign)
            else:
                # a latest or first day that went has to be looked for
                self.again[measure].append(figures.lost(rows, measure, days, array))

    def concern(self, measure: Measure) -> None:
        """Whose rows changed, or whose facts the passing days reached or left."""
        if self.state.version != self.seen.version:
            for table, facts in read_by(measure):
                self.again[measure].append(self.touched(table, facts))
        if self.day != self.state.day:
            for facts, days in crossing(measure, self.state.day, self.day):
                self.again[measure].append(self.asking.customers_on(facts, days))

    def touched(self, table: str, facts: r.Facts | None) -> Array:
        """Whose rows came or went, only those that pass the conditions of some facts."""
        changes, files = self.changes[table], self.seen.changed_files(table, self.state.version)
        assert changes is not None and files is not None
        sides = [
            rows for rows, some in zip((changes.added, changes.removed), files, strict=True) if some
        ]
        found = (
            self.asking.customers_with(self.asking.matching(rows, facts) if facts else rows, table)
            for rows in sides
        )
        return different(np.concatenate([NOBODY, *found]))

    def work_out_again(self) -> None:
        """From all facts of the customers concerned."""
        asked: list[Measure] = []
        whose = NOBODY
        for measure, parts in self.again.items():
            customers = different(np.concatenate([NOBODY, *parts]))
            customers = customers[(customers >= 0) & (customers < self.state.capacity)]
            if len(customers) > TOO_MANY * self.state.capacity:
                self.begin([measure])
            elif len(customers) and figures.readable(measure):
                only = np.zeros(self.state.capacity, bool)
                only[customers] = True
                array = self.state.writable(measure)
                array[customers] = measure.nothing
                since = None
                if measure.kind == "truth":
                    since = latest_since(measure, self.shelf, self.state.day, self.day)
                figures.fill(measure, self.day, self.shelf.book, array, only, since)
            elif len(customers):
                asked.append(measure)
                whose = different(np.concatenate([whose, customers]))
        if not asked:
            return
        # more customers than one measure needs: what it says of the others comes out as it was
        self.asking.gather(asked, whose)
        for measure in asked:
            self.state.writable(measure)[whose] = measure.nothing
        for measure, found, values in self.asking.everything(asked, self.day, whose):
            self.state.writable(measure)[found] = values
