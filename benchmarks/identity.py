"""identity: one new record against a million, from its row to its customer, beside normal use.

The million is united first (as in resolve); then records of a thirty-first database come one by one,
each in a transaction of its own: read, found, weighed, decided, written. The peer is Splink asked for
the matches of one record among the same million (predict_between), which reads and writes nothing.
"""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from benchmarks.resolve import PEOPLE, SEED, stage_records

NEW = int(os.environ.get("IDENTITY_NEW", 1000))
PEER_TURNS = 5


def arriving() -> list[tuple[int, dict[str, str], str]]:
    """Records of a database that was not there before: (person, values, key)."""
    from dangol.demo.sources.population import population
    from dangol.demo.sources.records import COLUMNS, Database, records

    late = Database(
        "DB31", reach=min(1.0, 1.6 * NEW / PEOPLE), since=2020, email=0.5, birth="dashed"
    )
    found = []
    for person, values in records(population(PEOPLE, SEED), [late], SEED + 1):
        said = dict(zip(COLUMNS, values, strict=True))
        said["born_on"] = said.pop("birth")
        key = said.pop("key")
        del said["source"]
        found.append((person, {k: v for k, v in said.items() if v}, key))
    return found[:NEW]


def one_by_one(found: list[tuple[int, dict[str, str], str]]) -> tuple[list[float], list[Any]]:
    """Milliseconds from the row to the decision, and the customers."""
    from dangol.customers.models import SourceRecord
    from dangol.identity.recognising.new_records import match_waiting

    took, owners = [], []
    for _person, values, key in found:
        record = SourceRecord.objects.create(source="DB31", key=key, values=values)
        began = time.perf_counter()
        match_waiting(1)
        took.append((time.perf_counter() - began) * 1000)
        record.refresh_from_db()
        owners.append(record.customer_id)
    return took, owners


def peer(found: list[tuple[int, dict[str, str], str]]) -> float:
    """Splink's answer for one record among the million, the best of a few, in milliseconds."""
    import duckdb
    from splink import DuckDBAPI, Linker

    from dangol.identity.matching.full import records_table
    from dangol.identity.matching.splink_model import settings
    from dangol.identity.matching.usual import USUAL
    from dangol.identity.recognising.all_records import load_readings
    from dangol.identity.recognising.readings import read

    con = duckdb.connect(config={"threads": os.cpu_count() or 1, "memory_limit": "4GB"})
    load_readings(con)
    api = DuckDBAPI(con)
    linker = Linker(api.register("records"), settings(USUAL), log_level=None)
    linker.table_management.compute_tf_table("name")
    best = float("inf")
    for at, (_person, values, _key) in enumerate(found[:PEER_TURNS]):
        one = records_table([read(values, 2026)[0]], [10**9 + at])
        con.register(f"arrived_{at}", one)
        con.execute(f"create table new_{at} as select * from arrived_{at}")
        began = time.perf_counter()
        linker.inference.predict_between(
            api.register(f"new_{at}"), api.register("records"), threshold_match_weight=0
        )
        best = min(best, (time.perf_counter() - began) * 1000)
    return best


def run() -> dict[str, Any]:
    """Unite, then take in what comes."""
    import logging

    from django.db import connection

    from dangol.customers.models import SourceRecord
    from dangol.identity.models import Run
    from dangol.identity.recognising.all_records import match_all

    logging.getLogger("splink").setLevel(logging.ERROR)
    who, size = stage_records()
    match_all(Run(kind="full"), by=None, memory="5GB")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    owners = np.array(
        [str(c) for c in SourceRecord.objects.order_by("pk").values_list("customer", flat=True)]
    )
    of_person: dict[int, set[str]] = {}
    for person, owner in zip(who.tolist(), owners.tolist(), strict=True):
        of_person.setdefault(person, set()).add(owner)
    known = set(owners.tolist())
    found = arriving()
    one_by_one(found[:20])
    began = time.perf_counter()
    took, got = one_by_one(found[20:])
    whole = time.perf_counter() - began
    right = wrong = new = 0
    for (person, _values, _key), owner in zip(found[20:], got, strict=True):
        if str(owner) not in known:
            new += 1
        elif str(owner) in of_person.get(person, set()):
            right += 1
        else:
            wrong += 1
    theirs = peer(found)
    p50, p95 = (round(float(np.percentile(took, q)), 2) for q in (50, 95))
    return {
        "work": "one new record finds its customer",
        "data": f"{size:,} records, {len(known):,} customers; {len(took):,} new ones",
        "ours": p95, "peer": round(theirs, 1), "peer_name": "Splink, predict_between, best of 5",
        "ratio": round(theirs / p95, 1), "unit": "ms", "limit": 0.31,
        "goal": "p95 ≤ 1 s and ≥ 1,000 a minute (row 1 of the plan: ≤ 5 ms a record)",
        "held": p95 <= 1000 and len(took) / whole * 60 >= 1000,
        "details": {
            "median (ms)": p50, "p95 (ms)": p95, "a minute": round(len(took) / whole * 60),
            "joined the right customer": right, "joined a wrong one": wrong,
            "became a customer of their own": new,
            "people among them who were known": sum(p in of_person for p, _v, _k in found[20:]),
        },
    }  # fmt: skip
