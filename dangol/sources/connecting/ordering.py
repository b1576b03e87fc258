"""The one order in which a table is read, and where in it reading goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from django.utils.translation import gettext_noop
from sqlalchemy.dialects import mysql, postgresql

from dangol.sources.connecting.contract import Ask, Unusable
from dangol.sources.connecting.values import unkept

OWN_WORDS = (mysql.TIME, mysql.SET)
"""Kinds whose values the driver gives otherwise than the database writes them."""
OF_DAYS = (sa.Date, sa.DateTime, sa.Interval, postgresql.INTERVAL)
"""Kinds whose values Python may not know: they come as text then."""
EMPTY_LAST = {"postgresql", "oracle"}
EMPTY_FIRST = {"mysql", "mariadb", "sqlite", "mssql"}
"""Where a database puts NULL when it sorts; of every other one the query says so itself."""


def shown(table: sa.Table, names: list[str]) -> list[Any]:
    """The columns to read; dates as the database writes them, for it knows days that Python does
    not (infinity, the year 0)."""
    found = []
    for name in names:
        column = column_of(table, name)
        kind = column.type
        plain = isinstance(kind, sa.Date) or (
            isinstance(kind, sa.DateTime) and not getattr(kind, "timezone", False)
        )
        if plain:
            found.append(sa.cast(column, sa.String(40)))
        else:
            found.append(
                sa.cast(column, sa.String(4000)) if isinstance(kind, OWN_WORDS) else column
            )
    return found


def column_of(table: sa.Table, name: str) -> sa.Column[Any]:
    """A column by its name; Unusable when the table has it no more."""
    if name not in table.c:
        raise Unusable(
            gettext_noop("There is no column “%(name)s” any more. Choose the columns, the key and the column that grows anew."),
            name=name[:100],
        )  # fmt: skip
    return table.c[name]


@dataclass(frozen=True)
class By:
    """One part of the order: what is compared, and whether it may be empty."""

    value: Any
    nullable: bool


def by(column: sa.Column[Any]) -> By:
    """How a column is sorted and compared; Unusable for kinds without an order to go on from.

    What a database compares with texts otherwise than it sorts it (ENUM, SET) is sorted as text.
    """
    kind = column.type
    if isinstance(kind, sa.JSON | sa.ARRAY | sa.types.NullType):
        raise Unusable(
            gettext_noop("“%(name)s” (%(kind)s) has no order in which reading could go on. Choose another column as key or as the one that grows."),
            name=column.name[:100], kind=type(kind).__name__.lower(),
        )  # fmt: skip
    if isinstance(kind, (*OWN_WORDS, mysql.ENUM)):
        return By(sa.cast(column, sa.String(4000)), bool(column.nullable))
    return By(column, bool(column.nullable))


def stream(table: sa.Table, ask: Ask, dialect: str) -> tuple[Any, list[Any]]:
    """The query, and the columns of its order, which stand again at its end."""
    columns = [
        column_of(table, name)
        for name in dict.fromkeys(filter(None, [ask.watermark_column, *ask.key]))
    ]
    columns = columns or list(table.primary_key.columns) or [next(iter(table.c))]
    order = [by(column) for column in columns]
    again = [one.value.label(f"dangol_order_{i}") for i, one in enumerate(order)]
    tail = [column for column in table.primary_key.columns if column not in columns]
    query = sa.select(*shown(table, ask.names), *again).order_by(*sorting(order, dialect), *tail)
    first = order[0].value
    if ask.watermark_column and ask.watermark and not ask.full:
        query = query.where(first >= unkept(ask.watermark))
    if ask.cursor.get("at"):
        last = dialect not in EMPTY_FIRST
        at = [
            as_kind(one.value, unkept(said), dialect)
            for one, said in zip(order, ask.cursor["at"], strict=True)
        ]
        query = query.where(from_cursor(order, at, last))
    return query, columns


def as_kind(column: Any, value: Any, dialect: str) -> Any:
    """A value to compare with; a day or span that came as text (infinity) is the column's kind."""
    if dialect == "postgresql" and isinstance(value, str) and isinstance(column.type, OF_DAYS):
        return sa.cast(sa.literal(value, sa.String), column.type)
    return value


def sorting(order: list[By], dialect: str) -> list[Any]:
    """The columns to sort by; where a database's habit is not known, what is empty comes last."""
    if dialect in EMPTY_FIRST | EMPTY_LAST:
        return [one.value for one in order]
    found = []
    for one in order:
        found += [sa.case((one.value.is_(None), 1), else_=0)] if one.nullable else []
        found.append(one.value)
    return found


def from_cursor(order: list[By], at: list[Any], empty_last: bool) -> Any:
    """Rows at or after the cursor: the first column decides, equal ones ask the next."""
    column, nullable, value = order[0].value, order[0].nullable, at[0]
    same = column.is_(None) if value is None else column == value
    if len(order) > 1:
        same = sa.and_(same, from_cursor(order[1:], at[1:], empty_last))
    later = []
    if value is not None:
        later.append(column > value)
    if nullable and empty_last is (value is not None):
        later.append(column.is_(None) if empty_last else column.is_not(None))
    return sa.or_(*later, same)
