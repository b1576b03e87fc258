"""Facts as arrays: sorted by month, by their words and by customer, so that a window of some kind is
a few slices and its customers stand in order. What is empty is a value of its own, which no test passes.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any as Anything

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.state.measures import SCALES, Interval
from dangol.segments.state.passing import DAY_NOUGHT, KINDS, NOTHING, WORDS, Tester, tester
from dangol.warehouse.facts import FACTS, Column

Array = np.ndarray
Places = np.ndarray | None
"""Which rows of a part, in their order; None for all of them."""
Chosen = list[tuple[slice, Places]]
OWN = {"id": "int64", "customer": "int32", "day": "int32"}
BLOCK = 2**17
"""Rows that conditions are tried on at a time."""
MOST_GROUPS, ENOUGH = 64, 2**16
"""Of words together that part the rows, and rows of a month that are worth a part of their own."""


@dataclass
class Shape:
    """What is kept of a table's rows, and the words that its codes stand for."""

    table: str
    grouped: list[str] = field(default_factory=list)
    """Columns of few words: within a part all rows have the same."""
    words: dict[str, list[Anything]] = field(default_factory=dict)
    there: list[str] = field(default_factory=list)
    """The columns that the lake has: one that was just declared may come with its next version."""
    narrow: list[str] = field(default_factory=list)
    """Columns whose numbers have all fitted into half the room so far."""

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What rules may test."""
        usable = catalogue.usable(FACTS[self.table])
        return {c.name: c for c in usable if c.type in KINDS and c.name in self.there}

    @property
    def kept(self) -> dict[str, str]:
        """The arrays, with how each keeps its values."""
        some = {n: KINDS[c.type] for n, c in self.columns.items() if n not in self.grouped}
        return {**some, **dict.fromkeys((n for n in some if n in self.narrow), "int32"), **OWN}

    def coded(self, name: str, column: pa.ChunkedArray) -> Array:
        """Words as their places in the list of words; new ones are added to it."""
        parts = column.combine_chunks().dictionary_encode()
        known = self.words.setdefault(name, [])
        place = {word: n for n, word in enumerate(known)}
        for word in parts.dictionary.to_pylist():
            if word not in place:
                place[word] = len(known)
                known.append(word)
        codes = np.array([place[w] for w in parts.dictionary.to_pylist()], np.int32)
        at = parts.indices.fill_null(0).to_numpy(zero_copy_only=False)
        found: Array = codes[at] if len(codes) else np.zeros(len(at), np.int32)
        found[parts.is_null().to_numpy(zero_copy_only=False)] = NOTHING["int32"]
        return found


@dataclass(frozen=True)
class Part:
    """Rows of the same words, in the order of customers and days; how many of them went."""

    start: int
    stop: int
    first: int
    last: int
    words: tuple[int, ...]
    gone: int = 0


class Rows:
    """Rows of a fact table in memory, or (`Book`) in files."""

    def __init__(self, shape: Shape, columns: dict[str, Array], parts: list[Part]) -> None:
        self.shape, self.columns, self.parts = shape, columns, parts
        self.ready: dict[r.Facts, list[tuple[str, Tester]]] = {}
        """Conditions whose keys have been looked up already, where several threads need them."""

    def of_parts(self, parts: list[Part], *facts: r.Facts) -> Rows:
        """Some of the parts; the keys in conditions are looked up now, by this thread."""
        some = Rows(self.shape, self.columns, parts)
        some.ready = {**self.ready, **{one: self.tests(one) for one in facts}}
        return some

    def tests(self, facts: r.Facts) -> list[tuple[str, Tester]]:
        """The conditions as functions over columns."""
        if facts in self.ready:
            return self.ready[facts]
        return [(w.column, tester(self.shape, w.column, w.test)) for w in facts.where]

    @classmethod
    def of(cls, shape: Shape, columns: dict[str, Array]) -> Rows:
        """Arrays in any order, the grouped columns among them, put into theirs."""
        day, customer = columns["day"], columns["customer"]
        group, words = grouped(shape, columns)
        month = np.asarray(day, "datetime64[D]").astype("datetime64[M]").astype(np.int64)
        month -= month.min() if len(month) else 0
        many = np.bincount(month)
        place = np.where(many >= ENOUGH, np.arange(1, len(many) + 1), 0)[month]
        order = sorted_order(place, group, customer, day)
        ends = np.flatnonzero(np.diff(group[order])) if len(order) else np.zeros(0, np.int64)
        moved = np.flatnonzero(np.diff(place[order])) if len(order) else ends
        cuts = (
            [0, *sorted({*(ends + 1).tolist(), *(moved + 1).tolist()}), len(order)]
            if len(order)
            else []
        )
        sorted_by = {name: columns[name][order] for name in shape.kept}
        parts = [
            Part(
                start, stop, int(sorted_by["day"][start:stop].min()),
                int(sorted_by["day"][start:stop].max()), words[int(group[order[start]])],
            )
            for start, stop in zip(cuts, cuts[1:], strict=False)
        ]  # fmt: skip
        return cls(shape, sorted_by, parts)

    def __len__(self) -> int:
        return self.parts[-1].stop if self.parts else 0

    def column(self, name: str, at: slice, some: Places) -> Array:
        """The values of chosen rows of one part."""
        if name in self.shape.grouped:
            part = self.parts[bisect(self.parts, at.start, key=lambda one: one.start) - 1]
            size = at.stop - at.start if some is None else len(some)
            return np.full(size, part.words[self.shape.grouped.index(name)], np.int32)
        values = self.columns[name][at]
        return values if some is None else values.take(some)

    def chosen(self, facts: r.Facts, spans: Iterable[Interval]) -> Iterator[tuple[slice, Places]]:
        """The rows that count on some days, part by part."""
        days = [(low - DAY_NOUGHT, high - DAY_NOUGHT) for low, high in spans if low <= high]
        tests = self.tests(facts)
        of_words = [(self.shape.grouped.index(n), t) for n, t in tests if n in self.shape.grouped]
        of_rows = [(n, t) for n, t in tests if n not in self.shape.grouped]
        known: dict[tuple[int, ...], bool] = {}
        for part in self.parts:
            inside = [span for span in days if span[0] <= part.last and part.first <= span[1]]
            if not inside:
                continue
            if part.words not in known:
                known[part.words] = all(
                    t(np.array([part.words[n]], np.int32))[0] for n, t in of_words
                )
            if not known[part.words]:
                continue
            if any(low <= part.first and part.last <= high for low, high in inside):
                inside = []
            for at in self.slices(part):
                masks = [test(self.columns[name][at]) for name, test in of_rows]
                if inside:
                    masks.append(between(self.columns["day"][at], inside))
                if part.gone:
                    masks.append(self.columns["gone"][at] == 0)
                some = self.wanted(at, np.flatnonzero(reduce(and_, masks)) if masks else None)
                if some is None or len(some):
                    yield at, some

    def slices(self, part: Part) -> Iterator[slice]:
        """The rows of a part, so many at a time that what is worked out of them stays in the cache."""
        return cut(part.start, part.stop)

    def wanted(self, at: slice, some: Places) -> Places:
        """Of some rows those whose customers are asked for."""
        return some

    def customers(self, facts: r.Facts, spans: Iterable[Interval]) -> Array:
        """Whose facts these are; somebody may come twice."""
        found = [self.column("customer", at, some) for at, some in self.chosen(facts, spans)]
        return np.concatenate([np.zeros(0, np.int32), *found]).astype(np.int64)


class Some(Rows):
    """Rows of some customers only: of a range of numbers, those marked in `only`."""

    def __init__(self, rows: Rows, only: Array | None, span: Interval) -> None:
        super().__init__(rows.shape, rows.columns, rows.parts)
        self.ready, self.only = rows.ready, only
        self.span = np.array(span, np.int32)  # of the customers' type: else all of them are copied

    def slices(self, part: Part) -> Iterator[slice]:
        customers = self.columns["customer"][part.start : part.stop]
        low, high = np.searchsorted(customers, self.span)
        return cut(part.start + int(low), part.start + int(high))

    def wanted(self, at: slice, some: Places) -> Places:
        if self.only is None:
            return some
        wanted = self.only[self.column("customer", at, some)]
        return np.flatnonzero(wanted) if some is None else some[wanted]


def cut(start: int, stop: int) -> Iterator[slice]:
    """Rows from one place to another, a block at a time."""
    return (slice(low, min(low + BLOCK, stop)) for low in range(start, stop, BLOCK))


def between(day: Array, spans: list[Interval]) -> Array:
    """Which days lie in some spans."""
    return reduce(or_, [(day >= low) & (day <= high) for low, high in spans])


def grouped(shape: Shape, columns: dict[str, Array]) -> tuple[Array, list[tuple[int, ...]]]:
    """A number for each different combination of words, and the combinations."""
    number = np.zeros(len(columns["id"]), np.int64)
    for name in shape.grouped:
        code = columns[name]
        number = number * (len(shape.words.get(name, [])) + 1) + np.where(code < 0, 0, code + 1)
    some = np.flatnonzero(np.bincount(number)) if len(number) else number
    place = np.zeros(int(some.max()) + 1 if len(some) else 0, np.int64)
    place[some] = np.arange(len(some))
    words = []
    for one in some.tolist():
        codes: list[int] = []
        for name in reversed(shape.grouped):
            one, code = divmod(one, len(shape.words.get(name, [])) + 1)
            codes.insert(0, code - 1 if code else NOTHING["int32"])
        words.append(tuple(codes))
    return place[number], words


def sorted_order(place: Array, group: Array, customer: Array, day: Array) -> Array:
    """The order by all four, from one number where they fit into one."""
    first = place * (int(group.max()) + 1) + group if len(group) else group
    if len(first) and int(first.max()) < 2**10:
        key = (
            (first << 53) | (customer.astype(np.int64) << 22) | (day + DAY_NOUGHT).astype(np.int64)
        )
        return np.argsort(key)
    return np.lexsort((day, customer, group, place))


def asked_for(shape: Shape, rows: Anything) -> Anything:
    """A table's rows as Ibis selects them: numbers in their smallest unit, only what can count."""
    day = rows[catalogue.day_of(shape.table)]
    named = {"id": rows.id, "customer": rows.customer, "day": day}
    for name, column in shape.columns.items():
        scale = SCALES.get(column.type, 1)
        given = rows[name]
        named[name] = (given * scale).cast("int64") if scale != 1 else given
    return rows.filter(rows.customer.notnull() & day.notnull()).select(**named)


def encoded(shape: Shape, found: pa.Table) -> dict[str, Array]:
    """Columns of an answer as arrays, in the order that they came."""
    kinds = {n: KINDS[c.type] for n, c in shape.columns.items()} | OWN
    made = {}
    for name, kind in kinds.items():
        column = found[name]
        if name in shape.columns and shape.columns[name].type in WORDS:
            made[name] = shape.coded(name, column)
            continue
        if pa.types.is_date(column.type):
            column = column.cast(pa.int32())
        values = pc.fill_null(column, NOTHING[kind]) if column.null_count else column
        made[name] = values.combine_chunks().to_numpy(zero_copy_only=False).astype(kind)
    return made


def chosen_groups(shape: Shape) -> list[str]:
    """The columns of fewest words, as many as part the rows into not too many groups."""
    few, product = [], 1
    for name, words in sorted(shape.words.items(), key=lambda one: len(one[1])):
        product *= len(words) + 1
        if product <= MOST_GROUPS:
            few.append(name)
    return few
