"""Golden records written down: the customer's fields and contact points follow the records."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.actions import with_name_keys
from dangol.customers.contact_values import contact_value, phone_tail
from dangol.customers.events import CustomerChanged
from dangol.customers.models import ContactPoint, Customer
from dangol.customers.records.models import SourceRecord
from dangol.identity.golden.survivorship import REACH, Trust, golden, reached
from dangol.places.models import Place

HEARD = ("agent", "")
"""Contact points that came from no source: they end by a check or by hand alone."""


@transaction.atomic
def refresh_golden(
    keys: Collection[uuid.UUID], *, by: User | None, trust: Trust, tell: bool = True
) -> int:
    """Bring these customers in line with their records; how many changed.

    Without `tell` whoever calls tells of the changes.
    """
    customers = Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    records: dict[uuid.UUID, list[SourceRecord]] = defaultdict(list)
    points: dict[uuid.UUID, list[ContactPoint]] = defaultdict(list)
    locked = list(customers)
    for record in SourceRecord.objects.filter(customer__in=locked).order_by("pk"):
        records[record.customer_id].append(record)  # type: ignore[index]
    for point in ContactPoint.objects.filter(customer__in=locked):
        points[point.customer_id].append(point)
    return sum(
        _write(customer, mine, points[customer.pk], by, trust, tell)
        for customer in locked
        if (mine := records[customer.pk])
    )


def _write(
    customer: Customer, records: list[SourceRecord], known: list[ContactPoint], by: User | None,
    trust: Trust, tell: bool,
) -> bool:  # fmt: skip
    changes: dict[str, Any] = {}
    for field, value in golden(records, trust).items():
        column = "home_place_id" if field == "home" else field
        before, after = getattr(customer, column), _stored(field, value)
        if before != after and after is not None:
            changes[column] = [before, after]
            setattr(customer, column, after)
    points = _write_points(customer, records, known, trust)
    if changes:
        with_name_keys(customer)
        customer.revision += 1
        customer.updated_at = timezone.now()
        customer.save()
    if tell and (changes or points):
        record_change("follow_sources", customer, by=by, changes=changes | points)
        publish(
            CustomerChanged(
                subject_id=customer.pk, customer_id=customer.pk, fields=sorted(changes | points)
            ),
            by=by,
        )
    return bool(changes or points)


def _stored(field: str, value: str) -> Any:
    """A value as the customer's row holds it; None for a site that is no more."""
    match field:
        case "home":
            return Place.objects.filter(pk=value).values_list("pk", flat=True).first()
        case "born_on":
            return dt.date.fromisoformat(value)
        case _:
            return value[: getattr(Customer._meta.get_field(field), "max_length", None)]


def _write_points(
    customer: Customer, records: list[SourceRecord], known: list[ContactPoint], trust: Trust
) -> dict[str, list[Any]]:
    """Contact points that sources know are there; one that no source knows any more ends, unless
    somebody here verified it or wrote it down."""
    now, changes = timezone.now(), {}
    for way in REACH:
        wanted = {}
        for one in reached(records, way, trust):
            try:
                wanted[contact_value(way, one.value)] = one
            except ValidationError:
                continue
        mine = {p.value: p for p in known if p.kind == way}
        for value, one in wanted.items():
            if value not in mine:
                ContactPoint.objects.create(
                    customer=customer, kind=way, value=value, source=one.source,
                    tail=phone_tail(value) if way == "phone" else "",
                    preferred=way == "phone" and not any(p.preferred for p in known),
                )  # fmt: skip
                changes[way] = [None, value]
        for value, point in mine.items():
            leaves = value not in wanted and point.ended_at is None and point.state == "unverified"
            if leaves and point.source not in HEARD:
                point.ended_at = now
                point.save(update_fields=["ended_at"])
                changes[way] = [value, changes.get(way, [None, None])[1]]
    return changes
