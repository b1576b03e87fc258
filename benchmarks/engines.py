"""engines: the same questions on DuckDB inside the process and on Spark with as many cores, by size.

ENGINES_ROWS names the sizes. Spark's session is begun and warmed before its clock starts; what a
cluster of more machines would add, one machine cannot show.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIZES = [int(n) for n in os.environ.get("ENGINES_ROWS", "1000000,5000000,20000000").split(",")]
TURNS = 2


def questions(seen: Any) -> dict[str, Any]:
    """A small answer from all rows, one row for each customer, and what cannot be added up."""
    t = seen.table("transactions")
    each = t.group_by("customer").agg(n=t.count(), last=t.day.max(), spent=t.amount.sum())
    return {
        "sums by month and kind": t.group_by(month=t.day.truncate("M"), kind=t.kind).agg(
            n=t.count(), spent=t.amount.sum()
        ),
        "state of every customer": each.agg(
            customers=each.count(), n=each.n.sum(), last=each["last"].max()
        ),
        "different customers by quarter": t.group_by(quarter=t.day.truncate("Q")).agg(
            n=t.customer.nunique()
        ),
    }


def seconds(ask: Callable[[], Any]) -> tuple[float, Any]:
    """The faster of some turns, and the answer."""
    spent, said = [], None
    for _turn in range(TURNS):
        began = time.perf_counter()
        said = ask()
        spent.append(time.perf_counter() - began)
    return min(spent), said


def rows_of(table: Any) -> list[tuple[str, ...]]:
    """Rows in one order, as texts."""
    return sorted(tuple(str(v) for v in row.values()) for row in table.to_pylist())


def at_size(rows: int, master: str) -> dict[str, Any]:
    """A lake of so many transactions, asked by both."""
    from django.conf import settings

    from benchmarks import segment_lake
    from dangol.warehouse.engine import lake

    settings.LAKE = folder = Path(settings.LAKE).with_name(f"lake-{rows}")
    segment_lake.CUSTOMERS, segment_lake.TRANSACTIONS = rows // 20, rows
    segment_lake.A_DAY = max(rows * 91 // 100_000, 1)
    segment_lake.make_lake()
    here, there = lake(), lake(engine=master)
    there.run(there.table("customers").count().as_table())
    found: dict[str, Any] = {}
    asked = questions(here)
    for name, question in asked.items():
        ours, mine = seconds(lambda q=question: here.run(q))
        theirs, other = seconds(lambda q=questions(there)[name]: there.run(q))
        found[name] = {
            "duckdb_s": round(ours, 3), "spark_s": round(theirs, 3),
            "spark_over_duckdb": round(theirs / ours, 1), "equal": rows_of(mine) == rows_of(other),
        }  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    return found


def run() -> dict[str, Any]:
    """Each size in turn; the row is the geometric mean at the largest."""
    master = f"local[{os.cpu_count() or 1}]"
    by_size = {f"{rows:,} rows": at_size(rows, master) for rows in SIZES}
    largest = list(by_size.values())[-1].values()
    ours = statistics.geometric_mean(q["duckdb_s"] for q in largest)
    peer = statistics.geometric_mean(q["spark_s"] for q in largest)
    equal = all(q["equal"] for size in by_size.values() for q in size.values())
    return {
        "work": "the same three questions on both engines, geometric mean",
        "data": f"{SIZES[-1]:,} transactions of {SIZES[-1] // 20:,} customers in the lake",
        "ours": round(ours, 2), "peer": round(peer, 2), "peer_name": f"Spark, {master}",
        "ratio": round(peer / ours, 1), "unit": "s", "limit": None,
        "goal": "equal answers; where Spark begins to pay", "held": equal,
        "details": by_size,
    }  # fmt: skip
