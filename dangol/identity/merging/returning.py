"""What a merge moved goes back: also when the survivor was merged away or split since."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.core import serializers
from django.db import IntegrityError, transaction
from django.utils import timezone

from dangol.customers.models import Alias, Customer, Relation
from dangol.identity.merging.belongings import Belonging, belonging_of, belongings
from dangol.identity.models import Merge, Split


def present(key: uuid.UUID | None) -> uuid.UUID | None:
    """The customer that an id stands for now."""
    if key is None:
        return None
    if Customer.objects.filter(pk=key).exists():
        return key
    return Alias.objects.filter(old_id=key).values_list("customer_id", flat=True).first()


def later_merges(key: uuid.UUID) -> Iterator[Merge]:
    """The merges that took this customer away, and then the one who took it, and so on."""
    while (
        taken := Merge.objects.filter(merged_key=key, undone_at=None).order_by("created_at").last()
    ):
        yield taken
        key = taken.survivor_key


def split_since(merge: Merge, holder: uuid.UUID) -> bool:
    """Whether records of the one who holds the merge were taken from it since."""
    later = Split.objects.filter(undone_at=None, created_at__gt=merge.created_at)
    return any(present(one.customer_key) == holder for one in later)


def put_back(table: str, column: str, keys: list[str], to: uuid.UUID, holder: uuid.UUID) -> None:
    """Rows that are still where the merge left them belong to the restored customer again."""
    if (one := belonging_of(table, column)) is None:
        return
    rows = one.model._default_manager.filter(**{one.column: holder, "pk__in": keys})
    if not any(open_only for _columns, open_only in one.rivals):
        rows.update(**{one.column: to})
        return
    for row in rows:
        _alone(row, {one.column: to})


def reopen(table: str, keys: list[str], at: dt.datetime) -> None:
    """Rows that ended only because they stood there twice are open again."""
    one = next(b for b in belongings() if b.table == table)
    for row in one.model._default_manager.filter(pk__in=keys, ended_at=at):
        _alone(row, {"ended_at": None})


def _alone(row: Any, changed: dict[str, Any]) -> None:
    """Change a row; where another open one says the same now, because of a merge that still stands,
    it ends until that merge is undone."""
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**changed)
    except IntegrityError:
        fields = {f.column: getattr(row, f.attname) for f in row._meta.fields} | changed
        mine = [b for b in belongings() if b.model is type(row)]
        holders = [fields[b.column] for b in mine]
        responsible = (
            Merge.objects.filter(survivor_id__in=holders, undone_at=None).order_by("created_at").last()
        )  # fmt: skip
        if responsible is None:
            raise
        type(row)._default_manager.filter(pk=row.pk).update(
            **{**changed, "ended_at": responsible.created_at}
        )
        responsible.ended = [*responsible.ended, [mine[0].table, mine[0].column, [str(row.pk)]]]
        responsible.save(update_fields=["ended"])


def claim_kept(merge: Merge) -> None:
    """Rows that this merge moved and a later one put aside come back from there."""
    wanted = {(table, str(key)): column for table, column, keys in merge.rows for key in keys}
    tables = {b.model._meta.label_lower: b.table for b in belongings()}
    for later in Merge.objects.filter(undone_at=None, created_at__gt=merge.created_at):
        mine, others = [], []
        for row in later.kept:
            known = (tables.get(row["model"], ""), str(row["pk"])) in wanted
            (mine if known else others).append(row)
        if mine:
            later.kept = others
            later.save(update_fields=["kept"])
            for row in mine:
                column = wanted[tables[row["model"]], str(row["pk"])]
                restore_row(row, {column: merge.merged_key})


def restore(rows: list[dict[str, Any]]) -> None:
    """Make rows again that were kept whole."""
    for row in rows:
        restore_row(row, {})


def restore_row(row: dict[str, Any], forced: dict[str, uuid.UUID]) -> None:
    """Make one row again; who was merged away since is replaced by who holds him now, and that is
    written into those merges, so that undoing them takes the row along."""
    fields: dict[str, Any] = row["fields"]
    mine = [b for b in belongings() if b.model._meta.label_lower == row["model"]]
    fields |= {_field(b): str(forced[b.column]) for b in mine if b.column in forced}
    for one in mine:
        name = _field(one)
        key = fields.get(name)
        if key is None or Customer.objects.filter(pk=key).exists():
            continue
        for later in later_merges(uuid.UUID(str(key))):
            other = [str(fields[_field(b)]) for b in mine if b is not one]
            if row["model"] == Relation._meta.label_lower and str(later.survivor_key) in other:
                later.kept = [*later.kept, row]
                later.save(update_fields=["kept"])
                return
            later.rows = [*later.rows, [one.table, one.column, [str(row["pk"])]]]
            later.save(update_fields=["rows"])
            fields[name] = str(later.survivor_key)
    for made in serializers.deserialize("python", [row]):
        if (
            not any(open_only for one in mine for _columns, open_only in one.rivals)
            or made.object.ended_at is not None
        ):
            made.save()
        else:
            made.object.ended_at = timezone.now()
            made.save()
            _alone(made.object, {"ended_at": None})


def _field(one: Belonging) -> str:
    return next(f.name for f in one.model._meta.fields if f.column == one.column)


def return_aliases(merge: Merge) -> None:
    """Ids that had been merged into the restored customer before resolve to it again."""
    earlier = Merge.objects.filter(
        survivor_key=merge.merged_key, undone_at=None, created_at__lt=merge.created_at
    )
    for one in earlier:
        _comes_along(one, merge.merged_key)


def _comes_along(merge: Merge, to: uuid.UUID) -> None:
    """An earlier merge, and those before it, are held by the restored customer again."""
    Alias.objects.filter(old_id=merge.merged_key).update(customer_id=to)
    Merge.objects.filter(pk=merge.pk).update(survivor_id=to)
    for one in Merge.objects.filter(
        survivor_key=merge.merged_key, undone_at=None, created_at__lt=merge.created_at
    ):
        _comes_along(one, to)
