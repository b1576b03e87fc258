"""Writes over own attributes: make, change, end; the values themselves change with the customer."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.attributes.models import COLUMNS, Attribute, AttributeKind, AttributeValue
from dangol.customers.attributes.queries import PREFIX, forget
from dangol.customers.attributes.values import Value, plain_words, value_of
from dangol.customers.events import AttributeBecameConsent

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST, MOST_CHOICES = 200, 200


def one_maker() -> None:
    """Until the transaction ends nobody else makes attributes: two loads may want the same one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customers.attributes'))")


@transaction.atomic
def make_attribute(
    *, key: str, name: str, kind: str, by: User | None, name_en: str = "", unit: str = "",
    choices: list[dict[str, str]] | None = None, consent: bool = False, at: dt.datetime | None = None,
) -> Attribute:  # fmt: skip
    """Begin to know one more thing of each customer."""
    if not KEY.fullmatch(key):
        raise ValidationError({"key": _("A key is made of small letters a–z, digits and _.")})
    if kind not in AttributeKind.values:
        raise ValidationError({"kind": _("There is no such kind.")})
    name, name_en, unit = plain_words(name), plain_words(name_en), plain_words(unit)
    if not name:
        raise ValidationError({"name": _("An attribute needs a name.")})
    one_maker()
    if Attribute.objects.filter(key=key).exists():
        raise ValidationError({"key": _("There is an attribute with this key.")})
    count = Attribute.objects.count()
    if count >= MOST:
        told = _("There are at most %(most)s attributes.") % {"most": MOST}
        raise ValidationError({"key": told})
    made = Attribute.objects.create(
        key=key, name=name, name_en=name_en, kind=kind,
        unit=unit if kind == AttributeKind.NUMBER else "",
        choices=checked_choices(kind, choices or []), position=count + 1,
        consent=consent and kind == AttributeKind.YES_NO,
        created_at=at or timezone.now(),
    )  # fmt: skip
    record_change(
        "make_attribute", made, by=by, changes={"name": [None, name], "kind": [None, kind]}
    )
    forget()
    return made


def checked_choices(kind: str, choices: list[dict[str, str]]) -> list[dict[str, str]]:
    """Choices only where there is a choice, and not without end."""
    if kind != AttributeKind.CHOICE:
        return []
    if not choices:
        raise ValidationError({"choices": _("A choice needs at least one word to choose.")})
    if len(choices) > MOST_CHOICES:
        raise ValidationError({"choices": _("At most %(most)s choices.") % {"most": MOST_CHOICES}})
    return [{k: plain_words(v) if k != "code" else v for k, v in c.items()} for c in choices]


@transaction.atomic
def change_attribute(attribute: Attribute, *, by: User | None, **fields: Any) -> Attribute:
    """Rename it, or change unit, place in the list or choices; a choice that is in use stays. Whoever
    marks it as a consent has merges of before looked at: none makes it wider."""
    locked = Attribute.objects.select_for_update().get(pk=attribute.pk)
    if set(fields) - {"name", "name_en", "unit", "choices", "position", "consent"}:
        raise ValidationError(_("Key and kind of an attribute stay as they are."))
    fields |= {n: plain_words(fields[n]) for n in ("name", "name_en", "unit") if n in fields}
    if "name" in fields and not fields["name"]:
        raise ValidationError({"name": _("An attribute needs a name.")})
    if "consent" in fields:
        fields["consent"] = fields["consent"] and locked.kind == AttributeKind.YES_NO
    if "choices" in fields:
        fields["choices"] = checked_choices(locked.kind, fields["choices"])
        refuse_lost_choices(locked, {c["code"] for c in fields["choices"]})
    changes = {k: [getattr(locked, k), v] for k, v in fields.items() if getattr(locked, k) != v}
    if not changes:
        return locked
    for name, (_old, new) in changes.items():
        setattr(locked, name, new)
    locked.save()
    record_change("change_attribute", locked, by=by, changes=changes)
    if changes.get("consent") == [False, True]:
        publish(AttributeBecameConsent(subject_id=locked.pk, key=locked.key), by=by)
    forget()
    return locked


def refuse_lost_choices(attribute: Attribute, kept: set[str]) -> None:
    """What some customer is said to be cannot be taken from the choices."""
    gone = [code for code in attribute.codes if code not in kept]
    used = attribute.values.filter(choice__in=gone).values_list("choice", flat=True).distinct()
    if lost := sorted(str(code) for code in used):
        told = {"choices": ", ".join(lost)}
        raise ValidationError(
            {"choices": _("Customers have these; they stay: %(choices)s.") % told}
        )


@transaction.atomic
def end_attribute(
    attribute: Attribute, *, by: User | None, at: dt.datetime | None = None
) -> Attribute:
    """Ask and show it no more; its values stay. Twice changes nothing."""
    locked = Attribute.objects.select_for_update().get(pk=attribute.pk)
    if locked.ended_at is None:
        locked.ended_at = at or timezone.now()
        locked.save(update_fields=["ended_at"])
        record_change("end_attribute", locked, by=by)
        forget()
    return locked


@transaction.atomic
def resume_attribute(attribute: Attribute, *, by: User | None) -> Attribute:
    """Ask and show it again, with the values that it had."""
    locked = Attribute.objects.select_for_update().get(pk=attribute.pk)
    if locked.ended_at is not None:
        locked.ended_at = None
        locked.save(update_fields=["ended_at"])
        record_change("resume_attribute", locked, by=by)
        forget()
    return locked


def checked_values(given: dict[str, Any]) -> dict[Attribute, Value | None]:
    """Values by their attributes; ValidationError for an unknown key or a value that is none."""
    known = {a.key: a for a in Attribute.objects.filter(key__in=given, ended_at=None)}
    if unknown := sorted(set(given) - set(known)):
        raise ValidationError(
            {
                f"attributes.{key}": _("There are no such attributes: %(keys)s.") % {"keys": key}
                for key in unknown
            }
        )
    found, wrong = {}, {}
    for key, value in given.items():
        try:
            found[known[key]] = value_of(known[key], value)
        except ValidationError as refusal:
            wrong[f"attributes.{key}"] = refusal.messages
    if wrong:
        raise ValidationError(wrong)
    return found


def write_values(customer_id: uuid.UUID, values: dict[Attribute, Value | None]) -> None:
    """Store values of a customer, whose row the caller holds; None takes the value away."""
    for attribute, value in values.items():
        if value is None:
            AttributeValue.objects.filter(customer=customer_id, attribute=attribute).delete()
            continue
        held = dict.fromkeys(COLUMNS.values()) | {COLUMNS[attribute.kind]: value}
        AttributeValue.objects.update_or_create(
            customer_id=customer_id, attribute=attribute, defaults=held
        )


def field(attribute: Attribute) -> str:
    """What an attribute is called among the fields of a customer."""
    return PREFIX + attribute.key
