"""What both customers have before a merge: which of the two stays, which goes, and why."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.core.masking import shown_contact, shown_phone
from dangol.customers.attributes.values import said_of
from dangol.customers.models import (
    AttributeValue,
    ContactKind,
    ContactPoint,
    ContactState,
    Relation,
    RelationKind,
)
from dangol.identity.merging.belongings import belongings, between, doubles
from dangol.identity.merging.consents import wider_consents
from dangol.identity.merging.preview import SILENT, table_words
from dangol.identity.merging.taking import worth

WHY: dict[str, str | Promise] = {
    "consent": gettext_lazy("a consent never becomes wider: of two the narrower stays"),
    "ask": gettext_lazy("the other did not give it: this consent will have to be asked again"),
    "stays": gettext_lazy("the customer who stays keeps its own"),
    "verified": gettext_lazy("it was verified, or verified later"),
    "alike": gettext_lazy("both know the same of it"),
    "self": gettext_lazy("nobody is tied to himself"),
}
TOLD = {"customers_attributevalue", "customers_contactpoint", "customers_relation"}


@dataclass(frozen=True, slots=True)
class Both:
    """One thing that both have: what stays, what goes, why; undoing brings it back."""

    what: str
    stays: str
    goes: str
    why: str


def in_both(survivor: uuid.UUID, other: uuid.UUID) -> list[Both]:
    """Everything of which a merge would leave one, as it would decide it."""
    return [
        *_attributes(survivor, other), *_points(survivor, other), *_ties(survivor, other),
        *_others(survivor, other),
    ]  # fmt: skip


def _attributes(survivor: uuid.UUID, other: uuid.UUID) -> list[Both]:
    """Own attributes: what the one who stays said is kept, but a consent never becomes wider."""
    rows = AttributeValue.objects.filter(customer__in=[survivor, other]).select_related("attribute")
    mine = {row.attribute_id: row for row in rows if row.customer_id == survivor}
    theirs = {row.attribute_id: row for row in rows if row.customer_id == other}
    wider, told = set(wider_consents(survivor, other)), []
    for key in (key for key in mine if key in theirs):
        stays, goes, why = mine[key], theirs[key], "stays"
        if stays.pk in wider:
            stays, goes, why = goes, stays, "consent"
        told.append(Both(str(stays.attribute), said_of(stays), said_of(goes), str(WHY[why])))
    for row in rows:
        if row.pk in wider and not (row.attribute_id in mine and row.attribute_id in theirs):
            told.append(Both(str(row.attribute), _("not known"), said_of(row), str(WHY["ask"])))
    return told


def _points(survivor: uuid.UUID, other: uuid.UUID) -> list[Both]:
    """Contact points that both have open: the one that knows less ends."""
    found = ContactPoint.objects.filter(customer__in=[survivor, other], ended_at=None)
    mine = {(p.kind, p.value): p for p in found if p.customer_id == survivor}
    told = []
    for point in found:
        twin = mine.get((point.kind, point.value))
        if point.customer_id != other or twin is None:
            continue
        stays, goes = (point, twin) if worth(point) > worth(twin) else (twin, point)
        why = "alike" if worth(stays) == worth(goes) else "verified"
        shown = shown_phone(point.value) if point.kind == ContactKind.PHONE else point.value
        told.append(
            Both(
                shown_contact(point.kind, shown), str(ContactState(stays.state).label),
                str(ContactState(goes.state).label), str(WHY[why]),
            )
        )  # fmt: skip
    return told


def _ties(survivor: uuid.UUID, other: uuid.UUID) -> list[Both]:
    """Ties between the two end; of two equal ties to a third one stays."""
    rows = Relation.objects.filter(pk__in=between(survivor, other), ended_at=None)
    return [
        Both(str(RelationKind(row.kind).label), "–", _("each other"), str(WHY["self"]))
        for row in rows
    ]


def _others(survivor: uuid.UUID, other: uuid.UUID) -> list[Both]:
    """Everything else that may stand once only, by number."""
    found: dict[str, int] = {}
    for one in belongings():
        if one.table in SILENT | TOLD:
            continue
        number = sum(len(doubles(one, survivor, other, ending=ending)) for ending in (True, False))
        if number:
            found[one.table] = found.get(one.table, 0) + number
    return [
        Both(table_words(table, number), str(number), str(number), str(WHY["stays"]))
        for table, number in found.items()
    ]
