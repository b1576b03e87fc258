"""One step of who is who, forward and back: a step back restores what stood before it exactly, as
long as no later step stands that touched the same customers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core import serializers
from django.db import IntegrityError, connection, transaction

from dangol.core.models import User
from dangol.customers.models import Alias, ContactPoint, Customer, SourceRecord
from dangol.identity.golden.survivorship import Trust
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.apart import apart_between
from dangol.identity.merging.belongings import Belonging, belonging_of, belongings
from dangol.identity.merging.consents import consents_of, consents_of_both, settle_consents
from dangol.identity.merging.history import THEN
from dangol.identity.merging.leaving import fields_of, forget_values
from dangol.identity.merging.taking import delete_bare, kept_whole, take
from dangol.identity.models import Apart, Merge

UNIQUE_VIOLATION = "23505"
"""PostgreSQL's code of a row that stands there already."""


def step_forward(
    merge: Merge, *, by: User | None, tell: bool = True, trust: Trust | None = None
) -> None:
    """Take the merged customer into the survivor, and write down all that moved."""
    survivor, other = (
        Customer.objects.get(pk=key) for key in (merge.survivor_key, merge.merged_key)
    )
    parted = [one.pk for one in apart_between([survivor.pk, other.pk])]
    said = kept_whole(Apart, parted)
    Apart.objects.filter(pk__in=parted).delete()
    then = {THEN: merge.before[THEN]} if THEN in merge.before else {}
    merge.before = fields_of(survivor) | then
    merge.consents = consents_of_both(survivor.pk, other.pk)
    merge.rows, kept, merge.ended = take(survivor.pk, other.pk, merge.created_at)
    merge.kept = kept + said
    merge.survivor = survivor
    Alias.objects.filter(customer=other).update(customer=survivor)
    Alias.objects.create(old_id=other.pk, customer=survivor)
    Merge.objects.filter(survivor_id=other.pk).update(survivor=survivor)
    delete_bare(other.pk)
    merge.save()
    known = trust_of_sources() if trust is None else trust
    refresh_golden([survivor.pk], by=by, trust=known, tell=tell)


def step_back(
    merge: Merge, *, by: User | None, tell: bool = True, trust: Trust | None = None
) -> None:
    """Both customers stand for themselves again; what came since stays with the survivor."""
    survivor = Customer.objects.select_for_update().get(pk=merge.survivor_key)
    said = consents_of(survivor.pk, merge.consents)
    Alias.objects.filter(old_id=merge.merged_key).delete()
    restore([row for row in merge.kept if row["model"] == "customers.customer"])
    for table, column, keys in merge.rows:
        put_back(table, column, keys, merge.merged_key, survivor.pk)
    restore([row for row in merge.kept if row["model"] != "customers.customer"])
    for table, _column, keys in merge.ended:
        reopen(table, keys, merge.created_at)
    return_aliases(merge)
    settle_consents(merge, said)
    leaving = list(SourceRecord.objects.filter(customer=merge.merged_key))
    forget_values(survivor, leaving, merge.before)
    both = [survivor.pk, merge.merged_key]
    known = trust_of_sources() if trust is None else trust
    refresh_golden(both, by=by, trust=known, tell=tell)


def put_back(table: str, column: str, keys: list[str], to: uuid.UUID, holder: uuid.UUID) -> None:
    """Rows that are still where the merge left them belong to the restored customer again."""
    if (one := belonging_of(table, column)) is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" AS t SET "{column}" = %s'
            f' WHERE "{column}" = %s AND {one.key_sql("t")} = ANY(%s)',
            [to, holder, keys],
        )


def reopen(table: str, keys: list[str], at: dt.datetime) -> None:
    """Rows that ended only because they stood there twice are open again, unless what came since says
    the same."""
    one = next(b for b in belongings() if b.table == table)
    for key in keys:
        with unless_there():
            marks = {"ended_for": ""} if one.model is ContactPoint else {}
            one.model._default_manager.filter(pk=key, ended_at=at).update(ended_at=None, **marks)


def restore(rows: list[dict[str, Any]]) -> None:
    """Make rows again that were kept whole; where something that came since says the same, that stays."""
    composite = {b.model._meta.label_lower: b for b in belongings() if b.composite}
    for row in rows:
        if row["model"] == Customer._meta.label_lower:
            _make(row, None)
            continue
        with unless_there():
            _make(row, composite.get(row["model"]))


def _make(row: dict[str, Any], composite: Belonging | None) -> None:
    if composite:
        composite.model(**row["fields"]).save(force_insert=True)
        return
    for made in serializers.deserialize("python", [row]):
        made.save()


@contextmanager
def unless_there() -> Iterator[None]:
    """Leave a change out where a row that came since says the same; any other refusal is raised."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if getattr(refused.__cause__, "sqlstate", "") != UNIQUE_VIOLATION:
            raise


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
