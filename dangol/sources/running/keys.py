"""The key of a row as it is known later, read before anything else of the row is."""

from __future__ import annotations

from typing import Any

from dangol.core.resident_numbers import HIDDEN, holds_number
from dangol.imports.cells import tidy
from dangol.imports.kinds import Refused
from dangol.sources.entities import columns_of, of_customers
from dangol.sources.transforming import transformed

LONGEST = 200
UNREADABLE = "\ufffd"
"""What stands for a letter that its encoding does not have."""


class Keys:
    """Reads the keys of one source's rows; a key that cannot be read is empty."""

    def __init__(self, entity: str, mapping: dict[str, Any], names: list[str]) -> None:
        said = mapping.get("key", {})
        self.places = [names.index(name) for name in said.get("from", []) if name in names]
        self.value, self.steps = said.get("value", ""), said.get("do", [])
        self.width = len(names)
        self.parse = next(c.parse for c in columns_of(entity) if c.name == "key")
        self.of_customers = of_customers(entity)

    def of_row(self, cells: list[str], problem: str = "") -> str:
        """The key of a row; of a damaged one only where the damage cannot have moved it."""
        if problem and not self.is_safe(cells):
            return ""
        try:
            found = transformed([cells[at] for at in self.places if at < len(cells)], self.steps)
        except Refused:
            return ""
        return self.as_known(found or self.value)

    def as_known(self, arranged: str) -> str:
        """A key in our columns as its row is known by it."""
        key = tidy(arranged)
        if HIDDEN in key or self.of_customers and holds_number(key):
            return ""
        try:
            return str(self.parse(key))[:LONGEST] if key else ""
        except Refused:
            return ""

    def is_safe(self, cells: list[str]) -> bool:
        """Whether the key of a damaged row stands where the headings say, and no other row is hidden
        behind it, as behind a line end that is lost."""
        if not self.places or any(
            UNREADABLE in cell for at in self.places for cell in cells[at : at + 1]
        ):
            return False
        last = max(self.places)
        if any(cell.strip() for cell in cells[self.width :]):
            return last < len(set(self.places)) and len(cells) < 2 * self.width - 1
        return last < len(cells) - (len(cells) < self.width)
