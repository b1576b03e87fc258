"""Merging and undoing: with splitting the only writers of who is who.

Everything that points at the customer who goes moves to the one who stays, found through the models
themselves, and is written down by key; what cannot move (the customer's own row, doubles) is kept
whole. Undoing puts back exactly what is still where the merge left it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.alone import in_turn
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.models import Alias, Customer, SourceRecord
from dangol.identity.events import CustomersMerged, MergeUndone
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.apart import apart_between, keep_apart
from dangol.identity.merging.leaving import fields_of, forget_in_later, forget_values
from dangol.identity.merging.returning import (
    claim_kept,
    later_merges,
    present,
    put_back,
    reopen,
    restore,
    return_aliases,
    split_since,
)
from dangol.identity.merging.taking import delete_bare, kept_whole, take
from dangol.identity.models import WHO_IS_WHO, Apart, Merge, Question

__all__ = ["merge_customers", "present", "undo_merge"]


@transaction.atomic
def merge_customers(
    survivor: Customer,
    other: Customer,
    *,
    by: User | None,
    question: Question | None = None,
    decided: bool = False,
) -> Merge:
    """Take `other` into `survivor`. Raises ValidationError for one and the same customer.

    The other's id becomes an alias that resolves for ever. Nothing is mailed and no rule is run.
    `decided` says that a person looked at both: it outweighs that they were told apart before.
    """
    if survivor.pk == other.pk:
        raise ValidationError(_("A customer cannot be merged with itself."))
    in_turn(WHO_IS_WHO)
    keys = sorted([survivor.pk, other.pk])
    locked = {
        c.pk: c for c in Customer.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    if len(locked) < 2:
        raise ValidationError(_("One of the two was merged in the meantime."))
    survivor, other = locked[survivor.pk], locked[other.pk]
    if survivor.kind != other.kind:
        raise ValidationError(_("A person and an organisation are never one customer."))
    parted = apart_between([survivor.pk, other.pk])
    if parted and not decided:
        raise ValidationError(_("Somebody said that these are two customers."))
    said = kept_whole(Apart, [one.pk for one in parted])
    Apart.objects.filter(pk__in=[one.pk for one in parted]).delete()
    before, at = fields_of(survivor), timezone.now()
    moved, kept, ended = take(survivor.pk, other.pk, at)
    Alias.objects.filter(customer=other).update(customer=survivor)
    Alias.objects.create(old_id=other.pk, customer=survivor)
    Merge.objects.filter(survivor_id=other.pk).update(survivor=survivor)
    delete_bare(other.pk)
    merge = Merge.objects.create(
        survivor=survivor, survivor_key=survivor.pk, merged_key=other.pk, name=other.name,
        created_at=at, rows=moved, kept=kept + said, ended=ended, before=before, by=by,
        question=question,
    )  # fmt: skip
    refresh_golden([survivor.pk], by=by, trust=trust_of_sources())
    record_change("merge_customers", survivor, by=by, changes={"merged": [None, str(other.pk)]})
    publish(
        CustomersMerged(subject_id=merge.pk, customer_id=survivor.pk, merged_id=other.pk), by=by
    )
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: User | None, apart: bool = False) -> Customer:
    """Take a merge back, also after more merges; the customer that stands for itself again.

    What came since stays with the survivor. A split of the survivor since then is undone first.
    `apart` writes down that the two are never joined again without a person's look.
    """
    in_turn(WHO_IS_WHO)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise ValidationError(_("This merge was undone already."))
    holder = present(merge.survivor_key)
    if holder is None:
        raise ValidationError(_("The customer who took this one in no longer exists."))
    if split_since(merge, holder):
        raise ValidationError(
            _("This customer was split since. Undo that split first, then the merge.")
        )
    locked = Customer.objects.select_for_update().get(pk=holder)
    Alias.objects.filter(old_id=merge.merged_key).delete()
    restore([row for row in merge.kept if row["model"] == "customers.customer"])
    for table, column, keys in merge.rows:
        put_back(table, column, keys, merge.merged_key, holder)
    claim_kept(merge)
    for table, _column, keys in merge.ended:
        reopen(table, keys, merge.created_at)
    restore([row for row in merge.kept if row["model"] != "customers.customer"])
    return_aliases(merge)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    leaving = list(SourceRecord.objects.filter(customer=merge.merged_key))
    forget_in_later(merge, list(later_merges(merge.survivor_key)), leaving, holder)
    forget_values(locked, leaving, merge.before if holder == merge.survivor_key else {})
    refresh_golden([holder, merge.merged_key], by=by, trust=trust_of_sources())
    if apart:
        keep_apart(holder, merge.merged_key, by=by)
    restored = Customer.objects.get(pk=merge.merged_key)
    record_change("undo_merge", restored, by=by, changes={"merged": [str(holder), None]})
    publish(MergeUndone(subject_id=merge.pk, customer_id=holder, restored_id=restored.pk), by=by)
    return restored
