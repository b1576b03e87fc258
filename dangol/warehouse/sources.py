"""The SQL that reads a fact table's rows by their numbers, and what must be watched for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from dangol.warehouse.facts import PATH, FactTable, facts

NUMBER = "lake_no"
"""The column that capture adds to every table which the lake reads or points at."""


def number_column(model: Any) -> str:
    """Where a row's number is: its key if that is a number, otherwise the added column."""
    keyed = isinstance(model._meta.pk, models.AutoField | models.BigAutoField)
    return model._meta.pk.column if keyed else NUMBER


@dataclass
class Hop:
    """A relation on the way to a column: which model, joined how, which of its columns are read."""

    model: Any
    alias: str
    join: str = ""
    columns: set[str] = field(default_factory=set)


class Source:
    """How one fact table is read: SELECT list, joins, and the tables behind it."""

    def __init__(self, table: FactTable) -> None:
        self.table = table
        self.hops: dict[str, Hop] = {"": Hop(table.model, "b")}
        self.ends: dict[str, Hop] = {}
        """Relations that only give a number: their rows need no watching."""
        paths = [path for column in table.columns for path in column.paths]
        for path in (*paths, *PATH.findall(table.only)):
            self.hop(path.split(".")[:-1])
        self.selected = [
            f"{PATH.sub(lambda found: self.sql_of(found[1]), c.expression)} AS {c.name}"
            for c in table.read
        ]
        self.only = PATH.sub(lambda found: self.sql_of(found[1]), table.only)

    def sql_of(self, path: str) -> str:
        """A field path as SQL; the joins that it needs are remembered."""
        *way, last = path.split(".")
        hop = self.hop(way)
        if last == "number":
            return f"{hop.alias}.{number_column(hop.model)}"
        found = hop.model._meta.get_field(last)
        hop.columns.add(found.column)
        if not found.is_relation or number_column(found.related_model) != NUMBER:
            return f'{hop.alias}."{found.column}"'
        alias = "_".join((hop.alias, last))
        known = self.hops.get(path) or self.ends.setdefault(
            path, Hop(found.related_model, f"{alias}_n", self.join(hop, found, f"{alias}_n"))
        )
        return f"{known.alias}.{NUMBER}"

    def hop(self, way: list[str]) -> Hop:
        """The relation at the end of a way, joined."""
        path = ".".join(way)
        if path not in self.hops:
            before = self.hop(way[:-1])
            found = before.model._meta.get_field(way[-1])
            before.columns.add(found.column)
            alias = "_".join((before.alias, way[-1]))
            self.hops[path] = Hop(found.related_model, alias, self.join(before, found, alias))
        return self.hops[path]

    @staticmethod
    def join(before: Hop, found: Any, alias: str) -> str:
        """A LEFT JOIN along a foreign key."""
        other = found.related_model._meta
        return (
            f'LEFT JOIN {other.db_table} {alias} ON {alias}."{other.pk.column}"'
            f' = {before.alias}."{found.column}"'
        )

    @property
    def base(self) -> str:
        """The table whose rows are the facts."""
        return str(self.table.model._meta.db_table)

    @property
    def tables(self) -> list[str]:
        """The tables that are read, each once."""
        reached = (*self.hops.values(), *self.ends.values())
        return list(dict.fromkeys(hop.model._meta.db_table for hop in reached))

    @property
    def number(self) -> str:
        """The number of a fact, qualified."""
        return f"b.{number_column(self.table.model)}"

    @property
    def joins(self) -> str:
        """Every join, in the order of need."""
        return " ".join(h.join for h in (*self.hops.values(), *self.ends.values()) if h.join)

    def select(self, rows: str, where: str = "") -> str:
        """The columns of some rows of the table, named `b`, that are facts."""
        both = " AND ".join(f"({one})" for one in (where, self.only) if one)
        listed = f"SELECT {', '.join(self.selected)} FROM {rows} {self.joins}"
        return f"{listed} WHERE {both}" if both else listed

    def select_all(self) -> str:
        """Every row."""
        return self.select(f"{self.base} b")

    def select_range(self, low: int, high: int) -> str:
        """The rows numbered low … high - 1."""
        where = f"{self.number} >= {low} AND {self.number} < {high}"
        return self.select(f"{self.base} b", where)

    def select_keys(self) -> str:
        """The rows whose numbers lie in a multirange (%s)."""
        return self.select(
            f"unnest(%s::int8multirange) AS k(span) JOIN {self.base} b"
            f" ON {self.number} >= lower(k.span) AND {self.number} < upper(k.span)"
        )

    @property
    def followed(self) -> dict[str, Hop]:
        """Relations whose change changes a fact."""
        return {
            path: hop for path, hop in self.hops.items() if path and path not in self.table.settled
        }

    def facts_of(self, path: str) -> str:
        """The numbers (a multirange) of the facts that hang on rows of a followed relation (%s)."""
        hop = self.hops[path]
        joins = " ".join(
            h.join for p, h in self.hops.items() if p and (path + ".").startswith(p + ".")
        )
        there = f"{hop.alias}.{number_column(hop.model)}"
        return (
            f"SELECT range_agg(int8range({self.number}, {self.number}, '[]'))"
            f" FROM {self.base} b {joins}"
            f" JOIN unnest(%s::int8multirange) AS k(span)"
            f" ON {there} >= lower(k.span) AND {there} < upper(k.span)"
        )


def sources() -> list[Source]:
    """Every fact table's source."""
    return [Source(table) for table in facts()]


def watched() -> dict[Any, set[str]]:
    """Each model whose changes matter, with the columns that are read."""
    found: dict[Any, set[str]] = {}
    for source in sources():
        for path, hop in source.hops.items():
            if not path or path in source.followed:
                found.setdefault(hop.model, set()).update(hop.columns)
    return found


def numbered() -> set[Any]:
    """Each model whose rows need a number: facts, what they follow, and what they point at."""
    found = {
        hop.model for source in sources() for hop in (*source.hops.values(), *source.ends.values())
    }
    return {model for model in found if number_column(model) == NUMBER}
