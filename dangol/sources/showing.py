"""Cells of other systems as the person of this request may see them, also in the wrong column."""

from __future__ import annotations

from dangol.core.masking import WHOLE, shown_contact, shown_name, shown_words
from dangol.core.resident_numbers import without_numbers

NAMES = {"name", "given_name", "family_name", "owner"}


def shown_cell(column: str, text: str) -> str:
    """A cell of one of our columns; nobody sees a resident registration number."""
    text = without_numbers(text)
    if WHOLE.get() or not text:
        return text
    if column == "names":
        return " → ".join(shown_name(name) for name in text.split(" → "))
    if column in {"phone", "phone2"}:
        return shown_contact("phone", text) if any(c.isdigit() for c in text) else shown_name(text)
    if column == "email":
        return shown_contact("email", text) if "@" in text else shown_name(text)
    if column == "address":
        return shown_contact("address", text) if " " in text else shown_name(text)
    if column in NAMES:
        return shown_name(text)
    return shown_words(text)
