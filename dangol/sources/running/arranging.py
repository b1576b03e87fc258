"""Rows of a source turned to our columns: which headings, which steps, which fixed values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from dangol.core.resident_numbers import without_numbers
from dangol.imports.kinds import Refused
from dangol.sources.no_days import MOBILE, NOBODYS_DAY
from dangol.sources.transforming import transformed

LONGEST = 10_000
"""Letters of a cell that are kept as they came."""
CUT = " […]"


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
        place = {composed(name): at for at, name in enumerate(names)}
        for column, said in mapping.items():
            wanted = map(composed, said.get("from", []))
            found = [place[name] for name in wanted if name in place]
            self.plans.append((column, found, said.get("value", ""), said.get("do", [])))

    def arrange(self, line: int, cells: list[str]) -> Arranged:
        """One row."""
        row = Arranged(line, {}, [as_kept(cell) for cell in cells])
        for column, places, value, steps in self.plans:
            if not places:
                row.cells[column] = value
                continue
            said = [cells[at] for at in places if at < len(cells)]
            if column == "born_on" and (none := no_birth("".join(said).strip())):
                row.cells[column] = none
                continue
            try:
                found = transformed(said, steps)
                row.cells[column] = found or value
            except Refused as refusal:
                row.refused = row.refused or (column, refusal.reason, refusal.facts)
        return row


def no_birth(cell: str) -> str:
    """What would be read as another day: 1900-01-01 in two digits as 2000-01-01, a telephone number
    as one of the year 10; empty for every other cell."""
    if re.sub(r"\D", "", cell) == NOBODYS_DAY:
        return NOBODYS_DAY
    return cell if MOBILE.fullmatch(cell) else ""


def as_kept(cell: str) -> str:
    """A cell as it stays with its row: without such numbers, and not endlessly long."""
    if len(cell) > LONGEST:
        cell = cell[: LONGEST - len(CUT)] + CUT
    return without_numbers(cell)


def used_headings(mapping: dict[str, Any]) -> list[str]:
    """Every heading that a mapping reads, once."""
    return list(dict.fromkeys(name for said in mapping.values() for name in said.get("from", [])))


def composed(name: str) -> str:
    """A heading with its Hangul in whole syllables: files of a Mac have it in letters."""
    return normalize("NFC", name)


def gone_headings(mapping: dict[str, Any], names: Iterable[str]) -> list[str]:
    """The headings of a mapping that a source no longer has."""
    there = set(map(composed, names))
    return [name for name in used_headings(mapping) if composed(name) not in there]
