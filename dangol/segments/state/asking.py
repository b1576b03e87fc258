"""The questions that the state asks the lake: the same expressions on every engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from itertools import batched
from operator import and_, or_

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.deciding import below
from dangol.segments.expression import Expression, is_real, thousandths
from dangol.segments.state.measures import Interval, Measure, days_of
from dangol.warehouse.engine import Lake
from dangol.warehouse.manifest import File

Array = np.ndarray
Found = tuple[Array, list[Array]]
"""Customers' numbers, and the values of each measure."""
MEASURES_AT_ONCE = 8
"""Measures of one query: each holds a value for every customer in memory."""
MOST_DAYS = 400


class Asking:
    """Questions to one version of the lake."""

    def __init__(self, seen: Lake) -> None:
        self.seen = seen
        self.gathered: dict[str, ir.Table] = {}
        """Rows of some customers, fetched once for all questions about them."""

    def gather(self, measures: list[Measure], only: Array) -> None:
        """Fetch the rows of some customers, in the columns that these measures read."""
        names: dict[str, set[str]] = {}
        for measure in measures:
            for name, columns in columns_of(measure).items():
                names.setdefault(name, set()).update(columns)
        for name, columns in names.items():
            rows = self.table(name, only).select(*sorted(columns))
            self.gathered[name] = ibis.memtable(self.seen.run(rows))

    def expression(self, day: dt.date, only: Array | None = None) -> Expression:
        """Compiles rules, over some customers only."""
        return Expression(lambda name: self.table(name, only), day, catalogue.day_of, below)

    def table(self, name: str, only: Array | None = None) -> ir.Table:
        """A table, its rows of some customers only."""
        if only is not None and name in self.gathered:
            return self.gathered[name]
        rows = self.seen.table(name)
        if only is None:
            return rows
        some = ibis.memtable(pa.table({"number": pa.array(only, pa.int64())}))
        return rows.semi_join(
            some, rows["id" if name == "customers" else "customer"] == some.number
        )

    def aggregated(
        self, rows: ir.Table, measures: list[Measure], days: list[list[Interval]]
    ) -> Found:
        """For each customer the values of measures of one table over the days given for each."""
        facts = measures[0].facts[0]
        day = rows[catalogue.day_of(facts.table)]
        expression = self.expression(dt.date.max)
        some = rows.filter(rows.customer.notnull() & any_of(day, days))
        counts = [
            self.conditions(expression, m.facts[0], some)
            & within(some[catalogue.day_of(facts.table)], spans)
            for m, spans in zip(measures, days, strict=True)
        ]
        named = {
            f"v{n}": value_of(m, some, where)
            for n, (m, where) in enumerate(zip(measures, counts, strict=True))
        }
        found = self.seen.run(some.group_by("customer").aggregate(**named))
        return found["customer"].to_numpy(), [
            integers(found[f"v{n}"], m) for n, m in enumerate(measures)
        ]

    def conditions(self, expression: Expression, facts: r.Facts, rows: ir.Table) -> ir.BooleanValue:
        """Whether a row counts, whatever its day."""
        tests = [
            expression.passes(rows[w.column], w.test, facts.table, w.column) for w in facts.where
        ]
        return reduce(and_, tests, ibis.literal(True))

    def everything(
        self, measures: list[Measure], day: dt.date, only: Array | None = None
    ) -> Iterable[tuple[Measure, Array, Array]]:
        """The values of measures from all facts: (measure, customers, values)."""
        by_table: dict[str, list[Measure]] = {}
        for measure in measures:
            if measure.kind != "truth":
                by_table.setdefault(measure.facts[0].table, []).append(measure)
        for table, some in by_table.items():
            for few in batched(some, MEASURES_AT_ONCE, strict=False):
                days = [[days_of(m.facts[0].window, day)] for m in few]
                customers, values = self.aggregated(self.table(table, only), list(few), days)
                yield from ((m, customers, v) for m, v in zip(few, values, strict=True))
        truths = [m for m in measures if m.kind == "truth"]
        for few in batched(truths, MEASURES_AT_ONCE, strict=False):
            rules = {f"v{n}": m.leaf for n, m in enumerate(few)}
            found = self.seen.run(self.expression(day, only).decided(rules))
            customers = found["id"].to_numpy()
            for n, m in enumerate(few):
                yield m, customers, found[f"v{n}"].to_numpy(zero_copy_only=False).astype(bool)

    def customers_with(self, rows: ir.Table, table: str) -> Array:
        """Whose rows these are."""
        name = "id" if table == "customers" else "customer"
        found = self.seen.run(rows.select(customer=rows[name]).distinct())["customer"]
        return found.drop_null().to_numpy()

    def customers_on(self, facts: r.Facts, days: list[Interval]) -> Array:
        """Who has facts that count on some days."""
        rows = self.table_on(facts.table, [days])
        rows = rows.filter(any_of(rows[catalogue.day_of(facts.table)], [days]))
        return self.customers_with(self.matching(rows, facts), facts.table)

    def matching(self, rows: ir.Table, facts: r.Facts) -> ir.Table:
        """Rows that pass the conditions, whatever their day."""
        return rows.filter(self.conditions(self.expression(dt.date.max), facts, rows))

    def table_on(self, table: str, days: list[list[Interval]]) -> ir.Table:
        """A table without the files that can hold no row of these days."""
        version = self.seen.manifest.tables[table]
        spans = [span for some in days for span in some if span[0] <= span[1]]
        parts = tuple(f for f in version.files if any(reaches(f, span) for span in spans))
        return self.seen.over(table, version, parts)


