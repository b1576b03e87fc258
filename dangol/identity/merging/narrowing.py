"""What became a consent after customers had become one: no merge of before leaves it wider than both
had said it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.jobs import app
from dangol.core.models import AuditEntry, User
from dangol.customers.attributes.queries import PREFIX
from dangol.customers.events import CustomerChanged
from dangol.customers.models import Attribute, AttributeValue, Customer
from dangol.identity.merging.consents import OF_MERGES
from dangol.identity.merging.recalling import Flag, Recalled, recall
from dangol.identity.models import WHO_IS_WHO, Merge
from dangol.identity.portions import Pace

NARROWING = "identity.narrow_consents"
PORTION = 200
"""So many customers at most are looked at in one transaction: between two everybody else goes on."""


def narrow_later(key: str, by: str) -> None:
    """Have merges of before looked at by a job; one that waits is enough."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(NARROWING, queueing_lock=f"{NARROWING} {key}").defer(key=key, by=by)


def narrow_consent(key: str, *, by: User | None) -> int:
    """Put a yes aside wherever standing merges made it wider than both had said; of how many customers.

    Portion by portion, each whole by itself: broken off, it is simply begun anew.
    """
    narrowed, last, pace = 0, uuid.UUID(int=0), Pace(PORTION)
    while portion := merged_and_asked(key, last, pace.limit):
        narrowed += narrow_portion(key, portion, by=by, pace=pace)
        pace.ended(len(portion))
        last = portion[-1]
    return narrowed


def merged_and_asked(key: str, after: uuid.UUID, most: int = PORTION) -> list[uuid.UUID]:
    """The next customers who hold merges and of whom a yes or no is known."""
    said = AttributeValue.objects.filter(
        attribute__key=key, attribute__consent=True, customer__gt=after,
        customer__in=Merge.objects.filter(undone_at=None).values("survivor"),
    )  # fmt: skip
    return list(said.order_by("customer").values_list("customer", flat=True)[:most])


@anew(WHO_IS_WHO)
def narrow_portion(
    key: str, customers: Collection[uuid.UUID], *, by: User | None, pace: Pace | None = None
) -> int:
    """The same of these customers."""
    if pace:
        pace.begins()
    attribute = Attribute.objects.select_for_update(no_key=True).get(key=key)
    if not attribute.consent:
        return 0
    locked = Customer.objects.select_for_update().filter(pk__in=customers).order_by("pk")
    holders = {customer.pk: customer for customer in locked}
    merges = merges_of(holders.keys())
    words = words_of(key, [one for held in merges.values() for one in held])
    narrowed = 0
    for row in AttributeValue.objects.filter(customer__in=merges, attribute=attribute):
        found = recall(row, attribute, merges[row.customer_id], words)
        _remember(key, found)
        if row.flag and found.now is not True:
            _write(row, found.now)
            _tell(holders[row.customer_id], f"{PREFIX}{key}", found.now, by)
            narrowed += 1
    return narrowed


def merges_of(holders: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Merge]]:
    """Standing merges by who holds them, the oldest first."""
    found: dict[uuid.UUID, list[Merge]] = defaultdict(list)
    rows = Merge.objects.select_for_update().filter(survivor__in=holders, undone_at=None)
    for merge in rows.order_by("created_at", "pk"):
        found[merge.survivor_id].append(merge)  # type: ignore[index]
    return found


def words_of(key: str, merges: Collection[Merge]) -> dict[uuid.UUID, list[AuditEntry]]:
    """What people, programs and files said of a consent, by whom they said it of, the oldest first."""
    keys = {one for m in merges for one in (m.survivor_key, m.merged_key)}
    entries = AuditEntry.objects.filter(subject_id__in=keys, changes__has_key=f"{PREFIX}{key}")
    found: dict[uuid.UUID, list[AuditEntry]] = defaultdict(list)
    for entry in entries.exclude(verb__in=OF_MERGES).order_by("created_at", "pk"):
        found[entry.subject_id].append(entry)
    return found


def _remember(key: str, found: Recalled) -> None:
    """Where a merge made a yes wider, each merge of the customer knows what undoing it gives back."""
    if not found.widened:
        return
    for merge, said in found.merges:
        known = merge.consents or {}
        if known.get(key) != said:
            merge.consents = known | {key: said}
            merge.save(update_fields=["consents"])


def _write(row: AttributeValue, now: Flag) -> None:
    if now is None:
        row.delete()
    else:
        AttributeValue.objects.filter(pk=row.pk).update(flag=now)


def _tell(customer: Customer, field: str, now: Flag, by: User | None) -> None:
    Customer.objects.filter(pk=customer.pk).update(
        revision=F("revision") + 1, updated_at=timezone.now()
    )
    record_change("narrow_consent", customer, by=by, changes={field: [True, now]})
    publish(CustomerChanged(subject_id=customer.pk, customer_id=customer.pk, fields=[field]), by=by)
