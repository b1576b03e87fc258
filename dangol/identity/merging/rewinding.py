"""A merge is taken back as if it had never been: later ones are stepped back, and forward again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.events import CustomerChanged
from dangol.customers.models import Alias, ContactPoint, Customer, Relation
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.merging.finding import present
from dangol.identity.merging.history import remember
from dangol.identity.merging.leaving import fields_of
from dangol.identity.merging.stepping import step_back, step_forward
from dangol.identity.models import Merge, Split

Values = dict[str, Any]


def rewind(merge: Merge, *, by: User | None) -> None:
    """Step back to before a merge, leave it out, and step forward again.

    Raises ValidationError where somebody was split since.
    """
    later = since(merge)
    keys = {key for one in [merge, *later] for key in (one.survivor_key, one.merged_key)}
    list(Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    before = values_of(keys)
    tell, trust = not later, trust_of_sources()
    for one in reversed(later):
        remember(one)
        step_back(one, by=by, tell=False, trust=trust)
    step_back(merge, by=by, tell=tell, trust=trust)
    for one in later:
        step_forward(one, by=by, tell=False, trust=trust)
    if not tell:
        tell_changes(before, values_of(keys), by)


def since(merge: Merge) -> list[Merge]:
    """Standing merges that came after and touched the same customers or who is related to them."""
    found: list[Merge] = []
    newer = Q(undone_at=None, created_at__gt=merge.created_at)
    while True:
        keys = near([merge, *found])
        more = Merge.objects.select_for_update().filter(
            newer, Q(survivor_key__in=keys) | Q(merged_key__in=keys)
        )
        if not (fresh := list(more.exclude(pk__in=[one.pk for one in found]))):
            break
        found += fresh
    for one in [merge, *found]:
        parted = Split.objects.filter(undone_at=None, created_at__gt=one.created_at)
        own = known_as(one)
        if parted.filter(Q(customer_key__in=own) | Q(new_key__in=own)).exists():
            raise ValidationError(
                _("This customer was split since. Undo that split first, then the merge.")
            )
    return sorted(found, key=lambda one: (one.created_at, one.pk))


def known_as(merge: Merge) -> set[uuid.UUID]:
    """All ids of who holds a merge now, and of the two who were merged."""
    holder = present(merge.survivor_key)
    ids = Alias.objects.filter(customer_id=holder).values_list("old_id", flat=True)
    return {merge.survivor_key, merge.merged_key, *ids}


def near(merges: Sequence[Merge]) -> set[uuid.UUID]:
    """The customers of these merges, and those at the other end of their relations."""
    own = {key for one in merges for key in (one.survivor_key, one.merged_key)}
    ends = set(
        Relation.objects.filter(Q(from_customer__in=own) | Q(to_customer__in=own)).values_list(
            "from_customer_id", "to_customer_id"
        )
    )
    return own | {end for pair in ends for end in pair} | set(kept_ends(merges))


def kept_ends(merges: Sequence[Merge]) -> Iterator[uuid.UUID]:
    """Both ends of the relations that merges put aside."""
    for one in merges:
        for row in one.kept:
            if row["model"] == Relation._meta.label_lower:
                yield uuid.UUID(str(row["fields"]["from_customer"]))
                yield uuid.UUID(str(row["fields"]["to_customer"]))


def values_of(keys: set[uuid.UUID]) -> dict[uuid.UUID, Values]:
    """What customers say now: their golden fields and their open contact points."""
    found: dict[uuid.UUID, Values] = {
        customer.pk: fields_of(customer) for customer in Customer.objects.filter(pk__in=keys)
    }
    points = ContactPoint.objects.filter(customer__in=found, ended_at=None).order_by("value")
    for customer, kind, value in points.values_list("customer_id", "kind", "value"):
        found[customer].setdefault(kind, []).append(value)
    return found


def tell_changes(
    before: dict[uuid.UUID, Values], after: dict[uuid.UUID, Values], by: User | None
) -> None:
    """Whoever says something else than before is told of once."""
    for customer in Customer.objects.filter(pk__in=before.keys() & after.keys()):
        was, now = before[customer.pk], after[customer.pk]
        changes = {f: [was.get(f), now.get(f)] for f in was | now if was.get(f) != now.get(f)}
        if changes:
            record_change("follow_sources", customer, by=by, changes=changes)
            publish(
                CustomerChanged(
                    subject_id=customer.pk, customer_id=customer.pk, fields=sorted(changes)
                ),
                by=by,
            )
