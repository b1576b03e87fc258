"""Writes over customers and their contact points."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.events import plain, publish
from dangol.core.models import User
from dangol.customers.attributes.actions import checked_values, field, write_values
from dangol.customers.attributes.queries import values_of
from dangol.customers.contact_values import contact_value, phone_tail
from dangol.customers.events import ContactPointChecked, CustomerAdded, CustomerChanged
from dangol.customers.hangul import initials, letters, tidy
from dangol.customers.models import (
    Attribute,
    Check,
    ContactPoint,
    ContactState,
    Customer,
    SourceRecord,
)
from dangol.customers.preferring import choose_contact_point, prefer_one
from dangol.customers.records.by_hand import say_by_hand, unsay_by_hand, write_by_hand
from dangol.customers.records.keeping import mirror_customers
from dangol.customers.records.models import OURS
from dangol.places.models import Place

EDITABLE = (
    "kind", "name", "given_name", "family_name", "born_on", "gender", "language", "home_place",
    "note",
)  # fmt: skip


class EditConflict(Exception):
    """Somebody else changed the customer since the form was shown; `theirs` is {field: value}."""

    def __init__(self, theirs: dict[str, Any]) -> None:
        self.theirs = theirs
        super().__init__(", ".join(theirs))


class KeyTaken(ValidationError):
    """A source's key already stands for a customer, perhaps for one who was merged since."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        super().__init__({"source_key": _("This key of the source is a known customer's.")})


def refuse_known_key(source: str, key: str) -> None:
    """KeyTaken where a record of this source and key speaks of somebody: its customer may bear
    another key since they were merged, and stands for itself again when that is undone."""
    said = SourceRecord.objects.filter(source=source or OURS, key=key, customer__isnull=False)
    if key and (record := said.select_related("customer").first()) and record.customer:
        raise KeyTaken(record.customer)


def with_name_keys(customer: Customer) -> Customer:
    """Write the keys by which the name is found."""
    customer.name = tidy(customer.name)
    customer.name_jamo = letters(customer.name)[:400]
    customer.name_initials = initials(customer.name)[:120]
    return customer


@transaction.atomic
def add_customer(
    *, name: str, by: User | None, at: dt.datetime | None = None, **fields: Any
) -> Customer:
    """Make a customer known; KeyTaken where the source's key is somebody's already."""
    refuse_known_key(fields.get("source", ""), fields.get("source_key", ""))
    customer = with_name_keys(Customer(name=name, created_at=at or timezone.now(), **fields))
    if not customer.name:
        raise ValidationError({"name": _("A customer needs a name.")})
    customer.save(force_insert=True)
    mirror_customers([customer.pk])
    record_change("add_customer", customer, by=by)
    publish(
        CustomerAdded(
            subject_id=customer.pk,
            customer_id=customer.pk,
            place_id=customer.home_place_id,
            source=customer.source,
        ),
        by=by,
        at=at,
    )
    return customer


@transaction.atomic
def change_customer(
    customer: Customer,
    *,
    by: User | None,
    revision: int,
    seen: dict[str, Any],
    attributes: dict[str, Any] | None = None,
    **fields: Any,
) -> Customer:
    """Correct facts about a customer, and values of the company's own attributes ({key: value}).

    `revision` and `seen` are what the form showed. Two people may change different fields at
    once; when both changed the same one, EditConflict says what the other wrote and nothing of
    this edit is stored. An attribute is called “attribute:key” in `seen` and in the conflict.
    """
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise ValidationError(_("These fields cannot be edited: %s") % ", ".join(sorted(unknown)))
    values = checked_values(attributes or {})
    known = values_of(locked.pk) if values else {}
    before = {k: getattr(locked, k) for k in fields} | {field(a): known.get(a.key) for a in values}
    fields |= {field(a): value for a, value in values.items()}
    changes = {k: [before[k], v] for k, v in fields.items() if before[k] != v}
    if locked.revision != revision:
        # what the form sends back as it showed it was not edited here
        changes = {k: pair for k, pair in changes.items() if k not in seen or fields[k] != seen[k]}
        lost = {k: now for k, (now, _new) in changes.items() if k in seen and seen[k] != now}
        if lost:
            raise EditConflict(lost)
    if again := refused_again(values, known, seen):
        record_change("refuse_again", locked, by=by, changes=again)
    if not changes:
        return locked
    write_values(locked.pk, {a: v for a, v in values.items() if field(a) in changes})
    for name in set(changes) & set(EDITABLE):
        setattr(locked, name, fields[name])
    with_name_keys(locked)
    if not locked.name:
        raise ValidationError({"name": _("A customer needs a name.")})
    locked.revision += 1
    locked.updated_at = timezone.now()
    locked.save()
    write_by_hand(locked, dict(as_said(k, fields[k]) for k in changes if k in EDITABLE))
    record_change("change_customer", locked, by=by, changes=changes)
    publish(
        CustomerChanged(subject_id=locked.pk, customer_id=locked.pk, fields=sorted(changes)), by=by
    )
    return locked


