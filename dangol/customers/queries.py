"""Reads over customers."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import F, QuerySet

from dangol.core.models import User
from dangol.customers.models import Alias, ContactPoint, ContactState, Customer
from dangol.customers.preferring import standing
from dangol.places.scope import scoped


def customers_visible_to(user: User, ability: str = "customers.see") -> QuerySet[Customer]:
    """Customers whose home site lies where the person may see customers, or do what is named."""
    return scoped(Customer.objects.all(), user, ability, "home_place")


def customer_by_id(user: User, key: uuid.UUID, ability: str = "customers.see") -> Customer | None:
    """The visible customer of an id, also of one that was merged away; None otherwise."""
    visible = customers_visible_to(user, ability).select_related("home_place")
    if found := visible.filter(pk=key).first():
        return found
    alias = Alias.objects.filter(old_id=key).first()
    return visible.filter(pk=alias.customer_id).first() if alias else None


def customers_by_ids(user: User, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, Customer]:
    """The visible customers of ids, also of those that were merged away, by the ids that were asked."""
    visible = customers_visible_to(user).select_related("home_place")
    found = {one.pk: one for one in visible.filter(pk__in=keys)}
    gone = {key: customer_by_id(user, key) for key in set(keys) - found.keys()}
    return found | {key: one for key, one in gone.items() if one}


def present_id(key: uuid.UUID) -> uuid.UUID:
    """Under which id the customer of an id stands now; the same where nobody was merged."""
    into = Alias.objects.filter(old_id=key).values_list("customer_id", flat=True).first()
    return into or key


def usable_phones(customer_id: uuid.UUID) -> QuerySet[ContactPoint]:
    """The phones to call, the best first: not wrong, not ended; what a person chose, what was
    verified (the latest check first), what the golden record prefers, the newest."""
    phones = ContactPoint.objects.filter(customer=customer_id, kind="phone", ended_at=None)
    phones = phones.exclude(state__in=[ContactState.WRONG, ContactState.MOVED])
    return phones.order_by(
        F("chosen_at").desc(nulls_last=True), "-state", F("checked_at").desc(nulls_last=True),
        "-preferred", "-created_at",
    )  # fmt: skip


def usable_phone(customer: Customer) -> ContactPoint | None:
    """The first of them, from contact points that were read already."""
    points = [
        p
        for p in customer.contact_points.all()
        if p.kind == "phone" and p.ended_at is None and p.state not in {"wrong", "moved"}
    ]
    points.sort(key=lambda p: (*standing(p), p.preferred, p.created_at), reverse=True)
    return points[0] if points else None
