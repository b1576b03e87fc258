"""A rule as one Ibis expression: run over the lake for millions, over PostgreSQL for one customer now.

Facts of one table are read once for all tests on them: each test is a conditional aggregate of one
group-by, and the rule is a condition over the aggregates joined to the customers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from dangol.segments import rules as r
from dangol.segments.catalogue import Criterion, criterion
from dangol.segments.plain import span
from dangol.warehouse.facts import FACTS, Type

TableOf = Callable[[str], ir.Table]
BelowOf = Callable[[r.Below, str, str], set[int]]


def is_real(table: str, column: str) -> bool:
    """Whether a column holds real numbers."""
    return FACTS[table].column(column).type is Type.REAL


def thousandths(value: ir.Value) -> ir.Value:
    """Real numbers as whole thousandths: their sum does not depend on the order, on any engine."""
    return (value * 1000.0 + 0.5).floor().cast("int64")


class Expression:
    """Compiles rules over tables that the engine will bring."""

    def __init__(
        self, table: TableOf, day: dt.date, day_of: Callable[[str], str], below: BelowOf,
        score_of: Callable[[str], Criterion] = criterion,
    ) -> None:  # fmt: skip
        self.table, self.day, self.day_of, self.below = table, day, day_of, below
        self.score_of = score_of

    def members(self, rule: r.Rule) -> ir.Table:
        """The numbers of the customers for whom the rule holds: one column, `id`."""
        return self.decided({"holds": rule}).filter(lambda t: t.holds).select("id")

    def decided(self, rules: dict[str, r.Rule]) -> ir.Table:
        """Every customer's `id` and one truth a rule: many rules, each fact table read once."""
        tests = list(dict.fromkeys(leaf for rule in rules.values() for leaf in r.leaves(rule)))
        names = {test: f"t{n}" for n, test in enumerate(tests)}
        customers = self.table("customers")
        base = customers.select("id", **{
            names[test]: self.of_customer(test, customers)
            for test in tests if isinstance(test, r.Everyone | r.Attribute | r.Sample)
        })  # fmt: skip
        for aggregated in self.aggregates(tests, names):
            base = base.left_join(aggregated, base.id == aggregated.customer).drop("customer")
        return base.select(
            "id", **{name: self.truth(rule, base, names) for name, rule in rules.items()}
        )

    def truth(self, rule: r.Rule, base: ir.Table, names: dict[r.Rule, str]) -> ir.BooleanValue:
        """The rule over the row of tests."""
        match rule:
            case r.All(parts):
                inside = [self.truth(p, base, names) for p in parts]
                return reduce(and_, inside) if inside else ibis.literal(True)
            case r.Any(parts):
                inside = [self.truth(p, base, names) for p in parts]
                return reduce(or_, inside) if inside else ibis.literal(False)
            case r.Not(part):
                return ~self.truth(part, base, names)
            case r.Minus(whole, less):
                return self.truth(whole, base, names) & ~self.truth(less, base, names)
            case r.Score(name, test):
                return self.passes(base[names[rule]], test, self.score_of(name).table)
            case r.Behaviour():
                value, test = base[names[rule]], rule.test
                if rule.aggregate in ("count", "distinct", "sum"):
                    value = value.fill_null(0)
                if rule.aggregate == "sum" and is_real(rule.facts.table, rule.column):
                    assert isinstance(test, r.Range)
                    test = r.Range(
                        *(
                            None if end is None else int(end * 1000)
                            for end in (test.least, test.most)
                        )
                    )  # type: ignore[operator]
                return self.passes(value, test, rule.facts.table, rule.column)
        return base[names[rule]].fill_null(False)

    def of_customer(self, test: r.Rule, customers: ir.Table) -> ir.BooleanValue:
        """A test on the customer's own row."""
        match test:
            case r.Attribute(column, inner):
                return self.passes(customers[column], inner, "customers", column)
            case r.Sample(_percent, salt):
                h = (customers.id * 48_271 + salt) % r.PRIME
                return (((h * h) % r.PRIME) * 69_621) % r.PRIME % 10_000 < test.bound
        return ibis.literal(True)

    def passes(
        self, value: ir.Value, test: r.Test, table: str = "", column: str = ""
    ) -> ir.BooleanValue:
        """Whether a value passes a test; an empty one never does."""
        match test:
            case r.Known():
                return value.notnull()
            case r.OneOf(values):
                return value.isin(values).fill_null(False) if values else ibis.literal(False)
            case r.Below():
                numbers = sorted(self.below(test, table, column))
                return value.isin(numbers).fill_null(False) if numbers else ibis.literal(False)
            case r.Range(least, most):
                ends = [value >= least] if least is not None else []
                ends += [value <= most] if most is not None else []
                return reduce(and_, ends or [value.notnull()]).fill_null(False)
        raise TypeError(test)

    def counted(self, facts: r.Facts, rows: ir.Table) -> ir.BooleanValue:
        """Whether a row of the table counts."""
        first, last = span(facts.window, self.day)
        day = rows[self.day_of(facts.table)]
        tests = [self.passes(rows[w.column], w.test, facts.table, w.column) for w in facts.where]
        tests += [(day >= first)] if first else []
        tests += [(day <= last)] if last else []
        return reduce(and_, [day.notnull(), *tests]).fill_null(False)

    def aggregates(self, tests: Iterable[r.Rule], names: dict[r.Rule, str]) -> list[ir.Table]:
        """One table a fact table, with a row for each customer who has facts, and one a sequence."""
        by_table: dict[str, list[r.Behaviour]] = defaultdict(list)
        found = []
        for test in tests:
            if isinstance(test, r.Behaviour):
                by_table[test.facts.table].append(test)
            elif isinstance(test, r.Sequence):
                found.append(self.sequence(test, names[test]))
            elif isinstance(test, r.Listed):
                found.append(self.listed(test, names[test]))
        found += self.scores([t for t in tests if isinstance(t, r.Score)], names)
        for table, behaviours in by_table.items():
            rows = self.table(table)
            rows = rows.filter(rows.customer.notnull())
            found.append(
                rows.group_by("customer").aggregate(
                    **{names[b]: self.aggregate(b, rows) for b in behaviours}
                )
            )
        return found

    def aggregate(self, rule: r.Behaviour, rows: ir.Table) -> ir.Scalar:
        """One aggregate of the rows that count."""
        where = self.counted(rule.facts, rows)
        day = rows[self.day_of(rule.facts.table)]
        match rule.aggregate:
            case "count":
                return rows.count(where=where)
            case "distinct":
                return rows[rule.column].nunique(where=where)
            case "sum":
                given = rows[rule.column]
                if is_real(rule.facts.table, rule.column):
                    return thousandths(given).sum(where=where & given.notnull())
                return given.sum(where=where)
            case "last":
                return ibis.literal(self.day).delta(day.max(where=where), unit="day")
            case "latest":
                # one whole number orders by day, then by the row's number
                order = day.delta(ibis.date(1970, 1, 1), unit="day") * 2**40 + rows.id
                known = rows[rule.column]
                return known.argmax(order, where=where & known.notnull())
            case "first":
                return ibis.literal(self.day).delta(day.min(where=where), unit="day")

    def listed(self, rule: r.Listed, name: str) -> ir.Table:
        """The customers that a list names."""
        rows = self.table("listed")
        numbers = sorted(self.below(r.Below((rule.key,)), "listed", "list"))
        named = rows.list.isin(numbers) if numbers else ibis.literal(False)
        chosen = rows.filter(named & rows.customer.notnull())
        return chosen.select("customer").distinct().mutate(**{name: ibis.literal(True)})

    def scores(self, tests: list[r.Score], names: dict[r.Rule, str]) -> list[ir.Table]:
        """One table a lent table, with the value of each test."""
        by_table: dict[str, list[r.Score]] = defaultdict(list)
        for test in tests:
            by_table[self.score_of(test.name).table].append(test)
        found = []
        for table, asked in by_table.items():
            rows = self.table(table)
            values = {names[t]: self.score(t, rows) for t in asked}
            found.append(
                rows.filter(rows.customer.notnull()).group_by("customer").aggregate(**values)
            )
        return found

    def score(self, rule: r.Score, rows: ir.Table) -> ir.Scalar:
        """The greatest value of a customer; of yes and no, whether any is yes."""
        lent = self.score_of(rule.name)
        value = rows[lent.column]
        where = rows[lent.only[0]] == lent.only[1] if lent.only else None
        return value.any(where=where) if lent.type is Type.FLAG else value.max(where=where)

    def sequence(self, rule: r.Sequence, name: str) -> ir.Table:
        """The customers with a first fact that is followed, or is not."""
        first, then = self.marked(rule.first, "a"), self.marked(rule.then, "b")
        within = ibis.interval(days=rule.days)
        meets = [
            first.customer == then.b_customer,
            then.b_day >= first.a_day,
            then.b_day <= first.a_day + within,
        ]
        if rule.first.table == rule.then.table:
            meets.append(then.b_id != first.a_id)
        if rule.absent:
            over = first.filter((first.a_day + within).cast("date") <= self.day)
            meets = [
                over.customer == then.b_customer,
                then.b_day >= over.a_day,
                then.b_day <= over.a_day + within,
                *([then.b_id != over.a_id] if rule.first.table == rule.then.table else []),
            ]
            left = over.anti_join(then, meets)
        else:
            left = first.semi_join(then, meets)
        return left.select("customer").distinct().mutate(**{name: ibis.literal(True)})

    def marked(self, facts: r.Facts, side: str) -> ir.Table:
        """The facts that count, as customer, day and number under names of their own."""
        rows = self.table(facts.table)
        counted = rows.filter(self.counted(facts, rows) & rows.customer.notnull())
        day = self.day_of(facts.table)
        customer = "customer" if side == "a" else "b_customer"
        return counted.select(
            **{customer: counted.customer, f"{side}_day": counted[day], f"{side}_id": counted.id}
        )
