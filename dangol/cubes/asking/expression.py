"""From a question to one Ibis expression: joins for levels, filters, scope, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from dangol.core.models import User
from dangol.cubes.asking.members import numbers_for, spans_for
from dangol.cubes.asking.periods import Days
from dangol.cubes.asking.query import Filter, Query
from dangol.cubes.subjects.catalogue import Dimension, Kind, Source
from dangol.cubes.sums.shaping import merged_value
from dangol.places.scope import ranges, sees_everything
from dangol.warehouse.engine import Lake

ABILITY = "cubes.see"
LEVELS = {
    "places": ("company_id", "unit_id", "region_id", "site_id"),
    "products": ("level1_id", "level2_id", "level3_id"),
}
TREES = {"place": "places", "product": "products"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a person may look: spans of the tree; None: everywhere, also where there is no place."""

    spans: tuple[tuple[int, int], ...] | None

    @classmethod
    def of(cls, user: User, ability: str = ABILITY) -> Scope:
        """The person's scope for figures."""
        spans = ranges(user, ability)
        if spans and sees_everything(user, spans):
            return cls(None)
        return cls(tuple(spans))


EVERYWHERE = Scope(None)


def trees_needed(query: Query, scope: Scope) -> set[str]:
    """Which trees have to be joined."""
    used = {d.column for d in query.dimensions if d.kind == Kind.TREE}
    used |= {f.dimension.column for f in query.filters if f.dimension.kind == Kind.TREE}
    return used | ({"place"} if scope.spans is not None else set())


def with_tree(table: ir.Table, column: str, seen: Lake) -> ir.Table:
    """The levels and the span of a place or product beside each row."""
    tree = seen.table(TREES[column])
    levels = {f"{column}_{level}": tree[level] for level in LEVELS[TREES[column]]}
    chosen = tree.select(
        **{f"{column}_no": tree.id, f"{column}_lo": tree.lo, f"{column}_hi": tree.hi}, **levels
    )
    return table.left_join(chosen, table[column] == chosen[f"{column}_no"])


def within(lo: ir.Value, spans: Sequence[tuple[int, int]]) -> ir.Value:
    """Whether a place lies in one of the spans."""
    if not spans:
        return ibis.literal(False)
    return ibis.or_(*[lo.between(low, high) for low, high in spans]).fill_null(False)


def member_value(table: ir.Table, dimension: Dimension) -> ir.Value:
    """The column that holds a dimension's members."""
    if dimension.kind == Kind.TIME:
        column = "day" if "day" in table.columns and dimension.level in "DW" else "month"
        value = table[column]
        return value if dimension.level in "DM" else value.truncate(dimension.level)
    if dimension.kind == Kind.TREE:
        return table[f"{dimension.column}_{dimension.level}"]
    if dimension.kind == Kind.CODE:
        return table[dimension.column].fill_null("")
    return table[dimension.column]


def condition(table: ir.Table, filter_: Filter, seen: Lake) -> ir.Value:
    """Whether a row is of the filter's members."""
    dimension, keys = filter_.dimension, [k for k in filter_.members if k]
    value = member_value(table, dimension)
    if dimension.kind == Kind.TREE:
        found = within(table[f"{dimension.column}_lo"], spans_for(dimension, keys, seen))
    elif dimension.kind == Kind.CODE:
        return negated(value.isin(list(filter_.members)), filter_.without)
    else:
        numbers = numbers_for(dimension, keys, seen)
        found = value.isin(numbers).fill_null(False) if numbers else ibis.literal(False)
    if "" in filter_.members:
        found = found | value.isnull()
    return negated(found, filter_.without)


def negated(test: ir.Value, without: bool) -> ir.Value:
    """The test, or its opposite."""
    return ~test if without else test


def narrowed(
    table: ir.Table, query: Query, source: Source, days: Days, scope: Scope, seen: Lake
) -> ir.Table:
    """Only the rows that the question and the person's scope leave."""
    for column in sorted(trees_needed(query, scope)):
        table = with_tree(table, column, seen)
    tests: list[Any] = [condition(table, one, seen) for one in query.filters]
    if scope.spans is not None:
        tests.append(within(table["place_lo"], scope.spans))
    for silent in query.subject.silent:
        if silent.column not in source.columns:
            continue
        spoken = query.spoken_of & set(silent.unless)
        value = table[silent.column]
        if not spoken:
            tests.append(value == silent.value)
        elif not any(query.filter_of(name) for name in spoken):
            tests.append(value != silent.value)
    time = table["day"] if "day" in table.columns else table["month"]
    first, last = days
    if first:
        tests.append(time >= ibis.date(first.isoformat()))
    if last:
        tests.append(time <= ibis.date(last.isoformat()))
    return table.filter(tests) if tests else table


def grouped(
    table: ir.Table, by: Sequence[Dimension], source: Source, parts: Sequence[str], money: bool
) -> ir.Table:
    """The merged parts for each combination of members; d0, d1 … hold the members."""
    sums = {name: merged_value(table[name], source.parts[name].merge) for name in parts}
    if money and "currency" in source.columns:
        sums |= {"currency_lo": table.currency.min(), "currency_hi": table.currency.max()}
    if not by:
        return table.agg(**sums)
    keys = {f"d{n}": member_value(table, dimension) for n, dimension in enumerate(by)}
    return table.group_by(**keys).agg(**sums)
