"""Reads over own attributes."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Count, QuerySet

from dangol.customers.attributes.models import Attribute, AttributeValue

MARK, SECONDS = "customers.attributes", 5
PREFIX = "attribute:"
"""Before an attribute's key where it stands among other fields: edits, audit, imports."""


def attributes_in_use() -> QuerySet[Attribute]:
    """The attributes that are asked and shown, in their order."""
    return Attribute.objects.filter(ended_at=None)


def attributes_with_sizes() -> QuerySet[Attribute]:
    """Every attribute with the number of customers of whom it is known; those ended last."""
    rows = Attribute.objects.annotate(known=Count("values"))
    return rows.order_by("ended_at", "position", "created_at", "id")


@dataclass
class Kept:
    """The definitions as of a moment."""

    mark: float
    by_key: dict[str, Attribute]


_kept: Kept | None = None


def all_attributes(wanted: str = "") -> dict[str, Attribute]:
    """Every definition by key, of a few seconds ago at most; read afresh if the wanted one is missing.

    What many rules and pages ask in one go costs one query; kind and key never change.
    """
    global _kept
    kept = _kept
    if (
        kept is None
        or caches["process"].get(MARK) != kept.mark
        or (wanted and wanted not in kept.by_key)
    ):
        kept = _kept = Kept(time.monotonic(), {a.key: a for a in Attribute.objects.all()})
        caches["process"].set(MARK, kept.mark, SECONDS)
    return kept.by_key


def forget() -> None:
    """Definitions changed: read them afresh."""
    caches["process"].delete(MARK)


def values_of(customer_id: uuid.UUID) -> dict[str, Any]:
    """What is known of a customer, by the attribute's key."""
    rows = AttributeValue.objects.filter(customer=customer_id).select_related("attribute")
    return {row.attribute.key: row.value for row in rows}
