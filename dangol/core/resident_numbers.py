"""Resident registration numbers (주민등록번호) within texts: nobody stores one (PIPA 24-2).

Thirteen digits of which the first six are a day, with or without a hyphen or blank, of full width
too; also those whose end a file masks (900101-1******). The check digit says nothing: numbers given
since October 2020 have none.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from django.utils.translation import gettext_noop

LOOKS_LIKE_ONE = gettext_noop("holds what looks like a resident registration number")
HIDDEN = "[…]"
"""What stands where a number stood."""
DIGIT = "[0-9０-９]"
MASK = "[*＊●○◯•✱#xXｘＸ]"
FRONT = (
    rf"(?<!{DIGIT}){DIGIT}{{2}}(?:[0０][1-9１-９]|[1１][0-2０-２])"
    rf"(?:[0０][1-9１-９]|[12１２]{DIGIT}|[3３][01０１])"
)
BETWEEN = r"\s{0,2}[-\u00ad\u2010-\u2015\u2212\ufe63\uff0d]{0,2}\s{0,2}"
BACK = rf"[1-8１-８](?:{DIGIT}{{6}}(?!{DIGIT})|{DIGIT}{{0,5}}{MASK}{{2,7}}|{DIGIT}{{5}}{MASK})"
REGISTRATION_NUMBER = re.compile(FRONT + BETWEEN + BACK)
SHORTEST = 9
"""Letters of the shortest one: 9001011**."""
LEFT = re.compile(rf"(?:{DIGIT}{{8}}-)?{re.escape(HIDDEN)}")
OF_1900 = "1256"
"""The digit that says in which century the day is; 3, 4, 7 and 8 are of 2000."""


def holds_number(text: str) -> bool:
    """Whether a text holds what looks like a resident registration number."""
    return len(text) >= SHORTEST and REGISTRATION_NUMBER.search(text) is not None


def without_numbers(text: str, *, of_people: bool = True) -> str:
    """A text with a mark where such a number stood. Where it speaks of no people, digits alone stay:
    they are an order number or a bar code."""
    if len(text) < SHORTEST or not of_people and text.strip().isdigit():
        return text
    return REGISTRATION_NUMBER.sub(HIDDEN, text)


def with_births(text: str) -> str:
    """The same, where the day of birth may stay: 900101-1234567 → 19900101-[…]."""

    def birth(found: re.Match[str]) -> str:
        said = normalize("NFKC", found[0])
        century = re.sub(r"\D", "", said)[6]
        return f"{'19' if century in OF_1900 else '20'}{said[:6]}-{HIDDEN}"

    return REGISTRATION_NUMBER.sub(birth, text)


def without_marks(text: str) -> str:
    """A text without the marks of numbers, and without what stayed of them."""
    return " ".join(LEFT.sub(" ", text).split()) if HIDDEN in text else text
