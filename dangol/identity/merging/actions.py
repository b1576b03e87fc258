"""Merging and undoing: with splitting the only writers of who is who.

Everything that points at the customer who goes moves to the one who stays, found through the models
themselves, and is written down by key; what cannot move (the customer's own row, doubles) is kept
whole. Undoing puts back exactly what is still where the merge left it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.identity.events import CustomersMerged, MergeUndone
from dangol.identity.golden.survivorship import Trust
from dangol.identity.merging.apart import apart_between, keep_apart
from dangol.identity.merging.consents import consents_aside
from dangol.identity.merging.finding import present
from dangol.identity.merging.rewinding import rewind
from dangol.identity.merging.samples import stands_otherwise_again
from dangol.identity.merging.stepping import step_forward
from dangol.identity.models import WHO_IS_WHO, Merge, Question

__all__ = ["merge_customers", "present", "undo_merge"]


@anew(WHO_IS_WHO)
def merge_customers(
    survivor: Customer,
    other: Customer,
    *,
    by: User | None,
    question: Question | None = None,
    decided: bool = False,
    trust: Trust | None = None,
) -> Merge:
    """Take `other` into `survivor`. Raises ValidationError for one and the same customer.

    The other's id becomes an alias that resolves for ever. Nothing is mailed and no rule is run.
    `decided` says that a person looked at both: it outweighs that they were told apart before.
    `trust` is what sources are trusted, where the caller has read it for many merges.
    """
    if survivor.pk == other.pk:
        raise ValidationError(_("A customer cannot be merged with itself."))
    keys = sorted([survivor.pk, other.pk])
    locked = {
        c.pk: c for c in Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    if len(locked) < 2:
        raise ValidationError(_("One of the two was merged in the meantime."))
    survivor, other = locked[survivor.pk], locked[other.pk]
    if survivor.kind != other.kind:
        raise ValidationError(_("A person and an organisation are never one customer."))
    if apart_between([survivor.pk, other.pk]) and not decided:
        raise ValidationError(_("Somebody said that these are two customers."))
    merge = Merge.objects.create(
        survivor=survivor, survivor_key=survivor.pk, merged_key=other.pk, name=other.name, by=by,
        question=question,
    )  # fmt: skip
    aside = consents_aside(survivor.pk, other.pk)
    step_forward(merge, by=by, trust=trust)
    record_change(
        "merge_customers", survivor, by=by, changes={"merged": [None, str(other.pk)], **aside}
    )
    publish(
        CustomersMerged(subject_id=merge.pk, customer_id=survivor.pk, merged_id=other.pk), by=by
    )
    return merge


@anew(WHO_IS_WHO)
def undo_merge(merge: Merge, *, by: User | None, apart: bool = False) -> Customer:
    """Take a merge back, also after more merges; the customer that stands for itself again.

    What came since stays with the survivor. A split of the survivor since then is undone first.
    `apart` writes down that the two are never joined again without a person's look.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise ValidationError(_("This merge was undone already."))
    holder = present(merge.survivor_key)
    if holder is None:
        raise ValidationError(_("The customer who took this one in no longer exists."))
    rewind(merge, by=by)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    if apart:
        keep_apart(holder, merge.merged_key, by=by)
    stands_otherwise_again(merge)
    restored = Customer.objects.get(pk=merge.merged_key)
    record_change("undo_merge", restored, by=by, changes={"merged": [str(holder), None]})
    publish(MergeUndone(subject_id=merge.pk, customer_id=holder, restored_id=restored.pk), by=by)
    return restored