def columns_of(measure: Measure) -> dict[str, set[str]]:
    """The columns that a measure reads, by table."""
    found: dict[str, set[str]] = {name: {"id", "customer"} for name in measure.tables}
    if "customers" in found:
        found["customers"] = {"id"}
    for facts in measure.facts:
        found[facts.table] |= {catalogue.day_of(facts.table), *(w.column for w in facts.where)}
    match measure.leaf:
        case r.Attribute(column):
            found["customers"].add(column)
        case r.Behaviour(facts, _aggregate, _test, column):
            found[facts.table] |= {column} - {""}
        case r.Listed():
            found["listed"].add("list")
        case r.Score(name):
            lent = catalogue.criterion(name)
            found[lent.table] |= {lent.column, *(lent.only or ())[:1]}
    return found


def reaches(file: File, span: Interval) -> bool:
    """Whether a file may hold rows of some days; a local day is at most one off the UTC one."""
    if not file.earliest or not file.latest:
        return True
    first = dt.date.fromisoformat(file.earliest[:10]).toordinal() - 1
    last = dt.date.fromisoformat(file.latest[:10]).toordinal() + 1
    return first <= span[1] and span[0] <= last


def value_of(measure: Measure, rows: ir.Table, where: ir.BooleanValue) -> ir.Scalar:
    """One value as a whole number or a day."""
    rule = measure.leaf
    assert isinstance(rule, r.Behaviour)
    day = rows[catalogue.day_of(rule.facts.table)]
    match measure.kind:
        case "count":
            return rows.count(where=where)
        case "distinct":
            return rows[rule.column].nunique(where=where)
        case "sum":
            given = rows[rule.column]
            if is_real(rule.facts.table, rule.column):
                return thousandths(given).sum(where=where & given.notnull())
            return (given * measure.scale).cast("int64").sum(where=where)
        case "last":
            return day.max(where=where)
        case "first":
            return day.min(where=where)
    raise TypeError(measure)


def integers(column: pa.ChunkedArray, measure: Measure) -> Array:
    """Values as the state keeps them."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    elif not pa.types.is_integer(column.type):
        column = column.cast(pa.int64())
    return column.fill_null(measure.nothing).to_numpy()


def within(day: ir.DateValue, spans: list[Interval]) -> ir.BooleanValue:
    """Whether a day lies in one of these intervals."""
    tests = [
        (day >= dt.date.fromordinal(low)) & (day <= dt.date.fromordinal(min(high, dt.date.max.toordinal())))
        for low, high in spans if low <= high
    ]  # fmt: skip
    return (reduce(or_, tests) if tests else ibis.literal(False)).fill_null(False)


def any_of(day: ir.DateValue, days: list[list[Interval]]) -> ir.BooleanValue:
    """Whether a day lies in any interval: a few days by name, so that files without them are passed by."""
    spans = {span for some in days for span in some if span[0] <= span[1]}
    if sum(high - low + 1 for low, high in spans) <= MOST_DAYS:
        named = {dt.date.fromordinal(n) for low, high in spans for n in range(low, high + 1)}
        return day.isin(sorted(named)) if named else ibis.literal(False)
    return within(day, sorted(spans))
