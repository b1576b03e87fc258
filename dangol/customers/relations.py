"""Ties between customers: added, ended, and read from either side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.customers.models import Customer, Relation, RelationKind
from dangol.customers.queries import customers_visible_to

K = RelationKind
BACKWARD: dict[str, str | Promise] = {
    K.HOUSEHOLD: K.HOUSEHOLD.label,
    K.EMPLOYEE: gettext_lazy("Employs"),
    K.OWNER: gettext_lazy("Owned by"),
    K.INFLUENCES: gettext_lazy("Influenced by"),
}
"""How a tie is said from the second of the two."""


@dataclass(frozen=True)
class Tie:
    """A relation as one of the two sees it."""

    relation: Relation
    label: str
    other: Customer


def directions() -> list[tuple[str, str]]:
    """What can be added from a customer's page: each kind, from either side."""
    forward = [(kind.value, str(kind.label)) for kind in K]
    backward = [(f"-{kind}", str(label)) for kind, label in BACKWARD.items() if kind != K.HOUSEHOLD]
    return forward + backward


def ties_of(customer: Customer, user: User) -> list[Tie]:
    """The customer's relations in force to customers that the person may see, both ways."""
    rows = Relation.objects.filter(
        Q(from_customer=customer) | Q(to_customer=customer), ended_at=None
    ).select_related("from_customer", "to_customer")
    pairs = [
        (row, row.to_customer if row.from_customer_id == customer.pk else row.from_customer)
        for row in rows.order_by("kind", "created_at")[:100]
    ]
    keys = {other.pk for _row, other in pairs}
    seen = set(customers_visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Tie(row, said(row, forward=row.from_customer_id == customer.pk), other)
        for row, other in pairs
        if other.pk in seen
    ]


def said(relation: Relation, *, forward: bool) -> str:
    """The kind in words, from one side or the other."""
    if forward:
        return str(K(relation.kind).label)
    return str(BACKWARD[relation.kind])


@transaction.atomic
def add_relation(
    customer: Customer,
    other: Customer,
    kind: str,
    *,
    by: User | None,
    at: dt.datetime | None = None,
) -> Relation:
    """Tie two customers; the same tie a second time changes nothing. A household has no direction."""
    if kind not in K.values:
        raise ValidationError(_("There is no such relation."))
    if customer.pk == other.pk:
        raise ValidationError(_("A customer is not related to themselves."))
    first, second = customer, other
    if kind == K.HOUSEHOLD:
        first, second = sorted((customer, other), key=lambda c: c.pk)
    relation, created = Relation.objects.get_or_create(
        from_customer=first, to_customer=second, kind=kind, ended_at=None,
        defaults={"created_at": at or timezone.now()},
    )  # fmt: skip
    if created:
        for one, with_whom in ((first, second), (second, first)):
            record_change(
                "add_relation", one, by=by, at=at, changes=told(relation, with_whom, new=True)
            )
    return relation


@transaction.atomic
def end_relation(relation: Relation, *, by: User | None, at: dt.datetime | None = None) -> Relation:
    """The tie holds no more; it stays to be read. A second time changes nothing."""
    locked = Relation.objects.select_for_update().get(pk=relation.pk)
    if locked.ended_at is not None:
        return locked
    locked.ended_at = at or timezone.now()
    locked.save(update_fields=["ended_at"])
    first, second = locked.from_customer, locked.to_customer
    for one, with_whom in ((first, second), (second, first)):
        record_change("end_relation", one, by=by, at=at, changes=told(locked, with_whom, new=False))
    return locked


def told(relation: Relation, other: Customer, *, new: bool) -> dict[str, Any]:
    """What the audit keeps: the kind and the other's id, which outlives any name."""
    facts = {"relation": relation.kind, "customer": str(other.pk)}
    return {name: [None, value] if new else [value, None] for name, value in facts.items()}
