"""rfm: three exact quintiles of every customer, against DuckDB's own ntile over the same files."""

from __future__ import annotations

import os
import time
from typing import Any

import duckdb
import numpy as np

TRANSACTIONS = int(os.environ.get("RFM_TRANSACTIONS", 100_000_000))
CUSTOMERS = TRANSACTIONS // 20

MAKE = """CREATE TABLE t AS SELECT (hash(i) % {customers})::bigint AS customer,
    DATE '2023-01-01' + (hash(i * 7 + 1) % 1000)::int AS day,
    ((hash(i * 13 + 5) % 90000) / 100.0)::double AS amount FROM range({rows}) r(i)"""
GROUP = """SELECT customer, count(*) AS often, sum(money) AS money, max(day) AS last FROM (
    SELECT customer, day, sum(amount) AS money FROM t GROUP BY customer, day) GROUP BY customer
    ORDER BY customer"""
PEER = f"""SELECT customer, ntile(5) OVER (ORDER BY last, customer) AS r,
    ntile(5) OVER (ORDER BY often, customer) AS f,
    ntile(5) OVER (ORDER BY round(money, 2), customer) AS m FROM ({GROUP}) ORDER BY customer"""


def run() -> dict[str, Any]:
    """In turns, three times; the quintiles are compared to the last customer."""
    from dangol.scores.rfm.cells import cell_numbers, ntile

    base = duckdb.connect(config={"threads": os.cpu_count() or 1, "memory_limit": "4GB"})
    base.execute(MAKE.format(customers=CUSTOMERS, rows=TRANSACTIONS))
    ours, peer, cpu = [], [], []
    for _turn in range(3):
        began, used = time.perf_counter(), time.process_time()
        rows = base.sql(GROUP).to_arrow_table()
        last = rows["last"].to_numpy().astype("datetime64[D]").astype(np.int64)
        money = np.round(rows["money"].to_numpy(), 2)
        mine = ntile(last), ntile(rows["often"].to_numpy()), ntile(money)
        cell_numbers(*mine)
        ours.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
        began = time.perf_counter()
        theirs = base.sql(PEER).to_arrow_table()
        peer.append(time.perf_counter() - began)
    same = all((theirs[n].to_numpy() == q).all() for n, q in zip("rfm", mine, strict=True))
    return {
        "work": "RFM cells of all customers, exact quintiles",
        "data": f"{TRANSACTIONS:,} transactions, {len(rows):,} customers",
        "ours": round(min(ours), 2), "peer": round(min(peer), 2), "peer_name": "DuckDB, ntile ×3",
        "ratio": round(min(peer) / min(ours), 2), "unit": "s", "limit": None,
        "goal": "equal to ntile for every customer, and not slower", "held": same and min(ours) <= min(peer),
        "details": {"equal": same, "cpu_seconds": round(min(cpu), 2), "all_turns": [round(o, 2) for o in ours]},
    }  # fmt: skip
