"""Between the product's keys and the lake's numbers; the mapping never leaves PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection

from dangol.warehouse.sources import number_column


def numbers_of(model: Any, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The numbers of rows; a key that does not exist is left out."""
    return _mapped(model, list(keys), model._meta.pk.column, number_column(model), "uuid")


def keys_of(model: Any, numbers: Iterable[int]) -> dict[int, uuid.UUID]:
    """The keys of rows by their numbers; a row that is gone is left out."""
    return _mapped(model, list(numbers), number_column(model), model._meta.pk.column, "bigint")


def _mapped(model: Any, given: list[Any], column: str, wanted: str, kind: str) -> dict[Any, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{column}", "{wanted}" FROM {model._meta.db_table}'
            f' WHERE "{column}" = ANY(%s::{kind}[])', [given],
        )  # fmt: skip
        return dict(cursor.fetchall())
