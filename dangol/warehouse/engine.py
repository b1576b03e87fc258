"""The lake as Ibis tables: one version, asked on DuckDB in this process or on Spark.

    seen = lake()                        # the newest version; lake(12) for an older one
    sales = seen.table("transactions")   # an Ibis table, bound to no engine
    seen.run(sales.amount.sum())         # an Arrow table: one row, one column

An expression is compiled for the engine that runs it, so the same one gives the same rows on both.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings

from dangol.warehouse import manifest
from dangol.warehouse.checking import suspect
from dangol.warehouse.facts import ARROW, Type
from dangol.warehouse.files import checked
from dangol.warehouse.manifest import Damaged, File, Manifest, TableVersion


class Backend(Protocol):
    """What an engine must be able to do."""

    def run(self, expression: ir.Table, parquet: dict[str, list[str]]) -> pa.Table:
        """The rows of an expression over tables that lie in these files."""

    def batches(
        self, expression: ir.Table, parquet: dict[str, list[str]], rows: int
    ) -> Iterator[pa.RecordBatch]:
        """The same bit by bit, for what may be larger than memory."""


def tables_in(expression: ir.Expr) -> list[str]:
    """The tables of the lake that an expression reads."""
    return sorted({node.name for node in expression.op().find(ops.UnboundTable)})


def small_tables_in(expression: ir.Expr) -> dict[str, pa.Table]:
    """Tables that were given from memory (`ibis.memtable`): lists, chosen numbers."""
    found = expression.op().find(ops.InMemoryTable)
    return {node.name: node.data.to_pyarrow(node.schema) for node in found}


class DuckDB:
    """Inside this process: one database for all threads, so that its memory limit holds."""

    def __init__(self) -> None:
        import duckdb

        spill = settings.VAR / "tmp"
        spill.mkdir(parents=True, exist_ok=True)
        self.database = duckdb.connect(
            config={
                "threads": settings.LAKE_THREADS, "memory_limit": settings.LAKE_MEMORY,
                "temp_directory": str(spill), "preserve_insertion_order": False,
                "autoinstall_known_extensions": False, "python_enable_replacements": False,
            }
        )  # fmt: skip

    def run(self, expression: ir.Table, parquet: dict[str, list[str]]) -> pa.Table:
        """Run it on a cursor of its own, whose views end with it."""
        with self.asked(expression, parquet) as found:
            return found.to_arrow_table()

    def batches(
        self, expression: ir.Table, parquet: dict[str, list[str]], rows: int
    ) -> Iterator[pa.RecordBatch]:
        """So many rows at a time, while the engine goes on."""
        with self.asked(expression, parquet) as found:
            yield from found.to_arrow_reader(rows)

    @contextmanager
    def asked(self, expression: ir.Table, parquet: dict[str, list[str]]) -> Iterator[Any]:
        """The question on a cursor of its own, not yet run."""
        with self.database.cursor() as cursor:
            for name, paths in parquet.items():
                listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
                cursor.execute(
                    f'CREATE TEMP VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])'
                )
            for name, rows in small_tables_in(expression).items():
                cursor.register(name, rows)
            yield cursor.sql(ibis.to_sql(expression, dialect="duckdb"))


class Spark:
    """A session on a Spark cluster (spark://host:7077) or in processes here (local[2])."""

    def __init__(self, master: str) -> None:
        from dangol.warehouse.spark import session

        self.session = session(master)
        # looking at it makes Ibis's options for Spark: without them no real number is compiled
        self.dialect = ibis.pyspark.name

    def run(self, expression: ir.Table, parquet: dict[str, list[str]]) -> pa.Table:
        """Run it; a view's name says what is in it, so views are shared and replaced by equals."""
        for name, paths in parquet.items():
            self.session.read.parquet(*paths).createOrReplaceTempView(name)
        for name, rows in small_tables_in(expression).items():
            self.session.createDataFrame(rows).createOrReplaceTempView(name)
        return self.session.sql(ibis.to_sql(expression, dialect=self.dialect)).toArrow()

    def batches(
        self, expression: ir.Table, parquet: dict[str, list[str]], rows: int
    ) -> Iterator[pa.RecordBatch]:
        """Spark hands over all rows at once."""
        yield from self.run(expression, parquet).to_batches(rows)


BACKENDS: dict[str, Backend] = {}
GUARD = threading.Lock()


def backend(name: str = "") -> Backend:
    """The engine that the settings name, or another one for a comparison."""
    wanted = name or settings.ENGINE
    with GUARD:
        if wanted not in BACKENDS:
            BACKENDS[wanted] = DuckDB() if wanted == "duckdb" else Spark(wanted)
        return BACKENDS[wanted]


def whole(file: File) -> Path:
    """Where a file is, if it is as it was written; a damaged one is marked and never read."""
    try:
        return checked(file)
    except Damaged:
        suspect(file)
        raise


class TableChanges:
    """Rows that came into and rows that went out of a table; a correction is one of each."""

    def __init__(self, added: ir.Table, removed: ir.Table) -> None:
        self.added, self.removed = added, removed


class Lake:
    """One version of the lake on one engine; its files stay as they are while it is kept."""

    def __init__(self, made: Manifest, engine: Backend) -> None:
        self.manifest, self.engine = made, engine
        self.parquet: dict[str, list[str]] = {}

    @property
    def version(self) -> int:
        """The version's number."""
        return self.manifest.version

    def table(self, name: str) -> ir.Table:
        """A table of this version."""
        table = self.manifest.tables[name]
        return self.over(name, table, table.files)

    def over(self, name: str, table: TableVersion, parts: tuple[File, ...]) -> ir.Table:
        """Files as a table, each known to be whole; its name says what is in it."""
        full = [f for f in parts if f.rows] or list(table.files[:1])
        paths = [str(whole(f)) for f in full]
        mark = hashlib.sha256("|".join(paths).encode()).hexdigest()[:12]
        schema = ibis.Schema.from_pyarrow(
            pa.schema([pa.field(n, ARROW[Type(t)]) for n, t in table.schema])
        )
        self.parquet[f"{name}_{mark}"] = paths
        made = ibis.table(schema, name=f"{name}_{mark}")
        return made if any(f.rows for f in parts) else made.limit(0)

    def changed_files(self, name: str, since: int) -> tuple[list[File], list[File]] | None:
        """The files of what came and of what went after a version; None as in `changes`."""
        added: list[File] = []
        removed: list[File] = []
        for version in range(since + 1, self.version + 1):
            try:
                table = manifest.load(version).tables.get(name)
            except manifest.NoLake:
                return None
            if table is None or table.changes is None:
                return None
            added += table.changes.added
            removed += table.changes.removed
        return added, removed

    def changes(self, name: str, since: int) -> TableChanges | None:
        """What came and went after a version; None where everything has to be read again."""
        files = self.changed_files(name, since)
        if files is None:
            return None
        added, removed = files
        table = self.manifest.tables[name]
        return TableChanges(
            self.over(f"{name}_in", table, tuple(added)),
            self.over(f"{name}_out", table, tuple(removed)),
        )

    def run(self, expression: ir.Expr) -> pa.Table:
        """The rows of an expression over this version's tables, in the types that Ibis says."""
        asked = expression.as_table()
        rows = self.engine.run(asked, {name: self.parquet[name] for name in tables_in(asked)})
        # engines have opinions: Spark makes a truncated day an instant with a zone
        return rows.cast(asked.schema().to_pyarrow())

    def batches(self, expression: ir.Expr, rows: int = 1 << 18) -> Iterator[pa.Table]:
        """The same bit by bit, each as a table of so many rows."""
        asked, schema = expression.as_table(), expression.as_table().schema().to_pyarrow()
        files = {name: self.parquet[name] for name in tables_in(asked)}
        for batch in self.engine.batches(asked, files, rows):
            yield pa.Table.from_batches([batch]).cast(schema)


def lake(version: int | None = None, *, engine: str = "") -> Lake:
    """The newest version, or a kept older one; NoLake where there is none."""
    made = manifest.newest() if version is None else manifest.load(version)
    return Lake(made, backend(engine))
