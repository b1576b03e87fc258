"""The same rules in PostgreSQL: the tables of the lake, in memory and indexed by customer as ours are."""

from __future__ import annotations

import io
import time
from typing import Any

import ibis
from django.db import connection

from benchmarks.segment_lake import TODAY, TRANSACTIONS

MOST_ROWS = 10_000_000
"""Most rows that PostgreSQL is given; beyond, its time is multiplied."""
COLUMNS = {
    "id": "bigint", "customer": "bigint", "day": "date", "kind": "text", "currency": "text",
    "amount": "numeric(18,2)", "place": "bigint", "tier": "text", "birth_band": "bigint",
}  # fmt: skip


def load(seen: Any, name: str, most: int | None = None) -> None:
    """Copy a table of the lake, or its last rows."""
    from pyarrow import csv

    rows = seen.table(name)
    kept = [c for c in COLUMNS if c in rows.columns]
    chosen = rows if most is None else rows.filter(rows.id > TRANSACTIONS - most)
    found = seen.run(chosen.select(*kept))
    with connection.cursor() as cursor:
        told = ", ".join(f"{c} {COLUMNS[c]}" for c in kept)
        cursor.execute(f"CREATE UNLOGGED TABLE bench_{name} ({told})")
        with cursor.copy(f"COPY bench_{name} FROM STDIN (FORMAT csv)") as copy:
            for batch in found.to_batches(200_000):
                out = io.BytesIO()
                csv.write_csv(batch, out, csv.WriteOptions(include_header=False))
                copy.write(out.getvalue())


def unbound(name: str) -> Any:
    """A table under the name that it has in PostgreSQL."""
    from dangol.warehouse.facts import FACTS

    return ibis.table(ibis.Schema.from_pyarrow(FACTS[name].schema), name=f"bench_{name}")


def seconds_of(some: list[Any]) -> float:
    """Seconds of a rule, the mean of some."""
    from dangol.segments import catalogue
    from dangol.segments.deciding import below
    from dangol.segments.expression import Expression
    from dangol.warehouse.engine import lake

    most = min(TRANSACTIONS, MOST_ROWS)
    load(lake(), "customers")
    load(lake(), "transactions", most)
    expression, taken = Expression(unbound, TODAY, catalogue.day_of, below), 0.0
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON bench_transactions (customer)")
        cursor.execute("VACUUM ANALYZE bench_transactions, bench_customers")
        cursor.execute("SET work_mem = '512MB'")
        for rule in some:
            asked = expression.members(rule).aggregate(n=ibis._.count())
            began = time.perf_counter()
            cursor.execute(ibis.to_sql(asked, dialect="postgres"))
            taken += time.perf_counter() - began
    return taken / len(some) * TRANSACTIONS / most
