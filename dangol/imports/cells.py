"""Cells become values: text, dates, instants, numbers, choices. Every refusal says why."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext_noop

from dangol.imports.kinds import Refused, plain_heading

DAY = re.compile(
    r"^(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[일.]?"
    r"(?:[T\s]+(?:(오전|오후|AM|PM)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")
MONEY_SIGNS = str.maketrans("", "", "₩￦$€£¥원\u00a0 ")
FULL_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
FORMULA = ("=", "+", "-", "@")
EMPTY = {"", "-", "null", "none", "n/a", "#n/a", "nan", "없음", "\\n", "(null)", "[null]", "<null>"}
LONGEST_EMPTY = max(map(len, EMPTY))
ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d{1,3}", re.IGNORECASE)


def tidy(text: str) -> str:
    """Composed Hangul, single blanks, no control characters; what stands for nothing is empty."""
    if not text.isprintable():
        text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    if text[:1] == "'" and text[1:2] in FORMULA:
        text = text[1:]
    if "  " in text or "\u00a0" in text:
        text = " ".join(text.split())
    return text if len(text) > LONGEST_EMPTY or text.lower() not in EMPTY else ""


def text(cell: str, most: int) -> str:
    """Text of at most so many characters."""
    if len(cell) > most:
        raise Refused(gettext_noop("longer than %(most)s characters"), most=most)
    return cell


def code(cell: str, most: int = 100) -> str:
    """A key of another system; a spreadsheet's 1234.0 is 1234 again, its 1.23E+12 is nobody's."""
    if ROUNDED.fullmatch(cell):
        raise Refused(gettext_noop("“%(cell)s” is a number that a spreadsheet has rounded; format the column as text there, and export it anew"), cell=cell[:40])  # fmt: skip
    if cell.endswith(".0") and cell[:-2].isdigit():
        cell = cell[:-2]
    return text(cell, most)


@lru_cache(maxsize=100_000)
def moment_text(cell: str) -> str:
    """A date or instant in ISO form, with an offset only where the cell had one."""
    given = cell.translate(FULL_WIDTH)
    if match := PACKED.match(given):
        year, month, day, hour, minute, second = match.groups()
        half, zone = None, None
    elif match := DAY.match(given):
        year, month, day, half, hour, minute, second, zone = match.groups()
    else:
        raise Refused(gettext_noop("“%(cell)s” is not a date; write 2026-01-31"), cell=cell[:40])
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.upper() in {"PM", "오후"} else 0)
    try:
        found = dt.datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0)
        )
    except ValueError:
        raise Refused(
            gettext_noop("“%(cell)s” is not a date of the calendar"), cell=cell[:40]
        ) from None
    if not 1850 <= found.year <= 2200:
        raise Refused(gettext_noop("the year of “%(cell)s” cannot be right"), cell=cell[:40])
    zone = "+00:00" if zone and zone.upper() == "Z" else zone
    return found.isoformat() + (zone or "")


def moment(cell: str) -> str:
    """An instant; without an offset it is meant in the time zone of its place."""
    return moment_text(cell)


def day(cell: str) -> dt.date:
    """A day."""
    return dt.date.fromisoformat(moment_text(cell)[:10])


def past_day(cell: str) -> dt.date:
    """A day that has been."""
    found = day(cell)
    if found > dt.date.today():
        raise Refused(gettext_noop("“%(cell)s” lies in the future"), cell=cell[:40])
    return found


@lru_cache(maxsize=100_000)
def number(cell: str, digits: int = 14, places: int = 2) -> Decimal:
    """1,234,000원 → 1234000; (500) → -500."""
    given = cell.translate(FULL_WIDTH).translate(MONEY_SIGNS).replace(",", "")
    if given.startswith("(") and given.endswith(")"):
        given = "-" + given[1:-1]
    try:
        found = Decimal(given)
    except InvalidOperation:
        raise Refused(gettext_noop("“%(cell)s” is not a number"), cell=cell[:40]) from None
    if not found.is_finite() or abs(found) >= 10**digits:
        raise Refused(gettext_noop("“%(cell)s” is too large a number"), cell=cell[:40])
    return round(found, places)


def fraction(cell: str, least: float, most: float) -> float:
    """A number between two bounds, such as a latitude."""
    found = float(number(cell, 6, 9))
    if not least <= found <= most:
        raise Refused(gettext_noop("%(cell)s is not between %(least)s and %(most)s"),
                      cell=cell[:40], least=least, most=most)  # fmt: skip
    return found


def choice(cell: str, words: Mapping[str, str]) -> str:
    """One of the words that are known, in either language."""
    found = words.get(plain_heading(cell))
    if found is None:
        known = ", ".join(dict.fromkeys(words.values()))
        raise Refused(gettext_noop("“%(cell)s” is none of: %(known)s"), cell=cell[:40], known=known)
    return found


def currency(cell: str) -> str:
    """A currency of three letters."""
    found = {"원": "KRW", "₩": "KRW"}.get(cell, cell.upper())
    if not re.fullmatch(r"[A-Z]{3}", found):
        raise Refused(gettext_noop("“%(cell)s” is not a currency such as KRW"), cell=cell[:40])
    return found
