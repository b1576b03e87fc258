"""What was written while two customers were one goes where the thing it hangs on goes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import F, ForeignKey, Model, Subquery
from django.db.models.expressions import OuterRef

from dangol.customers.models import ContactPoint
from dangol.identity.merging.belongings import belongings


def follow(restored: uuid.UUID, holder: uuid.UUID, since: dt.datetime) -> None:
    """After an undo: a conversation belongs to whom its thread belongs, answers and cases alike, and
    no conversation of the time since the merge points at a telephone of the other one."""
    links = list(hanging())
    # What hangs on something may itself carry more: until nothing moves.
    while any(_follows(model, link, restored, holder) for model, link in links):
        pass
    for model, link in points():
        for one, other in ((restored, holder), (holder, restored)):
            _own_point(model, link, one, other, since)


def hanging() -> Iterator[tuple[type[Model], str]]:
    """Rows of a customer that hang on another row of a customer, and by which link."""
    own = [one for one in belongings() if one.column == "customer_id"]
    carriers = {one.model for one in own}
    for one in own:
        if one.rivals:  # what may stand once only stays where it is
            continue
        for field in one.model._meta.fields:
            target = field.related_model
            if (
                isinstance(field, ForeignKey)
                and target in carriers
                and target is not ContactPoint
                and target is not one.model
            ):
                yield one.model, field.name


def points() -> Iterator[tuple[type[Model], str]]:
    """Rows of a customer that say how the customer was reached."""
    for one in belongings():
        if one.column != "customer_id":
            continue
        for field in one.model._meta.fields:
            if field.related_model is ContactPoint and field.null:
                yield one.model, field.name


def _follows(model: type[Model], link: str, restored: uuid.UUID, holder: uuid.UUID) -> int:
    theirs = {"customer_id": holder, f"{link}__customer_id": restored}
    return model._default_manager.filter(**theirs).update(customer_id=restored)


def _own_point(
    model: type[Model], link: str, one: uuid.UUID, other: uuid.UUID, since: dt.datetime
) -> None:
    """The same value of the customer itself, in use before ended; where it has none, nothing: the call
    keeps the number that was dialled."""
    dialled = ContactPoint.objects.filter(pk=OuterRef(OuterRef(f"{link}_id")))
    said = {f: Subquery(dialled.values(f)[:1]) for f in ("kind", "value")}
    same = ContactPoint.objects.filter(customer_id=one, **said).order_by(
        F("ended_at").desc(nulls_first=True)
    )
    foreign = {"customer_id": one, f"{link}__customer_id": other, "created_at__gte": since}
    model._default_manager.filter(**foreign).update(**{link: Subquery(same.values("pk")[:1])})
