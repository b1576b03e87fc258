"""What people and programs write here stands in a record of our own, as what other sources say does."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When
from django.utils import timezone

from dangol.customers.contact_values import contact_value
from dangol.customers.models import Customer, SourceRecord
from dangol.customers.records.models import BY_HAND, OURS, WAYS


def write_by_hand(
    customer: Customer, values: dict[str, object], *, at: dt.datetime | None = None
) -> SourceRecord:
    """Keep what somebody here wrote about a customer, in the record of our own source.

    Only the fields that were written are in it: what another source said stays that source's.
    """
    record = _own(customer)
    _write(record, values, at or timezone.now())
    SourceRecord.objects.filter(pk=record.pk).update(unread=True)
    return record


def say_by_hand(
    customer: Customer, kind: str, value: str, *, at: dt.datetime | None, source: str = OURS
) -> None:
    """Keep a way to reach a customer in the record of the source that the writer named, else in ours."""
    record = (_of_source(customer, source) if source not in BY_HAND else None) or (
        next(_by_hand(customer), None) or _own(customer)
    )
    fields = WAYS[kind]
    if any(same_way(kind, record.values.get(field), value) for field in fields):
        return
    free = next((field for field in fields if not record.values.get(field)), None)
    if free is None:  # the contact point itself says that somebody here wrote it
        return
    _write(record, {free: value}, at or timezone.now())


def unsay_by_hand(customer: Customer, kind: str, value: str, *, at: dt.datetime) -> None:
    """Take a way to reach a customer out of our own records: it was put right."""
    for record in _by_hand(customer):
        said = [f for f in WAYS[kind] if same_way(kind, record.values.get(f), value)]
        if said:
            _write(record, dict.fromkeys(said, ""), at)


def same_way(kind: str, said: object, value: str) -> bool:
    """Whether what a record says is this value, in whatever form it was written."""
    try:
        return bool(said) and contact_value(kind, str(said)) == value
    except ValidationError:
        return False


def _of_source(customer: Customer, source: str) -> SourceRecord | None:
    """The record of a source that it still has: one that is gone speaks for nobody."""
    rows = SourceRecord.objects.select_for_update().filter(
        customer=customer, source=source, gone_at=None
    )
    return rows.order_by("pk").first()


def _by_hand(customer: Customer) -> Iterator[SourceRecord]:
    """Records that people here made of this customer, our own source's first; those of customers who
    were taken in stay theirs, for undoing."""
    rows = SourceRecord.objects.select_for_update().filter(
        customer=customer, source__in=BY_HAND, key__startswith=str(customer.pk)
    )
    ours = Case(When(source=OURS, then=Value(0)), default=Value(1))
    yield from rows.order_by(ours, "pk")


def _own(customer: Customer) -> SourceRecord:
    """The record of our own source; where a split gave it to somebody else, a new one."""
    for record in _by_hand(customer):
        if record.source == OURS:
            return record
    record, made = SourceRecord.objects.get_or_create(
        source=OURS, key=str(customer.pk),
        defaults={"customer": customer, "kind": customer.kind, "unread": False},
    )  # fmt: skip
    if made or record.customer_id == customer.pk:
        return record
    return SourceRecord.objects.create(
        source=OURS, key=f"{customer.pk}/{uuid.uuid4().hex[:8]}", customer=customer,
        kind=customer.kind, unread=False,
    )  # fmt: skip


def _write(record: SourceRecord, values: dict[str, object], at: dt.datetime) -> None:
    now = timezone.now()
    if record.values:
        record.versions.create(values=record.values, since=record.changed_at, until=now)
        record.revision += 1
    record.values = {**record.values, **values}
    record.times = {**record.times, **dict.fromkeys(values, at.isoformat())}
    record.changed_at = record.seen_at = now
    # a number alone, without a name, would be compared with everybody who shares it
    record.unread = record.unread or bool(record.values.get("name"))
    record.save()
