"""What a score can lack, and when it is worth another try."""

from __future__ import annotations

from enum import StrEnum

from dangol.warehouse.engine import Lake

READ = ("transactions", "lines", "answers", "cases", "customer_attributes")
"""The tables that scores are learned from."""
GROWN = 1.1


class Lack(StrEnum):
    """What a score can lack; the run keeps it, and words.py tells it."""

    PURCHASES = "no purchases"
    PRODUCTS = "too few products"
    OUTCOMES = "too few stayed away or came"
    ATTRIBUTES = "no attributes"
    LEAVERS = "too few said to have left"
    WORDS = "too few words"
    DAYS = "too short"
    RETURNS = "too few came back"
    LAKE = "nothing was copied into the lake yet"


def rows_known(seen: Lake) -> int:
    """How many facts a version of the lake has to learn from."""
    tables = seen.manifest.tables
    return sum(tables[name].rows for name in READ if name in tables)


def has_grown(seen: Lake, before: int) -> bool:
    """Whether there is so much more to learn from than before that it may now be enough."""
    return rows_known(seen) > before * GROWN
