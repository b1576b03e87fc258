"""A merge or a split is taken back as if it had never been: later merges are stepped back, and forward
again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.events import CustomerChanged
from dangol.customers.models import Alias, ContactPoint, Customer, Relation
from dangol.identity.golden.survivorship import Trust
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.merging.history import remember
from dangol.identity.merging.leaving import fields_of
from dangol.identity.merging.stepping import step_back, step_forward
from dangol.identity.models import Merge, Split

Values = dict[str, Any]


def rewind(merge: Merge, *, by: User | None) -> None:
    """Step back to before a merge, leave it out, and step forward again.

    Raises ValidationError where somebody was split since.
    """
    own, trust = {merge.survivor_key, merge.merged_key}, trust_of_sources()
    later = since(own, merge.created_at, [merge])
    refuse_parted([merge, *later])
    with stepped_back(later, own, by=by, trust=trust):
        step_back(merge, by=by, tell=not later, trust=trust)


@contextmanager
def stepped_back(
    later: Sequence[Merge], own: set[uuid.UUID], *, by: User | None, trust: Trust
) -> Iterator[None]:
    """What came before these merges is changed as if they had not been yet; then they are done again,
    and whoever says something else than before is told of once."""
    keys = own | keys_of(later)
    list(Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    before = values_of(keys) if later else {}
    for one in reversed(later):
        remember(one)
        step_back(one, by=by, tell=False, trust=trust)
    yield
    for one in later:
        step_forward(one, by=by, tell=False, trust=trust)
    if later:
        tell_changes(before, values_of(keys), by)


def keys_of(merges: Sequence[Merge]) -> set[uuid.UUID]:
    """Who was merged by these."""
    return {key for one in merges for key in (one.survivor_key, one.merged_key)}


def since(own: set[uuid.UUID], at: dt.datetime, also: Sequence[Merge] = ()) -> list[Merge]:
    """Standing merges after an instant that touched these customers or who is related to them, the
    earliest first; `also` are merges of before whose put aside relations count."""
    found: list[Merge] = []
    newer = Q(undone_at=None, created_at__gt=at)
    while True:
        keys = near(own | keys_of(found), [*also, *found])
        more = Merge.objects.select_for_update().filter(
            newer, Q(survivor_key__in=keys) | Q(merged_key__in=keys)
        )
        if not (fresh := list(more.exclude(pk__in=[one.pk for one in found]))):
            break
        found += fresh
    return sorted(found, key=lambda one: (one.created_at, one.pk))


def refuse_parted(merges: Sequence[Merge]) -> None:
    """A merge after which one of its customers was split is not stepped back."""
    if any(parted_since(one).exists() for one in merges):
        raise ValidationError(
            _("This customer was split since. Undo that split first, then the merge.")
        )


def parted_since(merge: Merge) -> QuerySet[Split]:
    """Splits of who was merged, after the merge, the latest first."""
    own = known_as(merge)
    parted = Split.objects.filter(undone_at=None, created_at__gt=merge.created_at)
    of_them = parted.filter(Q(customer_key__in=own) | Q(new_key__in=own))
    return of_them.order_by("-created_at", "-pk")


def known_as(merge: Merge) -> set[uuid.UUID]:
    """All ids of who holds a merge now, and of the two who were merged."""
    ids = Alias.objects.filter(customer_id=merge.survivor_id).values_list("old_id", flat=True)
    return {merge.survivor_key, merge.merged_key, *ids}


def near(own: set[uuid.UUID], merges: Sequence[Merge]) -> set[uuid.UUID]:
    """These customers, and those at the other end of their relations, put aside by merges or not."""
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
