"""Where a question is answered from: the smallest aggregate that can, otherwise the facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis.expr.types as ir

from dangol.cubes.catalogue import Kind, Merge, Source
from dangol.cubes.keeping import Kept, brought_up
from dangol.cubes.query import Query
from dangol.cubes.shaping import prepared, with_months
from dangol.warehouse.engine import Lake

Days = tuple[dt.date | None, dt.date | None]


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


def covers(keys: tuple[str, ...], needed: set[str]) -> bool:
    """Whether an aggregate has the columns; a day tells its month."""
    had = set(keys) | ({"month"} if "day" in keys else set())
    return needed <= had


def route(
    query: Query, source: Source, parts: list[str], days: Days, scoped: bool, seen: Lake
) -> Route:
    """The smallest table that can answer these parts of a source."""
    facts = Route(seen.table(source.fact), "", seen.manifest.tables[source.fact].rows)
    needed = columns_of(query, source, days, scoped)
    summable = all(source.parts[part].merge == Merge.SUM for part in parts)
    best = facts
    if summable:
        for aggregate in source.aggregates:
            if not covers(aggregate.keys, needed):
                continue
            kept = Kept(query.subject, source, aggregate)
            standing = brought_up(kept, seen, build=False)
            if standing and standing.rows < best.rows:
                best = Route(kept.cells(standing, seen), aggregate.name, standing.rows)
    if not best.name:
        table = prepared(source, best.table, parts)
        return Route(with_months(table), "", best.rows)
    if "month" not in best.table.columns:
        return Route(with_months(best.table), best.name, best.rows)
    return best
