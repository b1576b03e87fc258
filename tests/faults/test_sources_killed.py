"""kill -9 of the worker and the database while thirty databases are read and matched."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("product")]
CUSTOMERS, PEOPLE = 1000, 700
VICTIMS = ["work", "postgres"]
PATIENCE = 300
UNREAD = "SELECT count(*) FROM customers_sourcerecord WHERE unread"
UNDER_WAY = "SELECT count(*) FROM sources_run WHERE ended_at IS NULL"
AGAIN = """
from dangol.customers.models import Customer
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.audits.truth import known_truth, score_against
found = score_against(known_truth())
keys = list(Customer.objects.values_list("pk", flat=True))
print("figures", refresh_golden(keys, by=None, trust=trust_of_sources()), found.records, found.precision, found.recall)
"""


@pytest.fixture
def stack() -> Iterator[Stack]:
    """The product with a small company that was cut into thirty databases; nothing is read yet."""
    made = Stack(customers=CUSTOMERS)
    try:
        made.start()
        made.command("demo", "sources", "--people", str(PEOPLE))
        yield made
    finally:
        made.remove()


def strike(stack: Stack, victim: str, work: str) -> bool:
    """kill -9 a moment after this work was seen; whether it was under way, and it serves again."""
    end = time.monotonic() + 30
    while not stack.value(work):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    time.sleep(1)
    hit = bool(stack.value(work))
    assert stack.kill(victim, family=victim == "postgres")
    stack.wait(60)
    return hit


def test_sources_read_and_matched_through_kills_end_as_if_nothing_had_been(stack):
    with psycopg.connect(stack.database) as line:
        sources = line.execute(
            "UPDATE sources_source SET next_at = now() RETURNING code"
        ).fetchall()
    for work in (UNDER_WAY, UNREAD):
        hits = [strike(stack, victim, work) for victim in VICTIMS]
        assert any(hits), f"{work}: over before anything was killed"
    stack.until(
        "SELECT count(*) FROM sources_run WHERE ended_at IS NOT NULL AND failed_at IS NULL",
        len(sources),
        PATIENCE,
    )
    stack.until(UNDER_WAY, 0, PATIENCE)
    stack.until(UNREAD, 0, PATIENCE)
    with psycopg.connect(stack.database) as line:
        held_once(stack, line)
    stack.stop()
    changed, records, precision, recall = (
        stack.command("manage", "shell", "-c", AGAIN).split("figures ")[1].split()
    )
    assert int(changed) == 0, "a golden record is not what its source records say"
    assert float(precision) > 0.999 and float(recall) > 0.95, (records, precision, recall)


def held_once(stack: Stack, line: psycopg.Connection[Any]) -> None:
    """Every row of every database became one record of one customer, or was refused with a reason."""
    with (stack.folder / "demo" / "source_truth.csv").open(encoding="utf-8", newline="") as found:
        true = {(source.lower(), key) for source, key, _customer in csv.reader(found)}
    rows = line.execute(
        "SELECT lower(source), key, customer_id IS NOT NULL, revision FROM customers_sourcerecord"
    ).fetchall()
    kept = [(source, key) for source, key, _owned, _revision in rows if (source, key) in true]
    assert len(kept) == len(set(kept)) and len(kept) > 0.9 * len(true)
    assert all(owned for _source, _key, owned, _revision in rows), "a record belongs to nobody"
    told = line.execute(
        "SELECT sum(new + changed + same + refused), sum(rows) FROM sources_run"
    ).fetchone()
    assert told is not None and told[0] == told[1], "a row was counted twice or not at all"
