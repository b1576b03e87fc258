"""A value that only the records who leave know leaves with them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from dangol.core.events import plain
from dangol.customers.models import Customer, SourceRecord
from dangol.identity.golden.survivorship import FIELDS, said
from dangol.identity.models import Merge

EMPTY: dict[str, Any] = {"born_on": None, "home_place_id": None}


def column_of(field: str) -> str:
    """The customer's column of a golden field."""
    return "home_place_id" if field == "home" else field


def fields_of(customer: Customer) -> dict[str, Any]:
    """The golden fields of a customer, as JSON holds them."""
    return {column_of(f): plain(getattr(customer, column_of(f))) for f in FIELDS}


def gone_with(
    values: dict[str, Any],
    leaving: Sequence[SourceRecord],
    staying: Sequence[SourceRecord],
    before: dict[str, Any],
    *,
    kept: bool = False,
) -> dict[str, Any]:
    """What becomes of fields whose value the leaving records alone know: as before, or empty.

    Of a customer who is `kept` for undoing, also what those who stay say: nobody else writes it.
    """
    changed: dict[str, Any] = {}
    for field in FIELDS:
        column = column_of(field)
        theirs = {one.value for one in said(leaving, field, {})}
        if str(plain(values.get(column)) or "") not in theirs:
            continue
        if others := said(staying, field, {}):
            if kept and field != "name" and values[column] not in {one.value for one in others}:
                changed[column] = others[0].value
            continue
        if column in before:
            changed[column] = before[column]
        elif field not in ("name", "language"):
            changed[column] = EMPTY.get(column, "")
    return changed


def forget_values(
    customer: Customer, leaving: Sequence[SourceRecord], before: dict[str, Any]
) -> None:
    """Take from a customer what only the records who left knew."""
    staying = list(SourceRecord.objects.filter(customer=customer))
    if not staying:
        return
    changed = gone_with(fields_of(customer), leaving, staying, before)
    if changed:
        Customer.objects.filter(pk=customer.pk).update(**changed)


def forget_in_later(
    merge: Merge, later: Sequence[Merge], leaving: Sequence[SourceRecord], holder: uuid.UUID
) -> None:
    """The same for customers who were merged away since, in what is kept of them."""
    for one in later:
        keys = [k for table, _c, ks in one.rows if table == "customers_sourcerecord" for k in ks]
        # Those that left by an earlier undoing are with somebody else by now.
        staying = list(SourceRecord.objects.filter(pk__in=keys, customer=holder))
        first = one.merged_key == merge.survivor_key
        for row in one.kept:
            if row["model"] != "customers.customer" or not staying:
                continue
            values = row["fields"] | {"home_place_id": row["fields"].get("home_place")}
            before = merge.before if first else {}
            for column, value in gone_with(values, leaving, staying, before, kept=True).items():
                row["fields"]["home_place" if column == "home_place_id" else column] = value
        one.save(update_fields=["kept"])
    holders = {merge.survivor_key, holder, *(m.survivor_key for m in later)}
    since = Merge.objects.filter(
        survivor_key__in=holders, undone_at=None, created_at__gt=merge.created_at
    )
    for one in since:
        one.before |= {
            column: merge.before[column]
            for field in FIELDS
            if (column := column_of(field)) in merge.before
            and str(one.before.get(column) or "") in {s.value for s in said(leaving, field, {})}
        }
        one.save(update_fields=["before"])
