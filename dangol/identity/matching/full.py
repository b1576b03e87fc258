"""All records of a kind against all: learned, compared, joined into customers, on DuckDB."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from dangol.identity.matching.blocking import CROWD
from dangol.identity.matching.clusters import Clusters, clusters
from dangol.identity.matching.comparisons import Comparison
from dangol.identity.matching.kinds import PERSON, Form, Kind
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import Parameters
from dangol.identity.matching.splink_model import learn, settings

RECORDS = "records"
PAIRS = "pairs"


@dataclass(frozen=True, slots=True)
class Matched:
    """What a full run found; positions count the records by id."""

    parameters: Parameters
    clusters: Clusters
    pairs: int
    scored: float
    """Seconds that Splink took to find the pairs and to weigh them."""


def records_table(forms: Sequence[Form], ids: list[int], kind: Kind = PERSON) -> pa.Table:
    """The records as a table: id, then what is compared."""
    columns = {c: pa.array([getattr(one, c) for one in forms]) for c in kind.columns}
    return pa.table({"id": pa.array(ids, pa.int64()), **columns})


def load(con: duckdb.DuckDBPyConnection, table: pa.Table, kind: Kind = PERSON) -> None:
    """Put the records into the engine, without values that a crowd shares."""
    con.register("arrived", table)
    con.execute(f"create or replace table {RECORDS} as select * from arrived")
    con.unregister("arrived")
    for column in kind.shared:
        con.execute(
            f"update {RECORDS} set {column} = '' where {column} <> '' and {column} in"
            f" (select {column} from {RECORDS} where {column} <> '' group by 1"
            f" having count(distinct name) > {CROWD})"
        )
    for column in kind.crowded:
        con.execute(
            f"create or replace table {crowd_of(column)} as select {column},"
            f" count(*) / (select count(*) from {RECORDS}) as tf_{column} from {RECORDS}"
            f" where {column} <> '' group by 1 having count(distinct name) > {CROWD}"
        )


def crowd_of(column: str) -> str:
    """The table of those values of a column that a crowd of different names gave, with their shares."""
    return f"crowd_{column}"


def with_crowds(linker: Linker, api: Any, kind: Kind, tables: dict[str, Any]) -> Linker:
    """A linker that knows the shares of what crowds gave."""
    for column in kind.crowded:
        linker.table_management.register_term_frequency_lookup(api.register(tables[column]), column)
    return linker


def match(
    con: duckdb.DuckDBPyConnection,
    thresholds: Thresholds,
    parameters: Parameters | None = None,
    spark: Any = None,
    same: list[tuple[int, int]] | None = None,
    apart: list[tuple[int, int]] | None = None,
    kind: Kind = PERSON,
) -> Matched:
    """Compare all records of `load` and join them; learns a model first when none is given.

    With a session of Spark the pairs are weighed there; learning and joining stay here.
    `same` and `apart` are pairs of records by id that a person decided.

    Leaves the table `pairs` (id_l, id_r, match_weight, level of each comparison as gamma_…).
    """
    api = DuckDBAPI(con)
    frame = api.register(RECORDS)
    learned = parameters or learn(con, Linker(frame, settings(kind=kind), log_level=None), kind)
    began = time.perf_counter()
    if spark is None:
        crowds = {column: crowd_of(column) for column in kind.crowded}
        linker = Linker(frame, settings(learned, kind), log_level=None)
        with_crowds(linker, api, kind, crowds)
        weighed = linker.inference.predict(threshold_match_weight=thresholds.review).physical_name
    else:
        from dangol.identity.matching.on_spark import score

        weighed = score(con, spark, learned, thresholds.review, kind)
    scored = time.perf_counter() - began
    kept = ", ".join(f"gamma_{c.key}, {bits_of(c)} as mw_{c.key}" for c in kind.comparisons)
    con.execute(
        f"create or replace table {PAIRS} as select id_l, id_r, match_weight, {kept} from {weighed}"
    )
    con.execute(f"drop table {weighed}")
    facts = con.execute(f"select {', '.join(kind.facts)} from {RECORDS} order by id").fetchall()
    joined = clusters(
        facts, links(con, thresholds, kind), spots(con, same or []), spots(con, apart or []),
        kind.contradicts,
    )  # fmt: skip
    pairs = con.execute(f"select count(*) from {PAIRS}").fetchall()
    return Matched(learned, joined, int(pairs[0][0]), scored)


def bits_of(comparison: Comparison) -> str:
    """The whole weight of a comparison, with that of how rare the value is."""
    rare = any(level.frequency for level in comparison.levels)
    return f"mw_{comparison.key} + mw_tf_adj_{comparison.key}" if rare else f"mw_{comparison.key}"


def spots(con: duckdb.DuckDBPyConnection, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of records by id as positions by id; a record that is not there has none."""
    if not pairs:
        return []
    wanted = sorted({one for pair in pairs for one in pair})
    con.register("decided", pa.table({"id": pa.array(wanted, pa.int64())}))
    at = dict(
        con.execute(
            f"select id, p from (select id, row_number() over (order by id) - 1 as p from {RECORDS})"
            " where id in (select id from decided)"
        ).fetchall()
    )
    con.unregister("decided")
    return [(at[a], at[b]) for a, b in pairs if a in at and b in at]


def links(
    con: duckdb.DuckDBPyConnection, thresholds: Thresholds, kind: Kind
) -> list[tuple[int, int, float]]:
    """The pairs that may be joined, as positions of records by id, the heaviest first."""
    rows = con.execute(
        f"with spot as (select id, row_number() over (order by id) - 1 as p from {RECORDS})"
        f" select a.p, b.p, match_weight from {PAIRS}"
        f" join spot a on a.id = id_l join spot b on b.id = id_r"
        f" where match_weight >= ? and {kind.one_sql}"
        " order by match_weight desc, 1, 2",
        [thresholds.join],
    )
    return rows.fetchall()
