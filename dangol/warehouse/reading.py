"""Reading the source: one snapshot for all tables, rows as Arrow through COPY."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from django.db import connection
from pyarrow import csv

from dangol.warehouse.facts import FactTable

ROWS_AT_ONCE = 1 << 22


@contextmanager
def snapshot() -> Iterator[Any]:
    """A cursor that sees one state of the database, however long the reading takes.

    A connection of its own, so that progress can be written meanwhile; inside a transaction of the
    caller (a test) the caller's, which alone sees its rows.
    """
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL work_mem = '128MB'")
            yield cursor
    finally:
        own.close()


class Stream(io.RawIOBase):
    """What COPY sends, as a file."""

    def __init__(self, copy: Any) -> None:
        self.rows = iter(copy)
        self.left = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """About so many bytes, whole rows of COPY joined."""
        wanted = ROWS_AT_ONCE if size < 0 else size
        parts, length = [self.left], len(self.left)
        while length < wanted:
            row = next(self.rows, None)
            if row is None:
                break
            parts.append(row)
            length += len(row)
        found = b"".join(parts)
        self.left = found[wanted:]
        return found[:wanted]


def rows_of(cursor: Any, table: FactTable, select: str) -> Iterator[pa.Table]:
    """The rows of a SELECT, in portions."""
    schema = pa.schema([table.schema.field(c.name) for c in table.read])
    with cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)") as copy:
        stream = Stream(copy)
        first = stream.read(1)
        if not first:
            return
        stream.left = first + stream.left
        reader = csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            csv.ReadOptions(column_names=schema.names, block_size=ROWS_AT_ONCE),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(
                column_types=schema, null_values=[""], true_values=["t"], false_values=["f"],
                strings_can_be_null=True, quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
        for batch in reader:
            yield pa.Table.from_batches([batch])


def read_rows(cursor: Any, table: FactTable, select: str) -> pa.Table:
    """All rows of a SELECT, sorted by number."""
    found = list(rows_of(cursor, table, select))
    if not found:
        return table.schema.empty_table()
    # only now: working out may ask the same connection, which COPY held
    rows = table.completed(pa.concat_tables(found))
    numbers = rows["id"].to_numpy()
    return rows if (numbers[1:] >= numbers[:-1]).all() else rows.sort_by("id")
