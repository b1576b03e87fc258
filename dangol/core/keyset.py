"""Paging by position: the next page begins after the last row seen, however deep the list is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Model, Q, QuerySet

SALT = "dangol.keyset"
VALUE = "_order_value"


class BadCursor(ValueError):
    """A cursor that is not ours, or belongs to another order."""


@dataclass(frozen=True, slots=True)
class Keyset:
    """A total order: one column, then the key, both in the same direction; empty values last."""

    path: str
    descending: bool = False

    @classmethod
    def of(cls, order: str) -> Keyset:
        """From "name" or "-created_at"."""
        return cls(order.removeprefix("-"), order.startswith("-"))

    @property
    def name(self) -> str:
        return f"-{self.path}" if self.descending else self.path

    def sort(self, rows: QuerySet) -> QuerySet:
        """The rows in this order; an index on (column, id) serves it when no value is empty."""
        if self.path in ("id", "pk"):
            return rows.order_by("-pk" if self.descending else "pk")
        column = F(self.path)
        last = True if may_be_empty(rows, self.path) else None
        way = column.desc(nulls_last=last) if self.descending else column.asc(nulls_last=last)
        return rows.annotate(**{VALUE: column}).order_by(way, self._key)

    @property
    def _key(self) -> str:
        return "-pk" if self.descending else "pk"

    def after(self, rows: QuerySet, cursor: str) -> QuerySet:
        """The rows that come after the cursor."""
        value, key = self.read(cursor)
        beyond = "lt" if self.descending else "gt"
        next_key = Q(**{f"pk__{beyond}": key})
        if self.path in ("id", "pk"):
            return self._narrow(rows, next_key)
        if value is None:
            return self._narrow(rows, Q(**{f"{self.path}__isnull": True}) & next_key)
        # "at or beyond, and not this very row or before" lets the index find the start.
        started = Q(**{f"{self.path}__{beyond}e": value})
        past = Q(**{f"{self.path}__{beyond}": value}) | next_key
        found = started & past
        if may_be_empty(rows, self.path):
            found |= Q(**{f"{self.path}__isnull": True})
        return self._narrow(rows, found)

    @staticmethod
    def _narrow(rows: QuerySet, condition: Q) -> QuerySet:
        try:
            return rows.filter(condition)
        except (ValidationError, ValueError, TypeError) as error:
            raise BadCursor(str(error)) from error

    def cursor(self, row: Model) -> str:
        """Where this row stands, signed, so that nobody can ask for what they may not order by."""
        value = None if self.path in ("id", "pk") else getattr(row, VALUE)
        return signing.dumps([self.name, _plain(value), str(row.pk)], salt=SALT, compress=True)

    def read(self, cursor: str) -> tuple[Any, str]:
        """The value and key that a cursor carries."""
        try:
            name, value, key = signing.loads(cursor, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise BadCursor("not a cursor of ours") from error
        if name != self.name:
            raise BadCursor("a cursor of another order")
        return value, key


def _plain(value: Any) -> Any:
    """A value as JSON carries it without losing microseconds or decimals."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def may_be_empty(rows: QuerySet, path: str) -> bool:
    """Whether the column can hold nothing: along relations, any step may; a computed one may."""
    model = rows.model
    if path in rows.query.annotations:
        return True
    for name in path.split("__"):
        try:
            field = model._meta.get_field("id" if name == "pk" else name)
        except FieldDoesNotExist:
            return True
        if field.null or not field.concrete:
            return True
        model = field.related_model or model
    return False
