"""A value that only the records who leave know leaves with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dangol.core.events import plain
from dangol.customers.models import Customer, SourceRecord
from dangol.identity.golden.survivorship import EMPTY, FIELDS, KEPT, said


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
) -> dict[str, Any]:
    """What becomes of fields whose value the leaving records alone know: as before, or empty."""
    changed: dict[str, Any] = {}
    for field in FIELDS:
        column = column_of(field)
        theirs = {one.value for one in said(leaving, field, {})}
        if str(plain(values.get(column)) or "") not in theirs:
            continue
        if said(staying, field, {}):
            continue
        if column in before:
            changed[column] = before[column]
        elif field not in KEPT:
            changed[column] = EMPTY.get(field, "")
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
