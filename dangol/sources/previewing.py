"""Ten rows as they would be read: before a mapping is kept, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dangol.core.resident_numbers import without_numbers
from dangol.imports.kinds import Refused
from dangol.sources.connecting import Piece, look
from dangol.sources.entities import columns_of, needed, of_customers
from dangol.sources.models import Source
from dangol.sources.running.arranging import Arranged, Arranger, composed
from dangol.sources.running.letters import put_right
from dangol.sources.running.numbers import Numbers
from dangol.sources.strange import PUT_RIGHT, days_left_out, read_row

ROWS = 10
Why = tuple[str, dict[str, Any]]
"""A message id with its facts, or a word of the report without any."""


@dataclass
class Cell:
    """One cell of the preview: what is read from it, or as it came where that cannot be."""

    column: str
    text: str
    why: Why | None = None
    """Why it is left out, or is no evidence."""


@dataclass
class Looked:
    """One row as it would be read."""

    number: int
    cells: list[Cell] = field(default_factory=list)
    refused: tuple[str, str, dict[str, Any]] | None = None
    """Of which column, and why; no column: the whole line."""


def sample_of(source: Source) -> Piece:
    """The first rows; Trouble when the source does not answer."""
    wanted = source.place
    return look(source.connection, source.reach, source.hidden, lambda opened: opened.sample(wanted, ROWS))  # fmt: skip


def preview(
    source: Source, mapping: dict[str, Any], sample: Piece
) -> tuple[list[Looked], dict[str, list[int]]]:
    """Each row in our columns, and the headings under which resident registration numbers stand."""
    names, found = sample.names, []
    arranger, numbers = Arranger(mapping, names), Numbers(source.entity, mapping, names)
    for at, cells in enumerate(sample.rows):
        cells = numbers.cut(at + 1, [put_right(cell) for cell in cells])
        if problem := sample.problems.get(at):
            row = Arranged(at + 1, {}, cells, ("", problem, {}))
        else:
            row = arranger.arrange(at + 1, cells)
        found.append(looked(source, mapping, row, as_came(names, mapping, cells)))
    return found, numbers.found


def looked(source: Source, mapping: dict[str, Any], row: Arranged, came: dict[str, str]) -> Looked:
    """One row: read where it can be, else as it came."""
    columns = {column.name: column for column in columns_of(source.entity)}
    values, why, refused = row.cells, dict[str, Why](), row.refused
    if refused is None and of_customers(source.entity):
        read = read_row(dict(row.cells), columns, needed(source.entity))
        values, refused = read.values, read.refused
        why = {column: (what, {}) for what, column, _cell in read.strange if what not in PUT_RIGHT}
        why |= read.why
    elif refused is None:
        none = days_left_out(row.cells, columns.values())
        why = {name: (what, {}) for name, what in none.items()}
        values, refused = parsed(
            row.cells | dict.fromkeys(none, ""), columns, needed(source.entity)
        )
    if refused is not None:
        values = {}
        why |= {refused[0]: refused[1:]} if refused[0] else {}
    found = Looked(row.line, refused=refused)
    for name in (name for name in columns if name in mapping):
        text = str(values.get(name) or "") or (came[name] if refused or name in why else "")
        found.cells.append(Cell(name, without_numbers(text), why.get(name)))
    return found


def as_came(names: list[str], mapping: dict[str, Any], cells: list[str]) -> dict[str, str]:
    """What stands in the source for each of our columns, or the value that is the same for all."""
    place = {composed(name): at for at, name in enumerate(names)}
    found = {}
    for column, said in mapping.items():
        places = [place[name] for name in map(composed, said.get("from", [])) if name in place]
        there = " ".join(cells[at].strip() for at in places if at < len(cells)).strip()
        found[column] = there or str(said.get("value", ""))
    return found


def parsed(
    cells: dict[str, str], columns: dict[str, Any], must: set[str]
) -> tuple[dict[str, Any], tuple[str, str, dict[str, Any]] | None]:
    """Values of a strict kind, and the first refusal."""
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if not cell:
            if name in must:
                return values, (name, "empty, but needed", {})
            continue
        try:
            values[name] = columns[name].parse(cell)
        except Refused as refusal:
            return values, (name, refusal.reason, refusal.facts)
    return values, None
