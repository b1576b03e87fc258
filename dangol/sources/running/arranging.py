"""Rows of a source turned to our columns: which headings, which steps, which fixed values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dangol.customers.attributes.importing import REGISTRATION_NUMBER
from dangol.imports.kinds import Refused
from dangol.sources.transforming import transformed

HIDDEN = "[…]"


@dataclass
class Arranged:
    """One row in our columns, or the reason why it cannot be turned to them."""

    line: int
    cells: dict[str, str]
    raw: list[str]
    refused: tuple[str, str, dict[str, Any]] | None = None


class Arranger:
    """Turns rows of one source; headings that are gone read as empty."""

    def __init__(self, mapping: dict[str, Any], names: list[str]) -> None:
        self.plans: list[tuple[str, list[int], str, list[list[str]]]] = []
        place = {name: at for at, name in enumerate(names)}
        for column, said in mapping.items():
            found = [place[name] for name in said.get("from", []) if name in place]
            self.plans.append((column, found, said.get("value", ""), said.get("do", [])))

    def arrange(self, line: int, cells: list[str]) -> Arranged:
        """One row."""
        row = Arranged(line, {}, [without_numbers(cell) for cell in cells])
        for column, places, value, steps in self.plans:
            if not places:
                row.cells[column] = value
                continue
            try:
                found = transformed([cells[at] for at in places if at < len(cells)], steps)
                row.cells[column] = found or value
            except Refused as refusal:
                row.refused = row.refused or (column, refusal.reason, refusal.facts)
        return row


def without_numbers(cell: str) -> str:
    """A cell without a resident registration number, which nobody may store (PIPA 24-2)."""
    return REGISTRATION_NUMBER.sub(HIDDEN, cell)


def used_headings(mapping: dict[str, Any]) -> list[str]:
    """Every heading that a mapping reads, once."""
    return list(dict.fromkeys(name for said in mapping.values() for name in said.get("from", [])))


def gone_headings(mapping: dict[str, Any], names: Iterable[str]) -> list[str]:
    """The headings of a mapping that a source no longer has."""
    there = set(names)
    return [name for name in used_headings(mapping) if name not in there]
