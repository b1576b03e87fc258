"""What an app lends to the lake: its tables, their columns, grain, time and keys.

    register(FactTable(
        name="transactions", model=Transaction, time="at", customer="customer",
        label=_("Transactions"), grain=_("One sale or service visit"),
        columns=(key(), ref("customer", of="customers"), instant("at"), money("amount")),
    ))

A column's `sql` names fields in braces, along relations with dots: `{transaction.at}`. A path that
ends at a relation is the other row's number in the lake, never its key in the product.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Derivation = Callable[[pa.Table], dict[str, list[Any]]]
PATH = re.compile(r"{([a-z_0-9.]+)}")


class Type(StrEnum):
    """What a column holds; the same on every engine."""

    KEY = "key"
    REF = "ref"
    INSTANT = "instant"
    DAY = "day"
    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"
    REAL = "real"
    FLAG = "flag"


ARROW: dict[Type, pa.DataType] = {
    Type.KEY: pa.int64(),
    Type.REF: pa.int64(),
    Type.INSTANT: pa.timestamp("us"),  # UTC, without a zone: no engine's session can shift it
    Type.DAY: pa.date32(),
    Type.TEXT: pa.string(),
    Type.MONEY: pa.decimal128(18, 2),
    Type.NUMBER: pa.decimal128(14, 3),
    Type.COUNT: pa.int64(),
    Type.REAL: pa.float64(),
    Type.FLAG: pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, where it comes from, how it is called and what it means."""

    name: str
    type: Type
    sql: str = ""
    label: Text = ""
    meaning: Text = ""
    of: str = ""
    """The fact table whose `id` a reference holds."""
    derived: bool = False
    """Not read but worked out by the table's `derive` from the rows that were read."""
    also: Text = ""
    """Other words by which people look for it."""

    @property
    def expression(self) -> str:
        """Its SQL with field paths in braces."""
        return "" if self.derived else self.sql or f"{{{self.name}}}"

    @property
    def paths(self) -> list[str]:
        """The field paths that it is made of."""
        return PATH.findall(self.expression)


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of the lake; its `id` is the row's number, given once and never again."""

    name: str
    model: Any
    columns: tuple[Column, ...]
    label: Text
    grain: Text
    time: str = ""
    """The column that says when; empty for what has no time."""
    customer: str = ""
    """The column that says whose row it is: erasure removes it from every version."""
    whole: bool = False
    """Small and tree-like: read again as a whole when any row changes."""
    settled: tuple[str, ...] = field(default=())
    """Relations whose rows never change in what is read here, so that nobody need follow them."""

    only: str = ""
    """A condition over fields in braces; a row for which it does not hold is no fact (any more)."""
    derive: Derivation | None = None
    """Works out the derived columns, which stand last, from rows that were read."""
    also: Text = ""
    """Other words by which people look for it."""

    @property
    def schema(self) -> pa.Schema:
        """The columns as Arrow and Parquet hold them."""
        return pa.schema([pa.field(c.name, ARROW[c.type]) for c in self.columns])

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns that come from the source."""
        return tuple(c for c in self.columns if not c.derived)

    def completed(self, rows: pa.Table) -> pa.Table:
        """Rows that were read, with the derived columns."""
        made = self.derive(rows) if self.derive else {}
        for column in self.columns[len(self.read) :]:
            field_ = pa.field(column.name, ARROW[column.type])
            rows = rows.append_column(field_, pa.array(made[column.name], field_.type))
        return rows

    def column(self, name: str) -> Column:
        """A column by name."""
        return next(c for c in self.columns if c.name == name)


FACTS: dict[str, FactTable] = {}


def register(*tables: FactTable) -> None:
    """Lend tables to the lake; names are unique, `id` is the key."""
    for table in tables:
        if FACTS.get(table.name, table) is not table:
            raise ValueError(f"two fact tables are called {table.name}")
        names = [c.name for c in table.columns]
        if names[0] != "id" or len({n.lower() for n in names}) != len(names):
            raise ValueError(f"{table.name}: `id` first, and each name once")
        if any(c.derived for c in table.columns[: len(table.read)]):
            raise ValueError(f"{table.name}: derived columns stand last")
        for needed in filter(None, (table.time, table.customer)):
            table.column(needed)
        FACTS[table.name] = table


def facts() -> list[FactTable]:
    """Every table, by name."""
    return [FACTS[name] for name in sorted(FACTS)]


def key() -> Column:
    """The row's own number."""
    return Column("id", Type.KEY, "{number}", _("Number"), _("The row's number in the lake."))


def ref(
    name: str, of: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = ""
) -> Column:  # fmt: skip
    """The number of another table's row."""
    return Column(name, Type.REF, sql, label, meaning, of, also=also)


def instant(
    name: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = ""
) -> Column:  # fmt: skip
    """A moment in UTC."""
    own = sql or f"{{{name}}}"
    return Column(name, Type.INSTANT, f"({own} AT TIME ZONE 'UTC')", label, meaning, also=also)


def local_day(name: str, sql: str, zone: str, label: Text = "", meaning: Text = "") -> Column:
    """The day of a moment in a time zone that a field names; the company's where it is empty."""
    where = f"coalesce({zone}, '{settings.TIME_ZONE}')"
    return Column(name, Type.DAY, f"({sql} AT TIME ZONE {where})::date", label, meaning)


def text(name: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = "") -> Column:
    """A code or a word of few values."""
    return Column(name, Type.TEXT, sql, label, meaning, also=also)


def money(
    name: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = ""
) -> Column:  # fmt: skip
    """An amount; its currency is another column."""
    return Column(name, Type.MONEY, sql, label, meaning, also=also)


def count(
    name: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = ""
) -> Column:  # fmt: skip
    """A whole number."""
    return Column(name, Type.COUNT, sql, label, meaning, also=also)


def seconds(name: str, sql: str, label: Text = "", meaning: Text = "", also: Text = "") -> Column:
    """A length of time in seconds, from an interval."""
    return Column(name, Type.REAL, f"extract(epoch FROM {sql})::float8", label, meaning, also=also)


def day(name: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = "") -> Column:
    """A calendar day."""
    return Column(name, Type.DAY, sql, label, meaning, also=also)


def flag(name: str, sql: str = "", label: Text = "", meaning: Text = "", also: Text = "") -> Column:
    """Yes or no."""
    return Column(name, Type.FLAG, sql, label, meaning, also=also)
