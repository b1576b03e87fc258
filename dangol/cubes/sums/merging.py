"""What changes do to an aggregate: compiled once for each definition, run in this process.

A change is small, whatever engine asks the lake; DuckDB inside the process answers in milliseconds.
"""

from __future__ import annotations

import threading
import warnings
from functools import lru_cache

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.common.exceptions import IbisError

from dangol.cubes.subjects.catalogue import Aggregate, Source
from dangol.cubes.sums.shaping import difference, signed
from dangol.warehouse.engine import whole
from dangol.warehouse.facts import ARROW, FACTS, Type
from dangol.warehouse.manifest import File


@lru_cache(64)
def facts_schema(fact: str) -> pa.Schema:
    """A fact table's columns."""
    return pa.schema([pa.field(c.name, ARROW[Type(c.type)]) for c in FACTS[fact].columns])


@lru_cache(256)
def columns_read(source: Source, aggregate: Aggregate) -> tuple[str, ...]:
    """The columns of the facts that an aggregate is made of: those without which it cannot be said."""
    whole = ibis.table(ibis.Schema.from_pyarrow(facts_schema(source.fact)), name="facts")

    def missed(name: str) -> bool:
        try:
            signed(source, whole.drop(name), aggregate, 1)
        except (AttributeError, IbisError):
            return True
        return False

    return tuple(name for name in whole.columns if missed(name))


@lru_cache(256)
def read_schema(source: Source, aggregate: Aggregate) -> pa.Schema:
    """The columns of the facts that an aggregate reads."""
    whole = facts_schema(source.fact)
    return pa.schema([whole.field(name) for name in columns_read(source, aggregate)])


@lru_cache(256)
def compiled(source: Source, aggregate: Aggregate, corrected: bool) -> tuple[str, pa.Schema]:
    """The changed cells of an aggregate as SQL over `came` and, where something went, `went`."""
    schema = ibis.Schema.from_pyarrow(read_schema(source, aggregate))
    sides = [("came", 1), ("went", -1)] if corrected else [("came", 1)]
    made = difference(
        source, aggregate, [(ibis.table(schema, name=name), sign) for name, sign in sides]
    )
    return str(ibis.to_sql(made, dialect="duckdb")), made.schema().to_pyarrow()


@lru_cache(1)
def merger() -> duckdb.DuckDBPyConnection:
    """A database of one thread: for a thousand rows, more threads only wait for each other."""
    made = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False, "python_enable_replacements": False})  # fmt: skip
    made.execute("PRAGMA disable_optimizer")  # over a thousand rows it takes longer than it saves
    return made


class Exchanged:
    """Rows that a planned question reads: they are exchanged, and the plan stays."""

    def __init__(self, schema: pa.Schema) -> None:
        self.rows = self.none = schema.empty_table()

    def __arrow_c_schema__(self) -> object:
        return self.none.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.rows.__arrow_c_stream__(requested_schema)


class Planned:
    """The changed cells of an aggregate as a prepared question: planning took most of the time."""

    def __init__(self, source: Source, aggregate: Aggregate, corrected: bool) -> None:
        sql, self.schema = compiled(source, aggregate, corrected)
        given = read_schema(source, aggregate)
        self.came, self.went = Exchanged(given), Exchanged(given)
        self.cursor = merger().cursor()
        self.cursor.register("came", self.came)
        self.cursor.register("went", self.went)
        self.cursor.execute(f"PREPARE cells AS {sql}")

    def cells(self, came: pa.Table, went: pa.Table) -> pa.Table:
        """What these rows change; they are let go again."""
        self.came.rows, self.went.rows = came, went
        try:
            # DuckDB advises a way of asking that binds the query twice
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
                return self.cursor.execute("EXECUTE cells").to_arrow_table().cast(self.schema)
        finally:
            self.came.rows, self.went.rows = self.came.none, self.went.none


class Plans(threading.local):
    """A thread's own planned questions: one is asked by one thread at a time."""

    def __init__(self) -> None:
        self.known: dict[tuple[Source, Aggregate, bool], Planned] = {}


PLANS = Plans()


def changed(source: Source, aggregate: Aggregate, came: pa.Table, went: pa.Table) -> pa.Table:
    """The cells that facts which came and went change, with what they change."""
    mark = (source, aggregate, bool(went.num_rows))
    if mark not in PLANS.known:
        PLANS.known[mark] = Planned(*mark)
    return PLANS.known[mark].cells(came, went)


def rows_of(source: Source, aggregate: Aggregate, files: list[File]) -> pa.Table:
    """The facts of some files, each known to be whole, in the columns that matter."""
    wanted = read_schema(source, aggregate)
    read = wanted.names
    found = [
        pq.ParquetFile(whole(file), memory_map=True).read(read, use_threads=False).cast(wanted)
        for file in files
        if file.rows
    ]
    return pa.concat_tables(found) if found else wanted.empty_table()
