"""Records of one customer become a customer of their own, and come back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.actions import with_name_keys
from dangol.customers.models import Alias, ContactPoint, Customer, EndedFor, SourceRecord
from dangol.identity.events import CustomersMerged, RecordsSplit
from dangol.identity.golden.same_way import refused, same_way
from dangol.identity.golden.survivorship import Trust
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.apart import part_records
from dangol.identity.merging.finding import present
from dangol.identity.merging.leaving import forget_values
from dangol.identity.merging.parting import Parting, founded, known_too, parting_of
from dangol.identity.merging.rewinding import refuse_parted, since, stepped_back
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
    ContactPoint.objects.bulk_create(known_too(parting, new.pk))
    forget_values(locked, going, {})
    refresh_golden([locked.pk, new.pk], by=by, trust=trust_of_sources())
    part_records(going[0].pk, staying[0].pk, by=by)
    new.refresh_from_db()
    split = Split.objects.create(
        customer_key=locked.pk, new_key=new.pk, name=new.name, records=[r.pk for r in going],
        rows=rows, by=by, question=question, **since_parted(parting, new.pk),
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
    """Give the records back to the customer whom they were taken from, also after that one was merged;
    the other id resolves for ever.

    Raises ValidationError where who was split off was merged since: of whom the records are is not
    for this to say.
    """
    split = Split.objects.select_for_update().get(pk=split.pk)
    if split.undone_at:
        raise ValidationError(_("This split was undone already."))
    if in_the_way(split):
        raise ValidationError(
            _("Who was split off was merged since. Undo that merge first, then the split.")
        )
    own = {split.customer_key, split.new_key}
    later, trust = merged_since(split), trust_of_sources()
    refuse_parted(later)
    with stepped_back(later, own, by=by, trust=trust):
        _give_back(split, by=by, tell=not later, trust=trust)
    split.undone_at, split.undone_by = timezone.now(), by
    split.save(update_fields=["undone_at", "undone_by"])
    stands_otherwise_again(split)
    survivor = Customer.objects.get(pk=present(split.customer_key))
    record_change("undo_split", survivor, by=by, changes={"split": [str(split.new_key), None]})
    publish(
        CustomersMerged(subject_id=split.pk, customer_id=survivor.pk, merged_id=split.new_key),
        by=by,
    )
    return survivor


def merged_since(split: Split) -> list[Merge]:
    """Merges to be stepped back while a split is taken back: none where neither was merged since."""
    own = {split.customer_key, split.new_key}
    newer = Merge.objects.filter(undone_at=None, created_at__gt=split.created_at)
    if not newer.filter(Q(survivor_key__in=own) | Q(merged_key__in=own)).exists():
        return []
    return since(own, split.created_at)


def in_the_way(split: Split) -> QuerySet[Merge]:
    """Merges by which who was split off became one with others, the latest first."""
    newer = Merge.objects.filter(undone_at=None, created_at__gt=split.created_at)
    off = Q(survivor_key=split.new_key) | Q(merged_key=split.new_key)
    return newer.filter(off).order_by("-created_at", "-pk")


def _give_back(split: Split, *, by: User | None, tell: bool, trust: Trust) -> None:
    """The records and what went along with them, where nothing that came later stands."""
    survivor = Customer.objects.select_for_update().get(pk=split.customer_key)
    new = Customer.objects.select_for_update().get(pk=split.new_key)
    Apart.objects.filter(a__in=split.records, b__customer=survivor).delete()
    Apart.objects.filter(b__in=split.records, a__customer=survivor).delete()
    _drop_copies(survivor.pk, new.pk)
    take(survivor.pk, new.pk, timezone.now(), back=True)
    Alias.objects.filter(customer=new).update(customer=survivor)
    Alias.objects.create(old_id=new.pk, customer=survivor)
    Merge.objects.filter(survivor_id=new.pk).update(survivor=survivor)
    delete_bare(new.pk)
    refresh_golden([survivor.pk], by=by, trust=trust, tell=tell)
    _end_again(split)


def since_parted(parting: Parting, new: uuid.UUID) -> dict[str, Any]:
    """What became of contact points because two were parted: those that came, as each needs its own,
    and those that had ended and are in use again, with when they had."""
    before = {p.pk: p for p in parting.points}
    now = ContactPoint.objects.filter(customer__in=[parting.customer, new]).order_by("pk")
    copied = [str(p.pk) for p in now if p.pk not in before]
    ended = {
        str(p.pk): before[p.pk].ended_at.isoformat()
        for p in now.filter(ended_at=None, pk__in=before)
        if before[p.pk].ended_at
    }
    return {"copied": copied, "reopened": ended}


def _end_again(split: Split) -> None:
    """What was in use again only because two were parted has ended when it had before."""
    points = ContactPoint.objects.filter(pk__in=split.reopened, ended_for=EndedFor.SOURCE)
    for point in points.filter(ended_at__gt=split.created_at):
        point.ended_at = dt.datetime.fromisoformat(split.reopened[str(point.pk)])
        point.save(update_fields=["ended_at"])


def _drop_copies(holder: uuid.UUID, new: uuid.UUID) -> None:
    """Contact points that both got when they were parted: the copy goes, unless it was checked.

    One in use stays until what it was copied from is back, for a record still says it; or until a
    person put an end to that.
    """
    both = Q(customer_key__in=[holder, new]) | Q(new_key__in=[holder, new])
    copies = {key for split in Split.objects.filter(both) for key in split.copied}
    left = list(ContactPoint.objects.filter(customer__in=[holder, new]).order_by("-pk"))
    checked = {p.pk for p in ContactPoint.objects.filter(pk__in=copies).exclude(checks=None)}
    gone = []
    for copy in [p for p in left if str(p.pk) in copies and p.pk not in checked]:
        same = [p for p in left if p is not copy and same_way(p, copy)]
        if _needless(copy, same):
            left.remove(copy)
            gone.append(copy.pk)
    ContactPoint.objects.filter(pk__in=gone).delete()


def _needless(copy: ContactPoint, same: list[ContactPoint]) -> bool:
    """Whether all that a copy says is said by what stays."""
    if all(p.customer_id == copy.customer_id for p in same):
        return False
    if copy.ended_at is not None:
        return True
    return any(p.ended_at is None or refused(p) for p in same)
