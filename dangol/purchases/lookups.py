"""Ways of finding customers that purchases lends: plate and serial number."""

from __future__ import annotations

import re
import uuid

from dangol.customers.finding import Finder, ids, prefix, register

PLATE = re.compile(r"^(?:[가-힣]{2})?\d{2,3}[가-힣]\d{0,4}$")


def packed(words: str) -> str:
    """12 가 3456 → 12가3456."""
    return re.sub(r"[\s-]", "", words).upper()


def by_plate_or_serial(words: str, limit: int) -> list[uuid.UUID]:
    """Who has a car with this plate, or a thing with a serial number that begins so."""
    return ids(
        "(SELECT customer_id FROM purchases_ownership WHERE plate LIKE %s LIMIT %s) UNION"
        " (SELECT customer_id FROM purchases_ownership WHERE serial LIKE %s LIMIT %s)",
        [prefix(packed(words)), limit, prefix(packed(words)), limit],
    )


def looks_like_one(words: str) -> bool:
    """A plate, or at least four letters and digits with a digit among them."""
    text = packed(words)
    if PLATE.match(text):
        return True
    return len(text) >= 4 and text.isascii() and text.isalnum() and any(c.isdigit() for c in text)


register(Finder("plate", looks_like_one, by_plate_or_serial))
