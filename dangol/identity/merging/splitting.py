"""Records of one customer become a customer of their own, and come back."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.actions import with_name_keys
from dangol.customers.homes import way_key
from dangol.customers.models import Alias, ContactPoint, Customer, SourceRecord
from dangol.identity.events import CustomersMerged, RecordsSplit
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.apart import part_records
from dangol.identity.merging.finding import present
from dangol.identity.merging.leaving import forget_values
from dangol.identity.merging.parting import ended_too, founded, parting_of, reached_by
from dangol.identity.merging.samples import stands_otherwise_again
from dangol.identity.merging.taking import Rows, delete_bare, take
from dangol.identity.models import WHO_IS_WHO, Apart, Merge, Question, Split


@anew(WHO_IS_WHO)
def split_records(
    customer: Customer, records: list[int], *, by: User | None, question: Question | None = None
) -> Split:
    """Make a customer of its own out of some records of another; at least one must stay.

    What only these records know of goes along: contact points with their checks, whatever came from
    a source that no staying record has, and whatever a merge brought of which every record goes. No
    run joins the two again.
    """
    locked = Customer.objects.select_for_update().filter(pk=customer.pk).first()
    if locked is None:
        raise ValidationError(_("This customer was merged in the meantime."))
    all_ = list(SourceRecord.objects.select_for_update().filter(customer=locked).order_by("pk"))
    parting = parting_of(locked.pk, records, all_)
    going, staying = parting.going, parting.staying
    if not going or len(going) != len(set(records)):
        raise ValidationError(_("Choose records of this customer."))
    if not staying:
        raise ValidationError(_("At least one record must stay with this customer."))
    new = with_name_keys(founded(locked, going))
    new.save(force_insert=True)
    rows: Rows = []
    for one, keys in parting.along:
        one.model._default_manager.filter(pk__in=keys).update(**{one.column: new.pk})
        rows.append([one.table, one.column, [str(k) for k in keys]])
    SourceRecord.objects.filter(pk__in=records).update(customer=new)
    points = ContactPoint.objects.filter(customer=locked).order_by("created_at", "pk")
    ContactPoint.objects.bulk_create(ended_too(points, new.pk, reached_by(going)))
    forget_values(locked, going, {})
    refresh_golden([locked.pk, new.pk], by=by, trust=trust_of_sources())
    part_records(going[0].pk, staying[0].pk, by=by)
    new.refresh_from_db()
    split = Split.objects.create(
        customer_key=locked.pk, new_key=new.pk, name=new.name, records=[r.pk for r in going],
        rows=rows, copied=copied_to(new.pk, rows), by=by, question=question,
    )  # fmt: skip
    record_change("split_records", locked, by=by, changes={"records": [records, str(new.pk)]})
    publish(
        RecordsSplit(
            subject_id=split.pk, customer_id=locked.pk, new_id=new.pk, records=len(records)
        ),
        by=by,
    )
    return split


@anew(WHO_IS_WHO)
def undo_split(split: Split, *, by: User | None) -> Customer:
    """Give the records back to the customer whom they were taken from; its id resolves for ever."""
    split = Split.objects.select_for_update().get(pk=split.pk)
    if split.undone_at:
        raise ValidationError(_("This split was undone already."))
    holder = present(split.customer_key)
    new = Customer.objects.select_for_update().filter(pk=split.new_key).first()
    since = Merge.objects.filter(undone_at=None, created_at__gt=split.created_at)
    if (
        holder is None
        or new is None
        or holder == new.pk
        or since.filter(survivor_id__in=[holder, new.pk]).exists()
    ):
        raise ValidationError(
            _("One of the two was merged since. Undo that merge first, then the split.")
        )
    survivor = Customer.objects.select_for_update().get(pk=holder)
    Apart.objects.filter(a__in=split.records, b__customer=holder).delete()
    Apart.objects.filter(b__in=split.records, a__customer=holder).delete()
    _drop_copies(holder, new.pk)
    take(holder, new.pk, timezone.now(), back=True)
    Alias.objects.filter(customer=new).update(customer=survivor)
    Alias.objects.create(old_id=new.pk, customer=survivor)
    Merge.objects.filter(survivor_id=new.pk).update(survivor=survivor)
    delete_bare(new.pk)
    refresh_golden([holder], by=by, trust=trust_of_sources())
    split.undone_at, split.undone_by = timezone.now(), by
    split.save(update_fields=["undone_at", "undone_by"])
    stands_otherwise_again(split)
    record_change("undo_split", survivor, by=by, changes={"split": [str(new.pk), None]})
    publish(CustomersMerged(subject_id=split.pk, customer_id=holder, merged_id=new.pk), by=by)
    survivor.refresh_from_db()
    return survivor


def copied_to(new: uuid.UUID, rows: Rows) -> list[str]:
    """Keys of the contact points that a new customer got beside those that moved to it."""
    moved = {key for _table, _column, keys in rows for key in keys}
    points = ContactPoint.objects.filter(customer=new).values_list("pk", flat=True)
    return [str(pk) for pk in points if str(pk) not in moved]


def _drop_copies(holder: uuid.UUID, new: uuid.UUID) -> None:
    """Contact points that both got when they were parted: the copy goes, unless it was checked.

    One in use stays until what it was copied from is back, for a record still says it.
    """
    both = Q(customer_key__in=[holder, new]) | Q(new_key__in=[holder, new])
    copies = {key for split in Split.objects.filter(both) for key in split.copied}
    theirs, mine = defaultdict(list), []
    for point in ContactPoint.objects.filter(customer__in=[holder, new]).order_by("pk"):
        theirs[point.kind, way_key(point.kind, point.value)].append(point)
    for same in theirs.values():
        if {p.customer_id for p in same} != {holder, new}:
            continue
        live = [p for p in same if p.ended_at is None]
        copied = [p for p in live if str(p.pk) in copies]
        mine += copied if len(copied) < len(live) else copied[1:]
        # what merges ended at the holder stays for undoing them
        ended = [p for p in same if p.ended_at is not None and p.customer_id == new]
        mine += [p for p in ended if str(p.pk) in copies]
    keys = [point.pk for point in mine]
    ContactPoint.objects.filter(pk__in=keys, checks=None).delete()
