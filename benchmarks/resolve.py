"""resolve: a million records of thirty Korean databases become one customer each, end to end.

The truth is generated and hidden (dangol/demo/sources): namesakes, couples and fathers and sons with
one telephone, twins, moves, new numbers, changed prefixes, romanised names, typing errors. Measured is
everything from the records in PostgreSQL to the customers in PostgreSQL: read, learn, block, score,
cluster, write. The peer is the time that Splink's own scoring of the same pairs takes inside that run.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

import numpy as np

from benchmarks.memory import watched

PEOPLE = int(os.environ.get("RESOLVE_PEOPLE", 250_000))
SEED = 11


def stage_records(people: int = PEOPLE, databases: Any = None) -> tuple[Any, int]:
    """Put the records into PostgreSQL as a source's run leaves them; whose each is, in order."""
    import json

    from django.db import connection

    from dangol.demo.sources.population import population
    from dangol.demo.sources.records import COLUMNS, records, thirty_databases

    who: list[int] = []
    now = "2026-11-01T00:00:00+00:00"
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY customers_sourcerecord (source, key, kind, values, times, first_seen_at, seen_at,"
            " changed_at, revision, unread) FROM STDIN"
        ) as copy,
    ):
        for person, values in records(
            population(people, SEED), databases or thirty_databases(), SEED
        ):
            said = dict(zip(COLUMNS, values, strict=True))
            source, key, said["born_on"] = said.pop("source"), said.pop("key"), said.pop("birth")
            told = json.dumps({k: v for k, v in said.items() if v}, ensure_ascii=False)
            told = told.replace("\\", "\\\\")
            copy.write(f"{source}\t{key}\tperson\t{told}\t{{}}\t{now}\t{now}\t{now}\t1\tt\n")
            who.append(person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_sourcerecord")
    return np.array(who), len(who)


def accuracy(who: Any) -> dict[str, float]:
    """Precision and recall of the pairs that are one customer now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dense_rank() OVER (ORDER BY customer_id) FROM customers_sourcerecord ORDER BY id"
        )
        labels = np.array([row[0] for row in cursor.fetchall()])

    def pairs(*columns: Any) -> int:
        _, sizes = np.unique(np.stack(columns), axis=1, return_counts=True)
        return int((sizes * (sizes - 1) // 2).sum())

    right = pairs(labels, who)
    return {"precision": right / pairs(labels), "recall": right / pairs(who)}


def run() -> dict[str, Any]:
    """One run over all, timed by step."""
    import logging

    from dangol.customers.models import Customer
    from dangol.identity.models import Question, Run
    from dangol.identity.recognising.all_records import match_all

    logging.getLogger("splink").setLevel(logging.ERROR)
    who, size = stage_records()
    marks: list[tuple[str, float]] = []

    def tell(run: Any) -> None:
        if not marks or marks[-1][0] != run.step:
            marks.append((run.step, time.perf_counter()))

    began, used = time.perf_counter(), time.process_time()
    with watched() as peak:
        done = match_all(Run(kind="full"), by=None, tell=tell)
    ended = time.perf_counter()
    spent: Counter[str] = Counter()
    for (name, at), (_next, after) in zip(marks, [*marks[1:], ("", ended)], strict=True):
        spent[name] += after - at  # people and organisations have the same steps
    steps = {f"{name} (s)": round(seconds, 1) for name, seconds in spent.items() if name}
    found = accuracy(who)
    asked = Question.objects.count()
    whole, scoring = ended - began, done.counts["scored_seconds"]
    held = (
        found["precision"] >= 0.999 and found["recall"] >= 0.97 and asked <= size * 0.01
        and whole <= 600 and peak.gib <= 8
    )  # fmt: skip
    return {
        "work": "thirty databases become one customer each",
        "data": f"{size:,} records of {len(set(who.tolist())):,} people",
        "ours": round(whole, 1), "peer": round(scoring, 1),
        "peer_name": "Splink's blocking and scoring alone, in the same run",
        "ratio": round(whole / scoring, 2), "unit": "s", "limit": None,
        "goal": "≤ 600 s, precision ≥ 0.999, recall ≥ 0.97, questions ≤ 1 % of records, ≤ 8 GiB",
        "held": held,
        "details": {
            **{k: round(v, 5) for k, v in found.items()},
            "F1": round(2 * found["precision"] * found["recall"] / sum(found.values()), 5),
            "customers": Customer.objects.count(), "questions": asked,
            "questions, share of records": round(asked / size, 4), **steps,
            "CPU-seconds of this process": round(time.process_time() - used, 1),
            "peak memory of this process and PostgreSQL (GiB)": round(peak.gib, 2),
        },
    }  # fmt: skip
