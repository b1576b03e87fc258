"""What changes do to an aggregate: compiled once for each definition, run in this process.

A change is small, whatever engine asks the lake; DuckDB inside the process answers in milliseconds.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

import duckdb
import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.common.exceptions import IbisError

from dangol.cubes.catalogue import Aggregate, Source
from dangol.cubes.shaping import difference, signed
from dangol.warehouse.engine import Lake, TableChanges
from dangol.warehouse.facts import ARROW, FACTS, Type


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
def compiled(source: Source, aggregate: Aggregate) -> tuple[str, pa.Schema]:
    """The changed cells of an aggregate as SQL over `came` and `went`."""
    read = columns_read(source, aggregate)
    schema = ibis.Schema.from_pyarrow(pa.schema([facts_schema(source.fact).field(n) for n in read]))
    made = difference(
        source, aggregate, ibis.table(schema, name="came"), ibis.table(schema, name="went")
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
    sql, schema = compiled(source, aggregate)
    read = list(columns_read(source, aggregate))
    with merger().cursor() as cursor:
        cursor.register("came", came.select(read))
        cursor.register("went", went.select(read))
        # DuckDB advises a way of asking that binds the query twice; here that is most of the time
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
            rows = cursor.execute(sql).to_arrow_table()
    return rows.cast(schema)


def rows_of(kept: tuple[Source, Aggregate], changes: TableChanges, seen: Lake) -> tuple[pa.Table, pa.Table]:  # fmt: skip
    """The facts that came and those that went, in the columns that matter."""
    source, aggregate = kept
    read = list(columns_read(source, aggregate))
    wanted = pa.schema([facts_schema(source.fact).field(name) for name in read])
    sides = []
    for side in (changes.added, changes.removed):
        node = side.op()
        paths = seen.parquet[node.name] if isinstance(node, ops.UnboundTable) else []
        files = [pq.ParquetFile(p, memory_map=True).read(read, use_threads=False) for p in paths]
        files = [file.cast(wanted) for file in files]
        sides.append(pa.concat_tables(files) if files else wanted.empty_table())
    return sides[0], sides[1]
