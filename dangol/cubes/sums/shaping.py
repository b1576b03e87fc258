"""Pure functions from a lake table to the rows of a source and to its sums; bound to no engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir

from dangol.cubes.subjects.catalogue import Aggregate, Merge, Source

ROWS = "rows_"
"""How many facts stand behind a row of an aggregate; where none does, the cell is empty."""


def prepared(source: Source, facts: ir.Table, parts: Iterable[str] = ()) -> ir.Table:
    """Each row that counts: its dimensions, what it adds to each part, and the record behind it."""
    rows = source.rows(facts)
    wanted = [name for name in source.parts if name in parts] if parts else source.sums
    return rows.mutate(**{name: source.parts[name].of(rows) for name in wanted})


def with_months(table: ir.Table) -> ir.Table:
    """The first day of the month beside the day."""
    return table.mutate(month=table.day.truncate("M"))


def keyed(source: Source, facts: ir.Table, aggregate: Aggregate) -> ir.Table:
    """The rows of an aggregate with its keys."""
    rows = prepared(source, facts)
    if aggregate.only:
        rows = rows.filter([rows[column] == value for column, value in aggregate.only])
    if "week" in aggregate.keys:
        rows = rows.mutate(week=rows.day.truncate("W"))
    return with_months(rows) if "month" in aggregate.keys else rows


def summed(source: Source, facts: ir.Table, aggregate: Aggregate) -> ir.Table:
    """The cells of an aggregate from facts."""
    rows = keyed(source, facts, aggregate)
    return folded(rows.mutate(**{ROWS: ibis.literal(1, "int64")}), aggregate.keys, source.sums)


def folded(cells: ir.Table, keys: Sequence[str], sums: Sequence[str]) -> ir.Table:
    """Cells with the same keys become one; those without facts are gone."""
    made = cells.group_by(list(keys)).agg(
        **{name: cells[name].sum().fill_null(0) for name in sums}, **{ROWS: cells[ROWS].sum()}
    )
    return exact(made, sums)


def exact(cells: ir.Table, sums: Sequence[str]) -> ir.Table:
    """Whole numbers stay 64 bits and amounts two decimals, on every engine."""
    casts = {
        name: cells[name].cast("int64" if cells[name].type().is_integer() else "decimal(38, 2)")
        for name in (*sums, ROWS)
    }
    return cells.mutate(**casts)


def taken_off(cells: ir.Table, sums: Sequence[str]) -> ir.Table:
    """Cells that are to be subtracted."""
    return exact(cells.mutate(**{name: -cells[name] for name in (*sums, ROWS)}), sums)


def signed(source: Source, facts: ir.Table, aggregate: Aggregate, sign: int) -> ir.Table:
    """What each fact adds to its cell, or takes off."""
    rows = keyed(source, facts, aggregate)
    parts = {name: rows[name] * sign for name in source.sums}
    return rows.select(*aggregate.keys, **parts, **{ROWS: ibis.literal(sign, "int64")})


def difference(
    source: Source, aggregate: Aggregate, sides: Sequence[tuple[ir.Table, int]]
) -> ir.Table:
    """Only the cells that facts which came (1) and went (-1) change, with what they change."""
    first, *others = [signed(source, facts, aggregate, sign) for facts, sign in sides]
    both = first.union(*others) if others else first
    made = folded(both, aggregate.keys, source.sums)
    return made.filter(ibis.or_(*[made[name] != 0 for name in (*source.sums, ROWS)]))


def merged_value(column: ir.Value, merge: Merge) -> ir.Value:
    """A part of many rows as one value."""
    if merge == Merge.SUM:
        return column.sum()
    if merge == Merge.DISTINCT:
        return column.nunique()
    return column.cast("float64").quantile(0.5 if merge == Merge.MEDIAN else 0.9)
