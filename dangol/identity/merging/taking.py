"""Everything of one customer hung under another, and written down so that it can be undone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import connection

from dangol.core.events import plain
from dangol.customers.models import AttributeValue, ContactPoint, Customer, EndedFor, Relation
from dangol.identity.merging.belongings import (
    Belonging,
    belongings,
    between,
    doubles,
    move,
    whole,
)
from dangol.identity.merging.consents import wider_consents

Rows = list[list[Any]]
"""[table, column, [keys]] of rows that moved."""


def take(
    survivor: uuid.UUID, other: uuid.UUID, at: dt.datetime, *, back: bool = False
) -> tuple[Rows, list[Any], Rows]:
    """Move all that belongs to the other one: rows that moved, rows kept whole, rows that ended.

    `back` says that the other one was a part of the survivor before.
    """
    kept = kept_whole(Customer, [other])
    mutual = between(survivor, other)
    kept += kept_whole(Relation, mutual)
    Relation.objects.filter(pk__in=mutual).delete()
    moved: Rows = []
    ended: Rows = []
    wider = wider_consents(survivor, other, back=back)
    kept += kept_whole(AttributeValue, wider)
    AttributeValue.objects.filter(pk__in=wider).delete()
    for one in belongings():
        if keys := [mine for mine, _theirs in doubles(one, survivor, other, ending=False)]:
            kept += kept_parts(one, other, keys) if one.composite else kept_whole(one.model, keys)
            one.rows(other, keys)._raw_delete("default")  # type: ignore[attr-defined]
        if keys := end_doubles(one, survivor, other, at):
            ended.append([one.table, one.column, keys])
        if keys := move(one, other, survivor):
            moved.append([one.table, one.column, [str(k) for k in keys]])
    return moved, kept, ended


def end_doubles(
    one: Belonging, survivor: uuid.UUID, other: uuid.UUID, at: dt.datetime
) -> list[str]:
    """Of two open rows that say the same, the one that knows less ends; what was verified stays."""
    pairs = doubles(one, survivor, other, ending=True)
    if not pairs:
        return []
    wanted = [key for pair in pairs for key in pair]
    rows = {str(row.pk): row for row in one.model._default_manager.filter(pk__in=wanted)}
    keys = []
    for mine, theirs in pairs:
        better = worth(rows[mine]) > worth(rows[theirs])
        keys.append(theirs if better else mine)
    marks = {"ended_for": EndedFor.DOUBLE} if one.model is ContactPoint else {}
    one.model._default_manager.filter(pk__in=keys).update(ended_at=at, **marks)
    return [str(key) for key in keys]


def worth(row: Any) -> tuple[bool, Any]:
    """What was verified, and lately, is worth more."""
    checked = getattr(row, "checked_at", None)
    return getattr(row, "state", "") == "verified", checked.timestamp() if checked else 0.0


def kept_whole(model: Any, keys: list[Any]) -> list[Any]:
    """Rows as JSON holds them, to be made again exactly, to the microsecond."""
    return [plain(row) for row in whole(model, keys)] if keys else []


def kept_parts(one: Belonging, customer: uuid.UUID, keys: list[Any]) -> list[Any]:
    """The same of rows whose key the customer is a part of: by their columns."""
    return [
        {
            "model": one.model._meta.label_lower,
            "pk": "|".join(str(getattr(row, part)) for part in one.parts),
            "fields": plain({f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}),
        }
        for row in one.rows(customer, keys)
    ]  # fmt: skip


def delete_bare(key: uuid.UUID) -> None:
    """Delete a customer's bare row: what still points at it makes the database refuse."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customer WHERE id = %s", [key])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
