"""What a changed row is now, as other systems are told."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from dangol.core.events import plain
from dangol.customers.models import Alias, ContactPoint, Customer
from dangol.customers.records.models import SourceRecord
from dangol.places.models import Place
from dangol.purchases.models import Product, Transaction

Items = list[dict[str, Any]]


def items_of(entity: str, keys: list[uuid.UUID]) -> Items:
    """Each key once, in their order, with its present state."""
    wanted = list(dict.fromkeys(keys))
    found = READERS[entity](wanted)
    return [plain(found.get(key) or {"id": key, "deleted": True}) for key in wanted]


def customers(keys: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Customers with their golden values, ways to be reached, ids that were merged into them, and
    what the sources call them; who was merged away says into whom."""
    found: dict[uuid.UUID, dict[str, Any]] = {
        key: {"id": key, "merged_into": into}
        for key, into in Alias.objects.filter(old_id__in=keys).values_list("old_id", "customer_id")
    }
    rows = Customer.objects.filter(pk__in=keys).select_related("home_place")
    for row in rows:
        found[row.pk] = {
            "id": row.pk, "kind": row.kind, "name": row.name, "given_name": row.given_name,
            "family_name": row.family_name, "born_on": row.born_on, "gender": row.gender,
            "language": row.language, "tier": row.tier, "updated_at": row.updated_at,
            "home_site": row.home_place.code if row.home_place else None,
            "contact_points": [], "merged_ids": [], "source_keys": [],
        }  # fmt: skip
    there = [row.pk for row in rows]
    points = ContactPoint.objects.filter(customer__in=there, ended_at=None)
    for point in points.order_by("-preferred", "created_at", "pk"):
        found[point.customer_id]["contact_points"].append(
            {"kind": point.kind, "value": point.value, "state": point.state, "preferred": point.preferred}
        )  # fmt: skip
    for alias in Alias.objects.filter(customer__in=there).order_by("old_id"):
        found[alias.customer_id]["merged_ids"].append(alias.old_id)
    records = SourceRecord.objects.filter(customer__in=there, gone_at=None).order_by(
        "source", "key"
    )
    for owner, source, key in records.values_list("customer_id", "source", "key"):
        found[owner]["source_keys"].append({"source": source, "key": key})
    return found


def transactions(keys: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Transactions with their lines."""
    rows = Transaction.objects.filter(pk__in=keys).select_related("place")
    return {
        row.pk: {
            "id": row.pk, "customer_id": row.customer_id, "kind": row.kind, "at": row.at,
            "site": row.place.code if row.place else None, "staff": row.staff_name,
            "amount": str(row.amount), "currency": row.currency, "note": row.note,
            "source": row.source, "source_key": row.source_key, "gone_at": row.gone_at,
            "lines": [
                {"product": line.product.code, "quantity": str(line.quantity), "amount": str(line.amount)}
                for line in row.lines.all()
            ],
        }
        for row in rows.prefetch_related("lines__product")
    }  # fmt: skip


def sites(keys: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Places of the tree."""
    return {
        row.pk: {
            "id": row.pk, "code": row.code, "name": row.name, "name_en": row.name_en,
            "kind": row.kind, "site_kind": row.site_kind, "phone": row.phone,
            "address": row.address, "time_zone": row.time_zone, "latitude": row.latitude,
            "longitude": row.longitude, "parent": row.parent.code if row.parent else None,
            "closed_at": row.closed_at,
        }
        for row in Place.objects.filter(pk__in=keys).select_related("parent")
    }  # fmt: skip


def products(keys: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Nodes of the product tree."""
    return {
        row.pk: {
            "id": row.pk, "code": row.code, "name": row.name, "name_en": row.name_en,
            "parent": row.parent.code if row.parent else None, "ended_on": row.ended_on,
            "gone_at": row.gone_at,
        }
        for row in Product.objects.filter(pk__in=keys).select_related("parent")
    }  # fmt: skip


READERS: dict[str, Callable[[list[uuid.UUID]], dict[uuid.UUID, dict[str, Any]]]] = {
    "customer": customers,
    "transaction": transactions,
    "site": sites,
    "product": products,
}
