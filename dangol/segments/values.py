"""Single values in a rule's JSON: words, numbers, days, keys."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any as Anything

from django.utils.translation import gettext as _

from dangol.segments.mistakes import Path, refuse
from dangol.warehouse.facts import Column, Type

WORD = re.compile(r"[\w .:/+-]{0,80}")
"""What a word in a rule may hold: nothing that any engine could read as more than a word."""


def read_value(given: Anything, column: Column, path: Path) -> Anything:
    """A value as the column holds it."""
    match column.type:
        case Type.TEXT:
            if not isinstance(given, str) or not WORD.fullmatch(given):
                raise refuse(path, _("A word of letters, digits, spaces and . : / + - only."))
            return given
        case Type.FLAG:
            if not isinstance(given, bool):
                raise refuse(path, _("Yes or no."))
            return given
        case Type.DAY:
            return read_day(given, path)
    number = read_number(given, path)
    if column.type is Type.COUNT:
        if number != int(number):
            raise refuse(path, _("A whole number."))
        return int(number)
    return float(number) if column.type is Type.REAL else number


def read_number(given: Anything, path: Path) -> Decimal:
    """A number of at most 15 digits, 3 of them after the point."""
    try:
        number = Decimal(str(given))
        if isinstance(given, bool) or not number.is_finite() or abs(number) >= 10**15:
            raise InvalidOperation
        return number.quantize(Decimal("0.001")).normalize() + 0
    except InvalidOperation:
        raise refuse(path, _("This is no number.")) from None


def read_day(given: Anything, path: Path) -> dt.date:
    """A calendar day."""
    try:
        return dt.date.fromisoformat(given)
    except (TypeError, ValueError):
        raise refuse(path, _("A day is written like 2026-03-09.")) from None


def read_key(given: Anything, path: Path) -> str:
    """The key of a place, product or segment."""
    try:
        return str(uuid.UUID(str(given)))
    except ValueError:
        raise refuse(path, _("This is no key.")) from None
