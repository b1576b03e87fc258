"""Values of records as a person may see them, and as they are stored."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from dangol.core.masking import WHOLE, shown_contact, shown_name, shown_phone, shown_words
from dangol.customers.company_numbers import corporate_words, registration_words
from dangol.customers.contact_values import contact_value
from dangol.customers.models import SEXES, SourceRecord
from dangol.identity.golden.survivorship import FORMS
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
    "registration": gettext_lazy("Business registration number"),
    "corporate": gettext_lazy("Corporate number"),
    "owner": gettext_lazy("Representative"),
    "website": gettext_lazy("Web page"),
}
LANGUAGES = {"ko": "한국어", "en": "English"}


def field_of(field: str) -> str:
    """Where a field of a record stands in the golden record: a third phone is a phone."""
    return field.rstrip("0123456789")


def title_of(field: str) -> str:
    """What a field of a record is called."""
    return str(TITLES.get(field) or TITLES.get(field_of(field)) or field)


def shown_value(name: str, value: Any, places: dict[str, str]) -> str:
    """A value as the person of this request may see it, in the form in which values are compared."""
    text = str(value or "").strip()
    if not text:
        return ""
    match field_of(name):
        case "name" | "given_name" | "family_name" | "owner":
            return shown_name(text)
        case "phone":
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
        case "language":
            return LANGUAGES.get(text, text)
        case "registration":
            return registration_words(text)
        case "corporate":
            return corporate_words(text)
        case "note":
            return shown_words(text)
    return text


def whole_value(name: str, value: Any, places: dict[str, str]) -> str:
    """The same in that form whoever looks: what is masked alike need not be the same. Never shown."""
    token = WHOLE.set(True)
    try:
        return shown_value(name, value, places)
    finally:
        WHOLE.reset(token)


def _phone(text: str) -> str:
    try:
        return shown_phone(contact_value("phone", text))
    except ValidationError:
        return text


def places_of(records: list[SourceRecord]) -> dict[str, str]:
    """Names of the home sites that records speak of, by key."""
    keys = {str(r.values["home"]) for r in records if r.values.get("home")}
    return {str(p.pk): str(p) for p in Place.objects.filter(pk__in=keys)} if keys else {}


def stored_value(way: str, text: str) -> str:
    """A contact value as it is stored; as it stands when it cannot be one."""
    try:
        return contact_value(way, text)
    except ValidationError:
        return text
