"""Merging, undoing and splitting: the only writers of who is who.

Everything that points at the customer who goes moves to the one who stays, found through the models
themselves, and is written down by key; what cannot move (the customer's own row, doubles) is kept
whole. Undoing puts back exactly what is still where the merge left it.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.models import Alias, Customer, Relation, SourceRecord
from dangol.identity.events import CustomersMerged, MergeUndone, RecordsSplit
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.belongings import belongings, between, doubles, move, whole
from dangol.identity.models import Merge, Question


@transaction.atomic
def merge_customers(
    survivor: Customer, other: Customer, *, by: User | None, question: Question | None = None
) -> Merge:
    """Take `other` into `survivor`. Raises ValidationError for one and the same customer.

    The other's id becomes an alias that resolves for ever. Nothing is mailed and no rule is run.
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
    kept, moved = _take(survivor.pk, other)
    Alias.objects.filter(customer=other).update(customer=survivor)
    Alias.objects.create(old_id=other.pk, customer=survivor)
    _delete(other.pk)
    merge = Merge.objects.create(
        survivor=survivor, survivor_key=survivor.pk, merged_key=other.pk, name=other.name,
        rows=moved, kept=kept, by=by, question=question,
    )  # fmt: skip
    refresh_golden([survivor.pk], by=by, trust=trust_of_sources())
    record_change("merge_customers", survivor, by=by, changes={"merged": [None, str(other.pk)]})
    publish(
        CustomersMerged(subject_id=merge.pk, customer_id=survivor.pk, merged_id=other.pk), by=by
    )
    return merge


def _take(survivor: uuid.UUID, other: Customer) -> tuple[list[Any], list[Any]]:
    """Move all that belongs to the other one; (rows kept whole, rows that moved)."""
    kept = _whole(Customer, [other.pk])
    mutual = between(survivor, other.pk)
    kept += _whole(Relation, mutual)
    Relation.objects.filter(pk__in=mutual).delete()
    moved = []
    for one in belongings():
        rivals = doubles(one, survivor, other.pk)
        if rivals:
            kept += _whole(one.model, rivals)
            one.model._default_manager.filter(pk__in=rivals)._raw_delete("default")  # type: ignore[attr-defined]
        if keys := move(one, other.pk, survivor):
            moved.append([one.table, one.column, [str(k) for k in keys]])
    return kept, moved


def _whole(model: Any, keys: list[Any]) -> list[Any]:
    return json.loads(json.dumps(whole(model, keys), cls=_encoder())) if keys else []


def _encoder() -> type[json.JSONEncoder]:
    from django.core.serializers.json import DjangoJSONEncoder

    return DjangoJSONEncoder


def _delete(key: uuid.UUID) -> None:
    """Delete the bare row: what still points at it makes the database refuse."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customer WHERE id = %s", [key])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@transaction.atomic
def undo_merge(merge: Merge, *, by: User | None) -> Customer:
    """Take a merge back, also after more merges; the customer that stands for itself again.

    What came since stays with the survivor; what was moved elsewhere by hand since stays there too.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise ValidationError(_("This merge was undone already."))
    holder = present(merge.survivor_key)
    if holder is None:
        raise ValidationError(_("The customer who took this one in is no more."))
    Customer.objects.select_for_update().get(pk=holder)
    Alias.objects.filter(old_id=merge.merged_key).delete()
    _restore([row for row in merge.kept if row["model"] == "customers.customer"])
    for table, column, keys in merge.rows:
        _put_back(table, column, keys, merge.merged_key, holder)
    _restore([row for row in merge.kept if row["model"] != "customers.customer"])
    _return_aliases(merge)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    refresh_golden([holder, merge.merged_key], by=by, trust=trust_of_sources())
    restored = Customer.objects.get(pk=merge.merged_key)
    record_change("undo_merge", restored, by=by, changes={"merged": [str(holder), None]})
    publish(MergeUndone(subject_id=merge.pk, customer_id=holder, restored_id=restored.pk), by=by)
    return restored


def present(key: uuid.UUID | None) -> uuid.UUID | None:
    """The customer that an id stands for now."""
    if key is None:
        return None
    if Customer.objects.filter(pk=key).exists():
        return key
    return Alias.objects.filter(old_id=key).values_list("customer_id", flat=True).first()


def _restore(rows: list[dict[str, Any]]) -> None:
    for one in serializers.deserialize("python", rows):
        one.save()


def _put_back(table: str, column: str, keys: list[str], to: uuid.UUID, holder: uuid.UUID) -> None:
    model = next(b for b in belongings() if b.table == table and b.column == column)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET "{column}" = %s'
            f' WHERE "{column}" = %s AND "{model.key}"::text = ANY(%s)',
            [to, holder, keys],
        )


def _return_aliases(merge: Merge) -> None:
    """Ids that had been merged into the restored customer before resolve to it again."""
    earlier = Merge.objects.filter(
        survivor_key=merge.merged_key, undone_at=None, created_at__lt=merge.created_at
    )
    for one in earlier:
        Alias.objects.filter(old_id=one.merged_key).update(customer_id=merge.merged_key)
        _return_aliases(one)


@transaction.atomic
def split_records(customer: Customer, records: list[int], *, by: User | None) -> Customer:
    """Make a customer of its own out of some records of another; at least one must stay."""
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    mine = list(SourceRecord.objects.select_for_update().filter(customer=locked, pk__in=records))
    if not mine or len(mine) != len(set(records)):
        raise ValidationError(_("Choose records of this customer."))
    if not SourceRecord.objects.filter(customer=locked).exclude(pk__in=records).exists():
        raise ValidationError(_("At least one record must stay with this customer."))
    new = Customer.objects.create(kind=locked.kind, name=locked.name, home_place=locked.home_place)
    SourceRecord.objects.filter(pk__in=records).update(customer=new)
    refresh_golden([locked.pk, new.pk], by=by, trust=trust_of_sources())
    new.refresh_from_db()
    record_change("split_records", locked, by=by, changes={"records": [records, str(new.pk)]})
    publish(
        RecordsSplit(
            subject_id=locked.pk, customer_id=locked.pk, new_id=new.pk, records=len(records)
        ),
        by=by,
    )
    return new
