"""Which way to reach a customer comes first, as far as it can be said before the records are asked."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.customers.models import ContactPoint, ContactState, Customer

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
USELESS = (ContactState.WRONG, ContactState.MOVED)


def prefer_one(customer: uuid.UUID, kind: str, newest: uuid.UUID | None = None) -> None:
    """Exactly one of those that can be used is preferred: chosen, verified, newest, or as it was.

    The golden record decides by the sources too, as soon as it is written again.
    """
    points = list(ContactPoint.objects.filter(customer=customer, kind=kind, ended_at=None))
    usable = [point for point in points if point.state not in USELESS]
    first = max(usable, key=lambda p: (*standing(p), p.pk == newest, p.preferred), default=None)
    for point in points:
        if point.preferred != (point is first):
            ContactPoint.objects.filter(pk=point.pk).update(preferred=point is first)


@transaction.atomic
def choose_contact_point(
    point: ContactPoint, *, by: User | None, at: dt.datetime | None = None
) -> ContactPoint:
    """Use this one before the others of its kind. Raises ValidationError for one of no use."""
    list(Customer.objects.select_for_update(no_key=True).filter(pk=point.customer_id))
    point.refresh_from_db()
    if point.ended_at is not None or point.state in USELESS:
        raise ValidationError(_("This cannot be used: it was found wrong, or ended."))
    before = ContactPoint.objects.filter(
        customer=point.customer_id, kind=point.kind, ended_at=None, preferred=True
    ).first()
    point.chosen_at = at or timezone.now()
    point.save(update_fields=["chosen_at"])
    prefer_one(point.customer_id, point.kind)
    point.refresh_from_db(fields=["preferred"])
    if before is None or before.pk != point.pk:
        was = before.value if before else None
        record_change(
            "choose_contact_point", point.customer, by=by, changes={point.kind: [was, point.value]}
        )
    return point


def standing(point: ContactPoint) -> tuple[dt.datetime, bool, dt.datetime]:
    """What a person chose, then what was verified, the latest check before the others."""
    verified = point.state == ContactState.VERIFIED
    checked = point.checked_at if verified else None
    return point.chosen_at or NEVER, verified, checked or NEVER
