"""Resident registration numbers are cut out of rows before anything of them is kept, and counted by
the column in which they stood."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from dangol.core.resident_numbers import HIDDEN, holds_number, with_births, without_numbers
from dangol.customers.company_numbers import read_corporate
from dangol.imports.kinds import plain_heading
from dangol.sources.entities import of_customers

WHAT = "registration_number"
MOST = 50
"""Columns that are named."""
NAMED = re.compile(
    r"주민(등록)?(번호|no)|주민$|jumin|외국인(등록)?번호|^(rrn|ssn)$|resident(registration)?(no|num|id)"
)
CUT_SHORT = {7, 11, 12, 13}
"""Digits of a number in a column of such: without its end, or without the zeros of its beginning."""
OF_SOMEBODY = {"note", "customer", "staff"}
"""What can hold one where a row speaks of no people; an order number may look like one, too."""


class Numbers:
    """Cuts the numbers out of the rows of one source.

    Of people every thirteen digits that can be one are. Elsewhere digits alone are an order number or
    a bar code, and so is what a key, a product or an amount is read from. In a column that is named
    after them a part of one is enough (9001011). Where the birth date is read from, the day stays.
    """

    def __init__(self, entity: str, mapping: dict[str, Any], names: list[str]) -> None:
        self.names, self.of_people = names, of_customers(entity)
        read: dict[str, set[str]] = {}
        for column, said in mapping.items():
            for heading in said.get("from", []):
                read.setdefault(normalize("NFC", heading), set()).add(column)
        used = [read.get(normalize("NFC", name), set()) for name in names]
        self.corporate = [bool(columns & {"corporate"}) for columns in used]
        self.births = [bool(columns & {"born_on"}) for columns in used]
        self.others = [not self.of_people and bool(columns - OF_SOMEBODY) for columns in used]
        self.named = [bool(NAMED.search(plain_heading(name))) for name in names]
        self.found: dict[str, list[int]] = {}

    def cut(self, line: int, cells: list[str]) -> list[str]:
        """A row without them; where they stood is noted."""
        return [
            self.cell(at, line, cell) if len(cell) > 6 else cell for at, cell in enumerate(cells)
        ]

    def cell(self, at: int, line: int, cell: str) -> str:
        """One cell without them."""
        known = at < len(self.names)
        kept = self.hidden(at, cell) if known else without_numbers(cell)
        if known and kept == cell and self.named[at] and len(re.sub(r"\D", "", cell)) in CUT_SHORT:
            kept = HIDDEN
        if kept != cell:
            said = self.found.setdefault(self.names[at] if known else f"#{at + 1}", [0, line])
            said[0] += 1
        return kept

    def hidden(self, at: int, cell: str) -> str:
        """A cell without what looks like one."""
        if self.others[at] or not holds_number(cell):
            return cell
        if self.corporate[at] and read_corporate(cell):
            return cell
        if self.births[at]:
            return with_births(cell)
        return without_numbers(cell, of_people=self.of_people or self.named[at])

    def note(self, strange: dict[str, Any]) -> None:
        """Add what was found to the report of a run: how often, and in which columns."""
        if not self.found:
            return
        entry = strange.setdefault(WHAT, {"count": 0, "samples": []})
        columns = entry.setdefault("columns", {})
        for name, (count, line) in self.found.items():
            entry["count"] += count
            if name in columns or len(columns) < MOST:
                said = columns.setdefault(name, [0, line])
                said[0] += count
        entry["samples"] = [[line, "", f"{name} × {n}"] for name, (n, line) in columns.items()]
        self.found = {}
