"""Values of records that never survive, and why a value lost: in words that the reader understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from dangol.core.masking import WHOLE, shown_contact, shown_name, shown_words
from dangol.customers.company_numbers import read_corporate, read_registration
from dangol.customers.contact_values import contact_value
from dangol.customers.models import SourceRecord
from dangol.identity.golden.survivorship import FORMS, Said
from dangol.identity.golden.written import field_of

WHY: dict[str, str | Promise] = {
    "heard": gettext_lazy("a person here wrote the other"),
    "older": gettext_lazy("the other is newer"),
    "undated": gettext_lazy("nobody knows how old it is"),
    "trust": gettext_lazy("the other’s source is trusted more"),
    "fewer": gettext_lazy("more records say the other"),
    "first": gettext_lazy("as good as the other, which was known first"),
    "spelling": gettext_lazy("the same home, spelt otherwise or less exactly"),
    "gone": gettext_lazy("its source no longer has the record"),
    "wrong": gettext_lazy("found wrong when it was tried"),
    "moved": gettext_lazy("the customer no longer is there"),
    "left": gettext_lazy("no longer the customer’s"),
    "ended": gettext_lazy("no longer in use"),
    "bad_phone": gettext_lazy("not a possible phone number"),
    "bad_email": gettext_lazy("not a possible e-mail address"),
    "bad_birth": gettext_lazy("not a possible date of birth"),
    "bad_registration": gettext_lazy("its check digit does not hold"),
    "bad_value": gettext_lazy("not a possible value"),
    "zero_date": gettext_lazy("not a date"),
    "placeholder_date": gettext_lazy("a date that stands for “not known”"),
    "name_in_phone": gettext_lazy("words where a phone number should stand"),
    "test_data": pgettext_lazy("value", "test data"),
    "unknown_site": gettext_lazy("a site that is not known"),
    "registration_number": gettext_lazy("a resident registration number, stored nowhere"),
}
"""Why a value did not survive, or was never taken."""
IMPOSSIBLE = {
    "phone": "bad_phone", "email": "bad_email", "born_on": "bad_birth",
    "registration": "bad_registration",
}  # fmt: skip


def why_words(why: str) -> str:
    """A reason in words; of one that a later version wrote, that it is not possible."""
    return str(WHY.get(why, WHY["bad_value"]))


def why_lost(kept: Said, lost: Said, many: Mapping[str, int]) -> str:
    """What decided between two values, in the order of survivorship; `many` records say each."""
    if kept.verified != lost.verified:
        return "heard"
    if kept.since != lost.since:
        return "older" if lost.since else "undated"
    if kept.trust != lost.trust:
        return "trust"
    return "fewer" if many[kept.value] != many[lost.value] else "first"


def holds(field: str, value: str) -> bool:
    """Whether a kept value can be what its field says; what cannot be never survives."""
    match field_of(field):
        case "registration":
            return bool(read_registration(value))
        case "corporate":
            return bool(read_corporate(value))
        case "phone" | "email" | "address" as way:
            try:
                return bool(contact_value(way, value))
            except ValidationError:
                return False
    return bool(FORMS[field](value)) if field in FORMS else True


def refused_of(record: SourceRecord) -> list[tuple[str, str, str]]:
    """(field, why, the cell) of all that a record says and that cannot be true."""
    found = [(str(f), str(why), str(cell)) for f, why, cell in record.refused or []]
    told = {(field, cell) for field, _why, cell in found}
    for field, value in record.values.items():
        text = str(value or "").strip()
        if text and (field, text) not in told and not holds(field, text):
            found.append((field, IMPOSSIBLE.get(field_of(field), "bad_value"), text))
    return found


def shown_cell(field: str, cell: Any) -> str:
    """A refused cell as the person may see it: what stands in the wrong column may be a name."""
    text = str(cell)
    if WHOLE.get():
        return text
    field = field_of(field)
    if field == "phone":
        return shown_contact("phone", text) if any(c.isdigit() for c in text) else shown_name(text)
    if field in {"email", "address"}:
        return shown_contact(field, text) if any(c in "@ " for c in text) else shown_name(text)
    if field in {"name", "given_name", "family_name", "owner"}:
        return shown_name(text)
    return f"{text[:2]}**" if field == "born_on" else shown_words(text)
