"""Where a question is answered from: the smallest aggregates that can, otherwise the facts.

A period that begins or ends inside a month or a week is asked in two pieces: whole months (or weeks)
from the coarse aggregate, the days at its ends from the fine one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from dangol.cubes.asking.periods import Days
from dangol.cubes.asking.query import Query
from dangol.cubes.asking.timelines import begin_of, step
from dangol.cubes.subjects.catalogue import Aggregate, Kind, Merge, Source
from dangol.cubes.sums.keeping import Kept, brought_up
from dangol.cubes.sums.shaping import prepared, with_months
from dangol.warehouse.engine import Lake

SPANS = {"month": ("M", "MQY"), "week": ("W", "W")}
"""The key of a coarse aggregate: the length of its spans, and which members of time it can tell."""


@dataclass(frozen=True, slots=True)
class Route:
    """The rows to ask, and what they are."""

    table: ir.Table
    name: str
    rows: int


def columns_of(query: Query, source: Source, days: Days, scoped: bool) -> set[str]:
    """The columns that a question needs of a source."""
    needed = {d.column for d in query.dimensions if d.kind != Kind.TIME}
    needed |= {f.dimension.column for f in query.filters}
    needed |= {s.column for s in query.subject.silent if s.column in source.columns}
    if scoped:
        needed.add("place")
    if any(m.money for m in query.needed) and "currency" in source.columns:
        needed.add("currency")
    grains = {d.level for d in query.dimensions if d.kind == Kind.TIME}
    if grains & {"D", "W"} or not whole_months(days):
        needed.add("day")
    elif grains or any(days):
        needed.add("month")
    return needed


def whole_months(days: Days) -> bool:
    """Whether a period begins and ends with a month."""
    first, last = days
    begins = first is None or first.day == 1
    return begins and (last is None or (last + dt.timedelta(days=1)).day == 1)


def covers(aggregate: Aggregate, needed: set[str], query: Query) -> bool:
    """Whether an aggregate has the columns; a day tells its month, silence the value that is meant."""
    had = set(aggregate.keys) | ({"month"} if "day" in aggregate.keys else set())
    for column, value in aggregate.only:
        silent = [s for s in query.subject.silent if (s.column, s.value) == (column, value)]
        if not silent or query.spoken_of & set(silent[0].unless):
            return False
        had.add(column)
    return needed <= had


def kept_cells(query: Query, source: Source, aggregate: Aggregate, seen: Lake) -> Route | None:
    """An aggregate as rows to ask, brought up to this version; None where it was never made."""
    kept = Kept(query.subject, source, aggregate)
    standing = brought_up(kept, seen, build=False)
    if standing is None:
        return None
    meant = {column: ibis.literal(value) for column, value in aggregate.only}
    return Route(kept.cells(standing, seen).mutate(**meant), aggregate.name, standing.rows)


def route(
    query: Query, source: Source, parts: list[str], days: Days, scoped: bool, seen: Lake
) -> Route:
    """The smallest tables that can answer these parts of a source."""
    best = Route(seen.table(source.fact), "", seen.manifest.tables[source.fact].rows)
    needed = columns_of(query, source, days, scoped)
    if all(source.parts[part].merge == Merge.SUM for part in parts):
        for aggregate in source.aggregates:
            if covers(aggregate, needed, query):
                found = kept_cells(query, source, aggregate, seen)
                best = found if found and found.rows < best.rows else best
        if split := in_spans(query, source, parts, days, needed, best, seen):
            return split
    if not best.name:
        best = replace(best, table=prepared(source, best.table, parts))
    if "month" not in best.table.columns:
        best = replace(best, table=with_months(best.table))
    return best


def in_spans(
    query: Query, source: Source, parts: Sequence[str], days: Days, needed: set[str], fine: Route,
    seen: Lake,
) -> Route | None:  # fmt: skip
    """The whole months or weeks of the period from a coarse aggregate, its ends from a fine one."""
    if "day" not in needed:
        return None
    coarse: tuple[Route, str] | None = None
    for aggregate in source.aggregates:
        span = next((key for key in SPANS if key in aggregate.keys), "")
        if not span or not tells(query, span) or inside(span, days) is None:
            continue
        if covers(aggregate, needed - {"day"}, query):
            found = kept_cells(query, source, aggregate, seen)
            if found and found.rows < (coarse[0] if coarse else fine).rows:
                coarse = found, span
    return joined(source, parts, days, needed, fine, *coarse) if coarse else None


def tells(query: Query, span: str) -> bool:
    """Whether spans of this length can tell the question's members of time."""
    return all(d.level in SPANS[span][1] for d in query.dimensions if d.kind == Kind.TIME)


def inside(span: str, days: Days) -> Days | None:
    """The first and the last day of the whole spans inside a period; None where there is none."""
    level, (first, last) = SPANS[span][0], days
    if first and begin_of(level, first) != first:
        first = step(level, begin_of(level, first), 1)
    if last:
        last = begin_of(level, last + dt.timedelta(days=1)) - dt.timedelta(days=1)
    return None if first and last and first > last else (first, last)


def joined(
    source: Source, parts: Sequence[str], days: Days, needed: set[str], fine: Route, coarse: Route,
    span: str,
) -> Route:  # fmt: skip
    """Whole spans, and the days before and after them."""
    whole = inside(span, days)
    assert whole
    names = [*sorted(needed - {"day", "month"}), *parts]
    begun = coarse.table[span]
    spans = coarse.table.filter(within(begun, whole)).select(*names, day=begun)
    if whole == days:
        return replace(coarse, table=with_months(spans))
    ends = fine.table if fine.name else prepared(source, fine.table, parts)
    ends = ends.filter(~within(ends.day, whole), within(ends.day, days)).select(*names, "day")
    name = f"{coarse.name}+{fine.name or 'facts'}"
    return Route(with_months(spans.union(ends)), name, coarse.rows + fine.rows)


def within(day: ir.Value, days: Days) -> ir.Value:
    """Whether a day lies in a period that may be open."""
    first, last = days
    tests = [ibis.literal(True)]
    if first:
        tests.append(day >= ibis.date(first.isoformat()))
    if last:
        tests.append(day <= ibis.date(last.isoformat()))
    return ibis.and_(*tests[1:]) if tests[1:] else tests[0]
