"""The same rule on both engines: the members in the lake, and one customer now in PostgreSQL."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any as Anything

import ibis
import ibis.expr.types as ir
from django.db import connection, models

from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.expression import Expression
from dangol.warehouse.engine import Lake
from dangol.warehouse.facts import FACTS
from dangol.warehouse.numbers import numbers_of
from dangol.warehouse.sources import Source, number_column


class Circle(ValueError):
    """A segment asks for itself, perhaps through others."""


class SegmentGone(LookupError):
    """A segment that a rule asks for is there no more."""


def below(test: r.Below, table: str, column: str) -> set[int]:
    """The numbers of keys, and of what lies below them in a tree as it stands in PostgreSQL."""
    lent = FACTS[FACTS[table].column(column).of]
    model = lent.model
    if not any(c.name == "lo" for c in lent.columns):
        return set(numbers_of(model, [uuid.UUID(key) for key in test.keys]).values())
    spans = model.objects.filter(pk__in=test.keys).values_list("lo", "hi")
    inside = models.Q(pk__in=[])
    for lo, hi in spans:
        inside |= models.Q(lo__gte=lo, hi__lte=hi)
    numbers = model.objects.filter(inside).extra(select={"no": number_column(model)})
    return set(numbers.values_list("no", flat=True))


def expanded(
    rule: r.Rule, rule_of: Callable[[str], r.Rule], inside: tuple[str, ...] = ()
) -> r.Rule:
    """The rule with other segments' rules in their places; a circle raises Circle."""
    match rule:
        case r.Segment(key):
            if key in inside:
                raise Circle(key)
            return expanded(rule_of(key), rule_of, (*inside, key))
        case r.All(parts):
            return r.All(tuple(expanded(p, rule_of, inside) for p in parts))
        case r.Any(parts):
            return r.Any(tuple(expanded(p, rule_of, inside) for p in parts))
        case r.Not(part):
            return r.Not(expanded(part, rule_of, inside))
        case r.Minus(whole, less):
            return r.Minus(expanded(whole, rule_of, inside), expanded(less, rule_of, inside))
    return rule


def in_lake(seen: Lake, day: dt.date) -> Expression:
    """Compiles rules over a version of the lake."""
    return Expression(seen.table, day, catalogue.day_of, below)


def members(rule: r.Rule, seen: Lake, day: dt.date) -> Anything:
    """The numbers of the customers for whom the rule holds (an Arrow array)."""
    return seen.run(in_lake(seen, day).members(rule)).column("id")


def unbound(name: str) -> ir.Table:
    """A fact table that PostgreSQL will bring under its name."""
    return ibis.table(ibis.Schema.from_pyarrow(FACTS[name].schema), name=f"facts_{name}")


def decided_now(rules: dict[str, r.Rule], customer: Anything, day: dt.date) -> dict[str, bool]:
    """Which rules hold for one customer as PostgreSQL stands now; one query, found by index."""
    asked = Expression(unbound, day, catalogue.day_of, below).decided(rules)
    tables = sorted(
        node.name.removeprefix("facts_")
        for node in asked.op().find(ibis.expr.operations.UnboundTable)
    )
    model = FACTS[catalogue.CUSTOMERS].model
    number = model.objects.filter(pk=customer).extra(select={"no": number_column(model)})
    [no] = number.values_list("no", flat=True)
    brought = ", ".join(
        f"facts_{name} AS (SELECT * FROM ({Source(FACTS[name]).select_all()}) f"
        f" WHERE f.{FACTS[name].customer} = {int(no)})"
        for name in dict.fromkeys(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {brought} SELECT * FROM ({ibis.to_sql(asked, dialect='postgres')}) q")
        names = [c.name for c in cursor.description]
        row = cursor.fetchone()
    return {
        name: bool(value) for name, value in zip(names, row or [], strict=False) if name != "id"
    }
