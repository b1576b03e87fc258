"""Customers made for many groups of waiting records at once: their rows are copied, not saved."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from dangol.core.ids import uuid7
from dangol.customers.contact_values import contact_value, phone_tail
from dangol.customers.hangul import initials, letters, tidy
from dangol.customers.records.models import SourceRecord
from dangol.identity.golden.survivorship import REACH, Trust, golden, reached
from dangol.imports.staging import copy_text

CUSTOMER = (
    "id", "created_at", "updated_at", "revision", "kind", "name", "given_name", "family_name",
    "born_on", "gender", "language", "home_place_id", "tier", "note", "source", "source_key",
    "name_jamo", "name_initials",
)  # fmt: skip
POINT = (
    "id", "created_at", "customer_id", "kind", "value", "parts", "label", "preferred", "state",
    "source", "tail",
)  # fmt: skip


@transaction.atomic
def assign(owners: list[tuple[int, uuid.UUID]]) -> None:
    """Give records their customers (who need not be there yet): (record, customer) pairs."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("CREATE TEMP TABLE owner (record bigint, customer uuid) ON COMMIT DROP")
        with cursor.copy("COPY owner (record, customer) FROM STDIN") as copy:
            copy.write("".join(f"{record}\t{customer}\n" for record, customer in owners))
        cursor.execute("ANALYZE owner")
        cursor.execute(
            "UPDATE customers_sourcerecord r SET customer_id = o.customer FROM owner o"
            " WHERE r.id = o.record AND r.customer_id IS NULL"
        )
        cursor.execute("DROP TABLE owner")


@transaction.atomic
def found_customers(groups: list[list[int]], trust: Trust) -> int:
    """Make one customer for each group of waiting records; how many."""
    owners = [(record, key) for group in groups for key in [uuid7()] for record in group]
    whose = dict(owners)
    records = SourceRecord.objects.select_for_update().filter(pk__in=list(whose), customer=None)
    rows = sorted(records, key=lambda r: (whose[r.pk], r.pk))
    customers, points = [], []
    for key, mine in groupby(rows, key=lambda r: whose[r.pk]):
        together = list(mine)
        customers.append(_customer(key, together, trust))
        points += list(_points(key, together, trust))
    _copy("customers_customer", CUSTOMER, customers)
    _copy("customers_contactpoint", POINT, points)
    assign(owners)
    return len(customers)


def _customer(key: uuid.UUID, records: list[SourceRecord], trust: Trust) -> list[Any]:
    kept = golden(records, trust)
    name = tidy(kept.get("name", records[0].key))[:120]
    now = timezone.now()
    return [
        key, now, now, 1, records[0].kind, name, kept.get("given_name", "")[:60],
        kept.get("family_name", "")[:60], kept.get("born_on"), kept.get("gender", ""),
        kept.get("language", "ko"), kept.get("home"), kept.get("tier", "")[:20],
        kept.get("note", ""), records[0].source, records[0].key, letters(name)[:400],
        initials(name)[:120],
    ]  # fmt: skip


def _points(key: uuid.UUID, records: list[SourceRecord], trust: Trust) -> Iterator[list[Any]]:
    now = timezone.now()
    for way in REACH:
        seen: set[str] = set()
        for one in reached(records, way, trust):
            try:
                value = contact_value(way, one.value)
            except ValidationError:
                continue
            if value not in seen:
                tail = phone_tail(value) if way == "phone" else ""
                first = way == "phone" and not seen
                yield [uuid7(), now, key, way, value, {}, "", "t" if first else "f", "unverified",
                       one.source, tail]  # fmt: skip
            seen.add(value)


def _copy(table: str, columns: tuple[str, ...], rows: list[list[Any]]) -> None:
    if not rows:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        copy.write(copy_text([list(column) for column in zip(*rows, strict=True)]))
