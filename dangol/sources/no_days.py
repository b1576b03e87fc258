"""Days by which old systems say that there is none."""

from __future__ import annotations

import datetime as dt
import re

ZERO, PLACEHOLDER = "zero_date", "placeholder_date"
NOBODYS_DAY = "000101"
"""1900-01-01 in the six digits of old systems."""
PLACEHOLDERS = {
    "19000101", NOBODYS_DAY, "00010101", "19700101", "11111111", "18991230", "18991231",
    "99991231", "99999999", "29991231", "99990101",
}  # fmt: skip
APART = re.compile(r"\s*(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?!\d)")
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?")
MOBILE = re.compile(r"01[016789]\D?\d{3,4}\D?\d{4}")
"""A telephone number where a day should stand."""


def parts_of(cell: str) -> tuple[str, str, str] | None:
    """Year, month and day as they are written; None for what is no day of four, two and two digits."""
    found = APART.match(cell) or PACKED.fullmatch(cell.strip())
    return (found[1], found[2].zfill(2), found[3].zfill(2)) if found else None


def no_day(cell: str) -> str:
    """Why a date is none: one without year, month or day, such as 0000-00-00 and 1900-01-00, or a
    placeholder, such as 1900-01-01 and 9999-12-31; empty for every other cell."""
    digits = re.sub(r"\D", "", cell)
    if not digits:
        return ""
    parts = parts_of(cell)
    day = "".join(parts) if parts else digits
    if day in PLACEHOLDERS:
        return PLACEHOLDER
    lacks = parts and not all(part.strip("0") for part in parts)
    return ZERO if lacks or not digits.strip("0") or digits.startswith("0000") else ""


def to_come(day: dt.date) -> bool:
    """Whether a day lies in the future, whatever the time zone of whoever wrote it."""
    return day > dt.date.today() + dt.timedelta(days=1)


def says_when(cell: str) -> bool:
    """Whether a text can say up to when was read: no day that is none, nor one that is to come."""
    if not cell.strip() or no_day(cell):
        return False
    parts = parts_of(cell)
    try:
        return not (parts and to_come(dt.date(*map(int, parts))))
    except ValueError:
        return True
