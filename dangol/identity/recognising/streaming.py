"""Rows of PostgreSQL on their way into the engine: over a file, so that no table fills the memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa
from django.db import connection
from pyarrow import csv


@contextmanager
def streamed(query: str, types: Mapping[str, pa.DataType]) -> Iterator[pa.RecordBatchReader | None]:
    """The rows of a query, portion by portion, with these columns; None when there are none."""
    with tempfile.TemporaryFile(prefix="dangol-rows-") as file:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)") as copy,
        ):
            for part in copy:
                file.write(part)
        if not file.tell():
            yield None
            return
        file.seek(0)
        reader = csv.open_csv(
            file,
            read_options=csv.ReadOptions(column_names=list(types), use_threads=False),
            convert_options=csv.ConvertOptions(
                column_types=dict(types), strings_can_be_null=False, true_values=["t"],
                false_values=["f"],
            ),
        )  # fmt: skip
        yield pa.RecordBatchReader.from_batches(reader.schema, reader)
