"""What changes do to an aggregate: compiled once for each definition, run in this process.

A change is small, whatever engine asks the lake; DuckDB inside the process answers in milliseconds.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.common.exceptions import IbisError

from dangol.cubes.catalogue import Aggregate, Source
from dangol.cubes.shaping import difference, signed
from dangol.warehouse.engine import whole
from dangol.warehouse.facts import ARROW, FACTS, Type
from dangol.warehouse.manifest import File


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
def compiled(source: Source, aggregate: Aggregate, corrected: bool) -> tuple[str, pa.Schema]:
    """The changed cells of an aggregate as SQL over `came` and, where something went, `went`."""
    read = columns_read(source, aggregate)
    schema = ibis.Schema.from_pyarrow(pa.schema([facts_schema(source.fact).field(n) for n in read]))
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


def changed(source: Source, aggregate: Aggregate, came: pa.Table, went: pa.Table) -> pa.Table:
    """The cells that facts which came and went change, with what they change."""
    sql, schema = compiled(source, aggregate, bool(went.num_rows))
    with merger().cursor() as cursor:
        cursor.register("came", came)
        if went.num_rows:
            cursor.register("went", went)
        # DuckDB advises a way of asking that binds the query twice; here that is most of the time
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
            rows = cursor.execute(sql).to_arrow_table()
    return rows.cast(schema)


def rows_of(source: Source, aggregate: Aggregate, files: list[File]) -> pa.Table:
    """The facts of some files, each known to be whole, in the columns that matter."""
    read = list(columns_read(source, aggregate))
    wanted = pa.schema([facts_schema(source.fact).field(name) for name in read])
    found = [
        pq.ParquetFile(whole(file), memory_map=True).read(read, use_threads=False).cast(wanted)
        for file in files
        if file.rows
    ]
    return pa.concat_tables(found) if found else wanted.empty_table()
