"""What goes and what stays when records of a customer are split off: asked before, done after."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from dangol.customers.contact_values import contact_value
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.golden.same_way import answers, covers, firmest, refused, same_way
from dangol.identity.golden.survivorship import REACH, live, reached, said
from dangol.identity.merging.belongings import Belonging, belongings
from dangol.identity.merging.brought import brought_with, still_there

LEFT = {"customers_sourcerecord", "customers_contactpoint", "customers_relation"}
Along = list[tuple[Belonging, list[Any]]]
"""Columns with the keys of the rows that go."""
Reached = set[tuple[str, str]]
"""(way, value) that records know, in the form of contact points."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Records that go, records that stay, and what goes along."""

    customer: uuid.UUID
    going: list[SourceRecord]
    staying: list[SourceRecord]
    along: Along
    points: list[ContactPoint]
    """The customer's contact points as they are."""

    @property
    def possible(self) -> bool:
        """Whether some go and some stay."""
        return bool(self.going and self.staying)

    def keys(self, table: str) -> set[Any]:
        """Keys of the rows of a table that go along."""
        return {key for one, keys in self.along if one.table == table for key in keys}


def parting_of(customer: uuid.UUID, records: Collection[int], all_: list[SourceRecord]) -> Parting:
    """What splitting these records off all records of a customer would part."""
    wanted = set(records)
    going = [r for r in all_ if r.pk in wanted]
    staying = [r for r in all_ if r.pk not in wanted]
    if not going or not staying:
        return Parting(customer, going, staying, [], [])
    points = list(ContactPoint.objects.filter(customer=customer).order_by("created_at", "pk"))
    along = going_along(customer, going, staying, points)
    return Parting(customer, going, staying, along, points)


def going_along(
    customer: uuid.UUID,
    going: list[SourceRecord],
    staying: list[SourceRecord],
    points: list[ContactPoint],
) -> Along:
    """Rows beside the records that belong to those who go."""
    found: Along = []
    sources = {r.source for r in going} - {r.source for r in staying}
    brought = brought_with(customer, [r.pk for r in going])
    for one in belongings():
        names = {f.name for f in one.model._meta.fields}
        if one.table == "customers_contactpoint":
            keys = _points_of(points, going, staying)
        elif one.table in LEFT:
            continue
        else:
            keys = still_there(one, customer, brought)
            if "source" in names:
                rows = one.model._default_manager.filter(**{one.column: customer})
                rows = rows.filter(source__in=sources).exclude(pk__in=keys)
                keys += rows.values_list("pk", flat=True)
        if keys:
            found.append((one, keys))
    return found


def _points_of(
    points: list[ContactPoint], going: list[SourceRecord], staying: list[SourceRecord]
) -> list[Any]:
    theirs, ours = reached_by(going), reached_by(staying)
    live = [p for p in points if p.ended_at is None]
    # of two that said the same one had ended: it stays for undoing what brought them together
    return [
        p.pk for p in points
        if any(answers(p, *known) for known in theirs) and not _stays(p, ours)
        and (p.ended_at is None or not any(same_way(p, other) for other in live))
    ]  # fmt: skip


def _stays(point: ContactPoint, ours: Reached) -> bool:
    """Whether who stays knows it too. What is in use must be said as fully: a unit that only who goes
    knows is theirs alone; what was refused, or has ended, stays by any word of it."""
    if point.ended_at is not None or refused(point):
        return any(answers(point, *known) for known in ours)
    return any(way == point.kind and covers(way, value, point.value) for way, value in ours)


def reached_by(records: list[SourceRecord]) -> Reached:
    """Every way to reach somebody that these records know."""
    found = set()
    for way in REACH:
        for one in reached(live(records) or records, way, {}):
            try:
                found.add((way, contact_value(way, one.value)))
            except ValidationError:
                continue
    return found


def founded(customer: Customer, going: list[SourceRecord]) -> Customer:
    """Who comes of records that leave a customer, before anything is derived from them: called as
    they say, or as they said last; at home where the customer is, for who sees it hangs on that."""
    names = said(live(going) or going, "name", {})
    return Customer(
        kind=customer.kind, name=names[0].value[:120] if names else customer.name,
        home_place_id=customer.home_place_id, created_at=min(r.first_seen_at for r in going),
    )  # fmt: skip


def known_too(parting: Parting, new: uuid.UUID) -> list[ContactPoint]:
    """Of what stays: what had ended or was refused, and who goes knows too, is so for the new customer
    as well: no record brings it back."""
    goes = parting.keys(ContactPoint._meta.db_table)
    all_ = firmest(parting.points)
    found: dict[Any, ContactPoint] = {}
    for way, value in sorted(reached_by(parting.going)):
        about = (p for p in all_ if answers(p, way, value))
        # what is in use and says more than they do is not theirs, and hides nothing from them
        told = (p for p in about if p.ended_at or refused(p) or covers(way, value, p.value))
        point = next(told, None)
        if point and point.pk not in goes and (point.ended_at is not None or refused(point)):
            found[point.pk] = point
    return [
        ContactPoint(
            customer_id=new, kind=old.kind, value=old.value, parts=old.parts, source=old.source,
            tail=old.tail, state=old.state, checked_at=old.checked_at, ended_at=old.ended_at,
            ended_for=old.ended_for, said_since=old.said_since, undated=old.undated,
        )
        for old in found.values()
    ]  # fmt: skip