def refused_again(
    values: dict[Attribute, Any], known: dict[str, Any], seen: dict[str, Any]
) -> dict[str, list[bool]]:
    """A No to a consent that stands refused: it changes nothing, but was said of who is one customer
    now, and counts for both when a merge is undone. What a form sends back as it showed it was not."""
    said = {a for a, value in values.items() if a.consent and value is False}
    return {field(a): [False, False] for a in said if known.get(a.key) is False and seen.get(field(a)) is not False}  # fmt: skip


def as_said(name: str, value: Any) -> tuple[str, Any]:
    """A field and its value as a record of our own says it; a site by its id."""
    if name == "home_place":
        return "home", str(value.pk) if value else ""
    return name, plain(value)


@transaction.atomic
def add_contact_point(
    customer: Customer,
    kind: str,
    value: str,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    preferred: bool = False,
    **fields: Any,
) -> ContactPoint:
    """Write down a way to reach a customer; the same value a second time changes nothing.

    `preferred` says that it was chosen before the others of its kind.
    """
    written, moment = contact_value(kind, value), at or timezone.now()
    point, created = ContactPoint.objects.get_or_create(
        customer=customer,
        kind=kind,
        value=written,
        ended_at=None,
        defaults={
            "tail": phone_tail(written) if kind == "phone" else "",
            "created_at": moment,
            **fields,
        },
    )
    if created:
        say_by_hand(customer, kind, written, at=moment, source=point.source)
        prefer_one(customer.pk, kind, point.pk)
        point.refresh_from_db(fields=["preferred"])
    if preferred:
        point = choose_contact_point(point, by=by, at=moment)
    if created:
        record_change("add_contact_point", customer, by=by, changes={kind: [None, written]})
    return point


def local_day(place: Place | None, at: dt.datetime) -> dt.date:
    """The day of an instant where a place lies; where the company lies without one."""
    zone = ZoneInfo(place.time_zone) if place else timezone.get_default_timezone()
    return at.astimezone(zone).date()


@anew()
def check_contact_point(
    point: ContactPoint,
    outcome: ContactState | str,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    interaction_id: uuid.UUID | None = None,
    place: Place | None = None,
    new_value: str | None = None,
) -> ContactPoint:
    """Store what a try to use a contact point said; with a new value, that one takes its place.

    The check is kept against the old value (that is how wrong data are counted); the new value
    begins verified. Returns the contact point that is now in use.
    """
    if outcome not in ContactState.values or outcome == ContactState.UNVERIFIED:
        raise ValidationError(_("A check says verified, wrong or moved."))
    moment = at or timezone.now()
    points = ContactPoint.objects.select_for_update(of=("self",))
    locked = points.select_related("customer__home_place").get(pk=point.pk)
    home = locked.customer.home_place
    evidence = {
        "at": moment, "by": by, "place": place, "interaction_id": interaction_id,
        "home_place": home, "day": local_day(home, moment),
    }  # fmt: skip
    Check.objects.create(contact_point=locked, outcome=outcome, source=locked.source, **evidence)
    if locked.checked_at is None or locked.checked_at <= moment:
        locked.state, locked.checked_at = str(outcome), moment
    current = locked
    if new_value is not None and contact_value(locked.kind, new_value) != locked.value:
        current = _replaced(locked, new_value, evidence)
    locked.save()
    prefer_one(locked.customer_id, locked.kind)
    current.refresh_from_db(fields=["preferred"])
    publish(
        ContactPointChecked(
            subject_id=locked.pk,
            customer_id=locked.customer_id,
            place_id=place.pk if place else None,
            kind=locked.kind,
            outcome=str(outcome),
            contact_point_id=str(locked.pk),
        ),
        by=by,
        at=moment,
    )
    return current


def _replaced(old: ContactPoint, new_value: str, evidence: dict[str, Any]) -> ContactPoint:
    """The verified contact point that takes the place of one that was put right."""
    moment = evidence["at"]
    old.ended_at, old.preferred = moment, False
    unsay_by_hand(old.customer, old.kind, old.value, at=moment)
    current = add_contact_point(
        old.customer, old.kind, new_value, by=evidence["by"], at=moment,
        preferred=old.chosen_at is not None, label=old.label, source="agent",
    )  # fmt: skip
    Check.objects.create(
        contact_point=current, outcome=ContactState.VERIFIED, source=current.source, **evidence
    )
    current.state, current.checked_at = ContactState.VERIFIED, moment
    current.save()
    return current
