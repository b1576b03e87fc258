"""Everything that points at a customer, found in the models themselves: nothing can be forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import connection, models

from dangol.customers.models import Alias, Customer

LEFT_ALONE = {"identity_merge", "identity_reading"}


@dataclass(frozen=True, slots=True)
class Belonging:
    """A column of a table that holds a customer's id."""

    model: type[models.Model]
    column: str
    rivals: tuple[tuple[tuple[str, ...], bool], ...]
    """What may not stand twice for one customer: (other columns, whether only while not ended)."""

    @property
    def table(self) -> str:
        """Its table."""
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        """The column of its key."""
        key = self.model._meta.pk
        assert key is not None
        return str(key.column)


def belongings() -> Iterator[Belonging]:
    """Every foreign key to a customer in the whole product."""
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if model._meta.db_table in LEFT_ALONE or model is Alias:
            continue
        field = relation.field
        yield Belonging(model, str(field.column), tuple(_rivals(model, field.name)))  # type: ignore[union-attr]


def _rivals(model: type[models.Model], field: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field in constraint.fields:
            others = [f for f in constraint.fields if f != field]
            columns = tuple(str(model._meta.get_field(f).column) for f in others)  # type: ignore[union-attr]
            yield columns, constraint.condition is not None


def doubles(
    belonging: Belonging, survivor: uuid.UUID, merged: uuid.UUID, *, ending: bool
) -> list[tuple[Any, Any]]:
    """Rows of the merged customer that the survivor has already: (its key, the survivor's key).

    `ending` asks for those of which only one may stand open, so that ending one is enough.
    """
    found: dict[Any, Any] = {}
    for columns, open_only in belonging.rivals:
        if open_only is not ending:
            continue
        same = " AND ".join(f's."{c}" IS NOT DISTINCT FROM m."{c}"' for c in columns) or "TRUE"
        both = " AND m.ended_at IS NULL AND s.ended_at IS NULL" if open_only else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT m."{belonging.key}", s."{belonging.key}" FROM "{belonging.table}" m'
                f' JOIN "{belonging.table}" s ON s."{belonging.column}" = %s AND {same}'
                f' WHERE m."{belonging.column}" = %s{both}',
                [survivor, merged],
            )
            found |= dict(cursor.fetchall())
    return sorted(found.items(), key=str)


def between(survivor: uuid.UUID, merged: uuid.UUID) -> list[Any]:
    """Keys of relations between the two: nobody is related to himself."""
    return _column(
        "SELECT id FROM customers_relation WHERE (from_customer_id, to_customer_id)"
        " IN ((%s, %s), (%s, %s))",
        [survivor, merged, merged, survivor],
    )


def move(belonging: Belonging, merged: uuid.UUID, survivor: uuid.UUID) -> list[Any]:
    """Hang all rows of one customer under the other; their keys."""
    return _column(
        f'UPDATE "{belonging.table}" SET "{belonging.column}" = %s WHERE "{belonging.column}" = %s'
        f' RETURNING "{belonging.key}"',
        [survivor, merged],
    )


def counts(customer: uuid.UUID) -> dict[str, int]:
    """How many rows a customer has in each table, asked at once; tables without any are left out."""
    parts = [
        f'SELECT \'{one.table}\', count(*) FROM "{one.table}" WHERE "{one.column}" = %s'
        for one in belongings()
    ]
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [customer] * len(parts))
        for table, number in cursor.fetchall():
            found[table] = found.get(table, 0) + number
    return {table: number for table, number in found.items() if number}


def belonging_of(table: str, column: str) -> Belonging | None:
    """A column by its name; None for one that the product no longer has."""
    return next((b for b in belongings() if b.table == table and b.column == column), None)


def whole(model: type[models.Model], keys: list[Any]) -> list[dict[str, Any]]:
    """Rows as Django writes them down, to be made again exactly."""
    rows = model._default_manager.filter(pk__in=keys)
    return list(serializers.serialize("python", rows))


def _column(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
