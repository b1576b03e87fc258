"""Two records as the steward sees them: field by field, with where each value comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from dangol.core.masking import WHOLE, shown_contact, shown_name, shown_phone, shown_words
from dangol.customers.contact_values import contact_value
from dangol.customers.models import SourceRecord
from dangol.customers.source_names import source_name
from dangol.identity.golden.survivorship import FORMS
from dangol.identity.models import Question
from dangol.identity.stewarding.differences import Difference, difference
from dangol.places.models import Place

TITLES: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "phone": gettext_lazy("Phone"),
    "phone2": gettext_lazy("Second phone"),
    "email": gettext_lazy("E-mail"),
    "born_on": gettext_lazy("Date of birth"),
    "gender": pgettext_lazy("of a person", "Sex"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "home": gettext_lazy("Home site"),
    "tier": gettext_lazy("Tier"),
    "language": gettext_lazy("Language"),
    "note": gettext_lazy("Note"),
}
ALWAYS = ("name", "phone", "email", "born_on", "gender", "address")
SEXES = {"m": pgettext_lazy("sex", "Male"), "f": pgettext_lazy("sex", "Female")}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records."""

    field: str
    title: str | Promise
    found: Difference
    left_since: dt.datetime | None
    right_since: dt.datetime | None
    left_also: list[str] = field(default_factory=list)
    right_also: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """same, near, other, or one when only one record knows it."""
        if not self.found.left or not self.found.right:
            return "one"
        if self.found.same:
            return "same"
        longest = max(sum(len(p.text) for p in side) for side in (self.found.left, self.found.right))
        return "near" if self.found.marked * 2 < longest else "other"


def shown_value(name: str, value: Any, places: dict[str, str]) -> str:
    """A value as the person of this request may see it, in the form in which values are compared."""
    text = str(value or "").strip()
    if not text:
        return ""
    match name:
        case "name" | "given_name" | "family_name":
            return shown_name(text)
        case "phone" | "phone2":
            return shown_contact("phone", _phone(text))
        case "email":
            return shown_contact("email", text)
        case "address":
            return shown_contact("address", text)
        case "born_on":
            day = FORMS["born_on"](text) or text
            return day if WHOLE.get() else f"{day[:4]}-**-**"
        case "gender":
            return str(SEXES.get(FORMS["gender"](text), text))
        case "home":
            return places.get(text, text)
        case "note":
            return shown_words(text)
    return text


def _phone(text: str) -> str:
    try:
        return shown_phone(contact_value("phone", text))
    except ValidationError:
        return text


def places_of(records: list[SourceRecord]) -> dict[str, str]:
    """Names of the home sites that records speak of, by key."""
    keys = {str(r.values["home"]) for r in records if r.values.get("home")}
    return {str(p.pk): str(p) for p in Place.objects.filter(pk__in=keys)} if keys else {}


def lines_of(
    a: SourceRecord, b: SourceRecord, siblings: dict[int, list[SourceRecord]]
) -> list[Line]:
    """Every field that one of them knows, with what each customer's other records say of it."""
    everyone = [a, b, *(r for rs in siblings.values() for r in rs)]
    places = places_of(everyone)
    found = []
    for name, title in TITLES.items():
        left = shown_value(name, a.values.get(name), places)
        right = shown_value(name, b.values.get(name), places)
        if not left and not right and name not in ALWAYS:
            continue
        found.append(
            Line(
                name, title, difference(left, right),
                a.since(name) if left else None, b.since(name) if right else None,
                _also(name, left, siblings.get(a.pk, []), places),
                _also(name, right, siblings.get(b.pk, []), places),
            )
        )  # fmt: skip
    return found


def _also(
    name: str, shown: str, records: list[SourceRecord], places: dict[str, str]
) -> list[str]:
    told = (shown_value(name, r.values.get(name), places) for r in records)
    return [v for v in dict.fromkeys(told) if v and v != shown][:3]


def siblings_of(question: Question) -> dict[int, list[SourceRecord]]:
    """The other records of each one's customer."""
    owners = [question.a.customer_id, question.b.customer_id]
    ours = (question.a_id, question.b_id)
    others = SourceRecord.objects.filter(customer__in=owners).exclude(pk__in=ours)[:60]
    found: dict[int, list[SourceRecord]] = {question.a_id: [], question.b_id: []}
    for one in others:
        for mine in (question.a, question.b):
            if one.customer_id == mine.customer_id:
                found[mine.pk].append(one)
    return found


def raw_of(record: SourceRecord) -> list[tuple[str, str]]:
    """The cells as they came, for those who see everything; else what may be shown of them."""
    cells: dict[str, Any] = record.raw or record.values
    if WHOLE.get():
        return [(str(k), str(v)) for k, v in cells.items() if v not in (None, "")]
    return [
        (str(k), shown_value(str(k), v, {}) if k in TITLES else shown_words(str(v)))
        for k, v in record.values.items()
        if v not in (None, "")
    ]


def head_of(record: SourceRecord) -> dict[str, Any]:
    """Where a record comes from, and since when."""
    return {
        "record": record, "source": source_name(record.source), "raw": raw_of(record),
        "customer": record.customer, "name": shown_name(str(record.values.get("name") or record.key)),
    }  # fmt: skip
