"""Whom an uploaded list names, by number: as the lake says, and from PostgreSQL until it has the list.

A list never changes after it was uploaded, so that what the lake has of it is all of it.
"""

from __future__ import annotations

import datetime as dt
import uuid

import ibis
import numpy as np
import pyarrow as pa
from django.db import connection
from django.utils import timezone

from dangol.segments import rules as r
from dangol.segments.deciding import below
from dangol.segments.models import CustomerList
from dangol.warehouse.engine import Lake
from dangol.warehouse.sources import NUMBER

Numbers = np.ndarray
YOUNG = dt.timedelta(hours=6)
"""A list that is older has long been copied."""


def listed(key: str, seen: Lake) -> Numbers:
    """The customers of a list."""
    found = in_lake(key, seen)
    return found if len(found) else in_postgres(key)


def in_lake(key: str, seen: Lake) -> Numbers:
    """As a version of the lake has them; none where the list was uploaded after it."""
    numbers = below(r.Below((key,)), "listed", "list")
    if "listed" not in seen.manifest.tables or not numbers:
        return np.zeros(0, np.int64)
    rows = seen.table("listed")
    chosen = rows.filter(rows.list.isin(sorted(numbers)) & rows.customer.notnull())
    found: Numbers = seen.run(chosen.select("customer"))["customer"].to_numpy()
    return found


def in_postgres(key: str) -> Numbers:
    """As they stand now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(array_agg(c.{NUMBER}), '{{}}')"
            " FROM segments_listed l JOIN customers_customer c ON c.id = l.customer_id"
            " WHERE l.list_id = %s", [uuid.UUID(key)],
        )  # fmt: skip
        return np.array(cursor.fetchone()[0], dtype=np.int64)


def awaited(rule: r.Rule, seen: Lake) -> list[str]:
    """The lists that a rule asks for and that the lake does not have yet."""
    keys = {leaf.key for leaf in r.leaves(rule) if isinstance(leaf, r.Listed)}
    if not keys:
        return []
    young = CustomerList.objects.filter(
        pk__in=keys, created_at__gt=timezone.now() - YOUNG, ended_at=None, taken__gt=0
    )
    return [str(key) for key in young.values_list("pk", flat=True) if not len(in_lake(str(key), seen))]  # fmt: skip


def with_awaited(rule: r.Rule, seen: Lake) -> Lake | Completed:
    """The lake, its lists completed by those that the rule awaits."""
    keys = awaited(rule, seen)
    return Completed(seen, keys) if keys else seen


class Completed:
    """A version of the lake with lists that it does not have yet."""

    def __init__(self, seen: Lake, keys: list[str]) -> None:
        self.seen, self.keys = seen, keys

    def table(self, name: str) -> ibis.expr.types.Table:
        """A table; of the lists' customers, those of PostgreSQL too."""
        rows = self.seen.table(name)
        if name != "listed":
            return rows
        some = {key: in_postgres(key) for key in self.keys}
        lists = [below(r.Below((key,)), "listed", "list").pop() for key in some]
        added = pa.table({
            "list": np.repeat(np.array(lists, np.int64), [len(one) for one in some.values()]),
            "customer": np.concatenate(list(some.values())),
        })  # fmt: skip
        whole = rows.select(list=rows.list.cast("int64"), customer=rows.customer.cast("int64"))
        return whole.union(ibis.memtable(added))
