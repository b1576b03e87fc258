"""What a person, a program or a file gives becomes a value of an attribute, or is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.customers.attributes.models import Attribute, AttributeKind, AttributeValue

LARGEST = 10**15
NOT_IN_A_CODE = re.compile(r"[^\w .:/+-]+")
Value = float | bool | str | dt.date


def value_of(attribute: Attribute, given: Any) -> Value | None:
    """The value; None is “unknown”. ValidationError for what is none of the attribute's kind."""
    if given is None or given == "":
        return None
    match attribute.kind:
        case AttributeKind.NUMBER if isinstance(given, int | float) and not isinstance(given, bool):
            if math.isfinite(given) and abs(given) < LARGEST:
                return float(given)
        case AttributeKind.YES_NO if isinstance(given, bool):
            return given
        case AttributeKind.CHOICE if isinstance(given, str) and given in attribute.codes:
            return given
        case AttributeKind.DATE:
            if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
                return given
            try:
                return dt.date.fromisoformat(given)
            except (TypeError, ValueError):
                pass
    told = {"value": str(given)[:40], "attribute": str(attribute)}
    raise ValidationError(_("“%(value)s” is no value of “%(attribute)s”.") % told)


def shown(attribute: Attribute, value: Value | None) -> str:
    """A value as people read it."""
    match value:
        case None:
            return "–"
        case bool():
            return pgettext("own attribute", "Yes") if value else pgettext("own attribute", "No")
        case float() | int():
            digits = None if value == int(value) else 2
            whole = int(value) if digits is None else value
            told = number_format(whole, digits, use_l10n=True, force_grouping=True)
            return f"{told} {attribute.unit}".strip()
        case dt.date():
            return date_format(value, "SHORT_DATE_FORMAT")
    return attribute.codes.get(value, value)


def said_of(row: AttributeValue) -> str:
    """What an attribute of a customer is, as people read it."""
    return shown(row.attribute, row.value)


def plain_words(given: str) -> str:
    """A name on one line: control characters and what has no width become blanks."""
    seen = (" " if unicodedata.category(c)[0] in "CZ" else c for c in given)
    return " ".join("".join(seen).split())


def code_of(name: str) -> str:
    """The code of a choice: its name with nothing that a rule could not hold."""
    return " ".join(NOT_IN_A_CODE.sub(" ", name).split())[:80].strip()


def choices_of(names: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Choices from their names in both languages, each code once; ValidationError without any."""
    found: dict[str, dict[str, str]] = {}
    for name, name_en in names:
        code = code_of(name)
        if not code:
            raise ValidationError(_("A choice needs letters or digits."))
        if code in found:
            raise ValidationError(_("“%(name)s” stands there twice.") % {"name": name})
        found[code] = {
            "code": code,
            "name": plain_words(name)[:80],
            "name_en": plain_words(name_en)[:80],
        }
    if not found:
        raise ValidationError(_("A choice needs at least one word to choose."))
    return list(found.values())
