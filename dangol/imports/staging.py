"""The table `stage`: one batch as it came, judged and stored by statements over all of it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from dangol.imports.batches import Parsed

OWN = (
    "line int, key text, {columns}, verdict text, refused_column text DEFAULT '', reason text,"
    " facts jsonb, target uuid, seen jsonb"
)


def make_stage(columns: list[tuple[str, str]], work: Sequence[tuple[str, str]] = ()) -> None:
    """An empty stage for this transaction."""
    listed = ", ".join(f'"{name}" {sql}' for name, sql in [*columns, *work])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage")
        cursor.execute(f"CREATE TEMP TABLE stage ({OWN.format(columns=listed)}) ON COMMIT DROP")


def fill_stage(columns: list[tuple[str, str]], parsed: Parsed) -> None:
    """Copy a batch into the stage."""
    listed = ", ".join(f'"{name}"' for name, _sql in columns)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY stage (line, key, {listed}) FROM STDIN") as copy:
            copy.write(copy_text([parsed.lines, *parsed.columns]))
        cursor.execute("ANALYZE stage")


def copy_text(columns: list[list[Any]]) -> str:
    """Columns as the text that COPY reads; tidy cells hold no control characters."""
    return "".join(map("{}\n".format, map("\t".join, zip(*map(copy_column, columns), strict=True))))


def copy_column(values: list[Any]) -> list[str]:
    """One column as COPY writes it."""
    return [copy_cell(value) for value in values]


def copy_cell(value: Any) -> str:
    """One value as COPY writes it."""
    if value is None:
        return "\\N"
    if value.__class__ is str:
        return value if value.isprintable() and "\\" not in value else escaped(value)
    if value.__class__ is int or isinstance(value, Decimal | float | uuid.UUID):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return escaped(json.dumps(value, ensure_ascii=False))


def escaped(text: str) -> str:
    """Text with what COPY would take for something else."""
    return (
        text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\x00", "")
    )


def refuse_where(
    test: str, column: str, reason: str, facts: dict[str, str] | None = None, joins: str = ""
) -> None:
    """Refuse the staged rows that fit a test; facts are {name: SQL expression over s}."""
    pairs = ", ".join(f"'{name}', {sql}" for name, sql in (facts or {}).items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE stage s SET verdict = 'refused', refused_column = %s, reason = %s,"
            f" facts = jsonb_build_object({pairs}) {joins} WHERE s.verdict IS NULL AND {test}",
            [column, reason],
        )


def run(sql: str, parameters: dict[str, Any] | None = None) -> int:
    """Execute a statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def rows_of(sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """A query's rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def resolve(text_column: str, id_column: str, ids: Mapping[str, uuid.UUID | None]) -> None:
    """Write the ids that texts stand for."""
    known = {text: key for text, key in ids.items() if key is not None}
    run(
        f"UPDATE stage s SET {id_column} = v.id"
        " FROM unnest(%(texts)s::text[], %(ids)s::uuid[]) AS v(text, id)"
        f" WHERE s.{text_column} = v.text",
        {"texts": list(known), "ids": list(known.values())},
    )


def texts_in(column: str) -> list[str]:
    """Each different text of a column once."""
    return [text for (text,) in rows_of(
        f"SELECT DISTINCT {column} FROM stage WHERE {column} IS NOT NULL AND verdict IS NULL"
    )]  # fmt: skip
