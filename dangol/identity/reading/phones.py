"""Telephone numbers: one form, changed carriers' prefixes, numbers that nobody has."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")

UNITED = [
    # old prefix, first and last exchange before, how much is added, from the numbering plan of the
    # change of 01X numbers to 010 (Ministry of Science and ICT, ended in June 2021)
    ("11", 200, 499, 5000), ("11", 500, 899, 3000), ("11", 1700, 1799, 5400),
    ("11", 9000, 9499, 0), ("11", 9500, 9999, -1000),
    ("16", 200, 499, 3000), ("16", 500, 899, 2000), ("16", 9000, 9499, -2000), ("16", 9500, 9999, 0),
    ("17", 200, 499, 6000), ("17", 500, 899, 4000),
    ("18", 200, 499, 4000), ("18", 500, 899, 6000),
    ("19", 200, 499, 2000), ("19", 500, 899, 5000), ("19", 9000, 9499, -1000), ("19", 9500, 9999, -2000),
]  # fmt: skip

MOBILE = re.compile(r"(?:\+?82|0)?0?(1[016789])(\d{3,4})(\d{4})")


@lru_cache(maxsize=100_000)
def read_phone(text: str) -> str:
    """Digits with the country's code (821052001234), or "" when it is no number that somebody has."""
    digits = re.sub(r"[^\d+]", "", text.translate(FULL_WIDTH))
    if found := MOBILE.fullmatch(digits):
        prefix, exchange, tail = found.groups()
        number = (
            "8210" + united(prefix, exchange) + tail if prefix != "10" else f"8210{exchange}{tail}"
        )
        return "" if len(number) != 12 or nobodys(number[4:]) else number
    if len(digits) < 8:
        return ""
    try:
        parsed = phonenumbers.parse(digits, "KR")
    except phonenumbers.NumberParseException:
        return ""
    national = str(parsed.national_number)
    if not phonenumbers.is_possible_number(parsed) or nobodys(national[-8:]):
        return ""
    return f"{parsed.country_code}{national}"


def united(prefix: str, exchange: str) -> str:
    """The exchange behind 010 of a number with an old prefix; "" when there was none."""
    number = int(exchange)
    for old, first, last, added in UNITED:
        if old == prefix and first <= number <= last:
            return f"{number + added:04}"
    return ""


def nobodys(tail: str) -> bool:
    """Whether these are the eight digits of a number that people write when they have none."""
    return (
        len(set(tail)) == 1
        or tail in ("12345678", "87654321", "12341234", "11112222", "00001111")
        or tail.startswith("0000")
    )
