"""Golden records written down: the customer's fields and contact points follow the records."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.actions import with_name_keys
from dangol.customers.events import CustomerChanged
from dangol.customers.models import ContactPoint, Customer
from dangol.customers.records.by_hand import say_by_hand
from dangol.customers.records.models import SourceRecord
from dangol.identity.golden.reaching import Reach, reach
from dangol.identity.golden.survivorship import EMPTY, FIELDS, KEPT, Trust, golden
from dangol.places.models import Place

WRITTEN = (
    *("home_place" if field == "home" else field for field in FIELDS),
    "name_jamo", "name_initials", "revision", "updated_at",
)  # fmt: skip


@transaction.atomic(savepoint=False)
def refresh_golden(
    keys: Collection[uuid.UUID], *, by: User | None, trust: Trust, tell: bool = True
) -> int:
    """Bring these customers in line with their records; how many changed.

    A value that no source says any more goes, and the next best takes its place. Without `tell`
    whoever calls tells of the changes.
    """
    locked = list(Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    records: dict[uuid.UUID, list[SourceRecord]] = defaultdict(list)
    points: dict[uuid.UUID, list[ContactPoint]] = defaultdict(list)
    for record in SourceRecord.objects.filter(customer__in=locked).order_by("pk"):
        records[record.customer_id].append(record)  # type: ignore[index]
    for point in ContactPoint.objects.filter(customer__in=locked):
        points[point.customer_id].append(point)
    places, now = _places(locked, records.values()), timezone.now()
    written: list[Customer] = []
    found: dict[uuid.UUID, Reach] = {}
    told: list[tuple[Customer, dict[str, Any]]] = []
    for customer in locked:
        if mine := records[customer.pk]:
            changes = _follow(customer, golden(mine, trust), places, now)
            if changes:
                written.append(customer)
            ways = reach(customer.pk, mine, points[customer.pk], trust, now)
            found[customer.pk] = ways
            if changes or ways.changes:
                told.append((customer, changes | ways.changes))
    if written:
        Customer.objects.bulk_update(written, WRITTEN)
    _write_points(found)
    for customer, changes in told if tell else ():
        _tell(customer, changes, by)
    return len(told)


def _places(
    customers: Iterable[Customer], records: Iterable[list[SourceRecord]]
) -> dict[str, uuid.UUID]:
    """Sites that records speak of and that are there, beside those where the customers are."""
    known = {str(c.home_place_id): c.home_place_id for c in customers if c.home_place_id}
    said = {str(r.values["home"]) for mine in records for r in mine if r.values.get("home")}
    more = said - known.keys()
    there = Place.objects.filter(pk__in=more).values_list("pk", flat=True) if more else ()
    return known | {str(key): key for key in there}


def _follow(
    customer: Customer, kept: dict[str, str], places: dict[str, uuid.UUID], now: dt.datetime
) -> dict[str, Any]:
    """Write the surviving values into a customer's row; what changed."""
    changes: dict[str, Any] = {}
    for field in FIELDS:
        if field not in kept and field in KEPT:
            continue
        column = "home_place_id" if field == "home" else field
        after = _stored(field, kept[field], places) if field in kept else EMPTY.get(field, "")
        before = getattr(customer, column)
        if before != after and not (field == "home" and after is None):
            changes[column] = [before, after]
            setattr(customer, column, after)
    if changes:
        with_name_keys(customer)
        customer.revision += 1
        customer.updated_at = now
    return changes


def _stored(field: str, value: str, places: dict[str, uuid.UUID]) -> Any:
    """A value as the customer's row holds it; None for a site that is no more."""
    match field:
        case "home":
            return places.get(value)
        case "born_on":
            return dt.date.fromisoformat(value)
        case _:
            return value[: getattr(Customer._meta.get_field(field), "max_length", None)]


def _write_points(found: dict[uuid.UUID, Reach]) -> None:
    made = [point for ways in found.values() for point in ways.made]
    changed = [point for ways in found.values() for point in ways.changed]
    if made:
        ContactPoint.objects.bulk_create(made)
    if changed:
        ContactPoint.objects.bulk_update(changed, ["ended_at", "ended_for", "preferred"])
    for ways in found.values():
        for point in ways.heard:
            say_by_hand(point.customer, point.kind, point.value, at=point.checked_at)


def _tell(customer: Customer, changes: dict[str, Any], by: User | None) -> None:
    record_change("follow_sources", customer, by=by, changes=changes)
    publish(
        CustomerChanged(subject_id=customer.pk, customer_id=customer.pk, fields=sorted(changes)),
        by=by,
    )
