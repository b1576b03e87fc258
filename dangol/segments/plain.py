"""A rule decided in plain Python, row by row: what the words mean, and what both engines must equal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import floor
from typing import Any as Anything

from dangol.segments import rules as r
from dangol.segments.catalogue import criterion

Row = Mapping[str, Anything]
Tables = Mapping[str, Iterable[Row]]
DayOf = Callable[[str], str]


class Plain:
    """One customer's rows on one day."""

    def __init__(
        self,
        tables: Tables,
        day: dt.date,
        day_of: DayOf,
        below: Callable[[r.Below, str, str], set[int]],
    ) -> None:
        self.tables, self.day, self.day_of, self.below = tables, day, day_of, below

    def holds(self, rule: r.Rule, customer: Row) -> bool:
        """Whether the rule holds for a customer."""
        match rule:
            case r.Everyone():
                return True
            case r.All(parts):
                return all(self.holds(part, customer) for part in parts)
            case r.Any(parts):
                return any(self.holds(part, customer) for part in parts)
            case r.Not(part):
                return not self.holds(part, customer)
            case r.Minus(whole, less):
                return self.holds(whole, customer) and not self.holds(less, customer)
            case r.Attribute(column, test):
                return self.passes(customer[column], test, "customers", column)
            case r.Sample(_percent, salt):
                return r.drawn(customer["id"], salt) < rule.bound
            case r.Behaviour():
                value = self.aggregate(rule, customer)
                return self.passes(value, rule.test, rule.facts.table, rule.column)
            case r.Sequence():
                return self.follows(rule, customer)
            case r.Listed(key):
                lists = self.below(r.Below((key,)), "listed", "list")
                return any(
                    row["customer"] == customer["id"] and row["list"] in lists
                    for row in self.tables["listed"]
                )
            case r.Score(name, test):
                lent = criterion(name)
                values = [
                    row[lent.column] for row in self.tables[lent.table]
                    if row["customer"] == customer["id"] and row[lent.column] is not None
                    and (lent.only is None or row[lent.only[0]] == lent.only[1])
                ]  # fmt: skip
                return self.passes(max(values, default=None), test, lent.table, lent.column)
        raise TypeError(rule)

    def passes(self, value: Anything, test: r.Test, table: str = "", column: str = "") -> bool:
        """Whether one value passes a test; an empty one never does."""
        if value is None:
            return False
        match test:
            case r.Known():
                return True
            case r.OneOf(values):
                return value in values
            case r.Below():
                return value in self.below(test, table, column)
            case r.Range(least, most):
                return (least is None or value >= least) and (most is None or value <= most)
        raise TypeError(test)

    def rows(self, facts: r.Facts, customer: Row) -> list[Row]:
        """The customer's facts that count."""
        day = self.day_of(facts.table)
        first, last = span(facts.window, self.day)
        return [
            row for row in self.tables[facts.table]
            if row["customer"] == customer["id"] and row[day] is not None
            and (first is None or row[day] >= first) and (last is None or row[day] <= last)
            and all(self.passes(row[w.column], w.test, facts.table, w.column) for w in facts.where)
        ]  # fmt: skip

    def aggregate(self, rule: r.Behaviour, customer: Row) -> Anything:
        """The aggregate of the customer's facts; None where it is unknown."""
        rows = self.rows(rule.facts, customer)
        values = [row[rule.column] for row in rows if rule.column and row[rule.column] is not None]
        day = self.day_of(rule.facts.table)
        match rule.aggregate:
            case "count":
                return len(rows)
            case "distinct":
                return len(set(values))
            case "sum":
                # real numbers as whole thousandths, so that their order makes no difference
                exact = [
                    Decimal(floor(v * 1000.0 + 0.5)) / 1000 if isinstance(v, float) else v
                    for v in values
                ]
                return sum(exact, Decimal(0))
            case "last":
                return (self.day - max(row[day] for row in rows)).days if rows else None
            case "latest":
                known = [row for row in rows if row[rule.column] is not None]
                newest = max(known, key=lambda row: (row[day], row["id"]), default=None)
                return newest and newest[rule.column]
            case "first":
                return (self.day - min(row[day] for row in rows)).days if rows else None

    def follows(self, rule: r.Sequence, customer: Row) -> bool:
        """Whether some first fact is followed (or, with `absent`, is not)."""
        day, then = self.day_of(rule.first.table), self.day_of(rule.then.table)
        later = self.rows(rule.then, customer)
        within = dt.timedelta(days=rule.days)
        for row in self.rows(rule.first, customer):
            followed = any(
                row[day] <= other[then] <= row[day] + within
                and (rule.first.table != rule.then.table or other["id"] != row["id"])
                for other in later
            )
            if not rule.absent and followed:
                return True
            if rule.absent and not followed and row[day] + within <= self.day:
                return True
        return False


def span(window: r.Window, day: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day of a window on a day; nothing of the future is ever seen."""
    if window.days is not None:
        return day - dt.timedelta(days=window.days - 1), day
    return window.start, min(window.end, day) if window.end else day
