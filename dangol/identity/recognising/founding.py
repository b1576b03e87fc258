"""Customers made for many groups of waiting records at once: their rows are copied, not saved."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from dangol.core.ids import uuid7
from dangol.customers.addresses import parts_of
from dangol.customers.contact_values import phone_tail
from dangol.customers.hangul import initials, letters, tidy
from dangol.customers.records.models import told_since
from dangol.identity.golden.reaching import wanted_values
from dangol.identity.golden.survivorship import REACH, Trust, golden
from dangol.imports.staging import copy_text

CUSTOMER = (
    "id", "created_at", "updated_at", "revision", "kind", "name", "given_name", "family_name",
    "born_on", "gender", "language", "home_place_id", "tier", "note", "source", "source_key",
    "name_jamo", "name_initials",
)  # fmt: skip
POINT = (
    "id", "created_at", "customer_id", "kind", "value", "parts", "label", "preferred", "state",
    "source", "tail", "said_since", "undated",
)  # fmt: skip


@dataclass(slots=True)
class Waiting:
    """A record that gets its customer, as far as survivorship looks at it."""

    customer: uuid.UUID
    pk: int
    source: str
    key: str
    kind: str
    values: dict[str, Any]
    times: dict[str, str]
    as_of: dt.datetime | None
    gone_at: dt.datetime | None
    direct: bool

    def since(self, field: str) -> dt.datetime | None:
        """As SourceRecord.since."""
        return told_since(self.times, self.as_of, field)


OWNERS = "CREATE TEMP TABLE owner (record bigint PRIMARY KEY, customer uuid) ON COMMIT DROP"
THEIRS = """
SELECT o.customer, r.id, r.source, r.key, r.kind, r.values, r.times, r.as_of, r.gone_at, r.raw IS NOT NULL
FROM owner o JOIN customers_sourcerecord r ON r.id = o.record AND r.customer_id IS NULL
ORDER BY o.customer, r.id FOR UPDATE OF r
"""
ASSIGNED = """
UPDATE customers_sourcerecord r SET customer_id = o.customer, unread = r.changed_at > %s, failed_at = NULL
FROM owner o WHERE r.id = o.record AND r.customer_id IS NULL
"""


@contextmanager
def owners(pairs: list[tuple[int, uuid.UUID]]) -> Iterator[Any]:
    """A cursor of one transaction that sees the pairs (record, customer) as a table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(OWNERS)
        with cursor.copy("COPY owner (record, customer) FROM STDIN") as copy:
            copy.write("".join(f"{record}\t{customer}\n" for record, customer in pairs))
        cursor.execute("ANALYZE owner")
        yield cursor
        cursor.execute("DROP TABLE owner")


def found_customers(groups: list[list[int]], trust: Trust, as_of: dt.datetime) -> int:
    """Make one customer for each group of waiting records; how many.

    It waits for no turn of who is who: nobody can merge a customer who is not there yet, and a
    record that somebody gave a customer meanwhile is left out.
    """
    with owners([(r, key) for group in groups for key in [uuid7()] for r in group]) as cursor:
        cursor.execute(THEIRS)
        rows = [waiting(row) for row in cursor.fetchall()]
        customers, points = [], []
        for key, mine in groupby(rows, key=lambda r: r.customer):
            together = list(mine)
            customers.append(_customer(key, together, trust))
            points += list(_points(key, together, trust))
        _copy("customers_customer", CUSTOMER, customers)
        _copy("customers_contactpoint", POINT, points)
        cursor.execute(ASSIGNED, [as_of])
    return len(customers)


def waiting(row: Sequence[Any]) -> Waiting:
    """A row of THEIRS."""
    customer, number, source, key, kind, values, times, *rest = row
    return Waiting(customer, number, source, key, kind, loaded(values), loaded(times), *rest)


def loaded(value: Any) -> dict[str, Any]:
    """A document that the driver may have left as text."""
    return value if isinstance(value, dict) else json.loads(value)


def _customer(key: uuid.UUID, records: list[Waiting], trust: Trust) -> list[Any]:
    kept = golden(records, trust)
    last = next((n for r in records if (n := str(r.values.get("name") or ""))), records[0].key)
    name = tidy(kept.get("name", last))[:120]
    now = timezone.now()
    return [
        key, now, now, 1, records[0].kind, name, kept.get("given_name", "")[:60],
        kept.get("family_name", "")[:60], kept.get("born_on"), kept.get("gender", ""),
        kept.get("language", "ko"), kept.get("home"), kept.get("tier", "")[:20],
        kept.get("note", ""), records[0].source, records[0].key, letters(name)[:400],
        initials(name)[:120],
    ]  # fmt: skip


def _points(key: uuid.UUID, records: list[Waiting], trust: Trust) -> Iterator[list[Any]]:
    now = timezone.now()
    for way in REACH:
        for turn, (value, one) in enumerate(wanted_values(records, way, trust).items()):
            tail = phone_tail(value) if way == "phone" else ""
            parts = parts_of(value) if way == "address" else {}
            yield [uuid7(), now, key, way, value, parts, "", "f" if turn else "t", "unverified",
                   one.source, tail, one.since, "t" if one.undated else "f"]  # fmt: skip


def _copy(table: str, columns: tuple[str, ...], rows: list[list[Any]]) -> None:
    if not rows:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        copy.write(copy_text([list(column) for column in zip(*rows, strict=True)]))
