"""Which column of a file means what: guessed from the headings, remembered per source."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import category

from dangol.core.resident_numbers import without_numbers
from dangol.imports.cells import tidy
from dangol.imports.kinds import Column, Kind, Refused, heading_of, plain_heading
from dangol.imports.models import Memory
from dangol.imports.reading import Layout, every_line, lines

Mapping = dict[str, Any]


def headings(path: Path, layout: Layout) -> list[str]:
    """The names of the file's columns; those without one are called by their number."""
    rows = []
    for line in every_line(path, layout):
        rows.append(line.cells)
        if len(rows) >= max(layout.header, 1):
            break
    cells = rows[-1] if rows else []
    if layout.header == 0:
        return [f"#{i + 1}" for i in range(len(cells))]
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = without_numbers(plain(cell))[:100] or f"#{i + 1}"
        names.append(name if name not in names else f"{name} #{i + 1}")
    return names


def plain(text: str) -> str:
    """On one line, without control characters, which no database takes."""
    return " ".join("".join(" " if category(c)[0] == "C" else c for c in text).split())


def cleaned(said: Any) -> Any:
    """A mapping with every name and value as a file's headings are: on one line, nothing hidden."""
    match said:
        case str():
            return plain(said)
        case dict():
            return {plain(str(name)): cleaned(value) for name, value in said.items()}
        case list():
            return [cleaned(value) for value in said]
    return said


def find_header(path: Path, layout: Layout, kind: Kind) -> int:
    """The row among the first 20 that knows the most headings of the kind; when none does 1, or 0
    for a kind whose files have none."""
    known = set().union(*(column.known_as for column in kind.columns))
    best, row = 1, 0 if kind.places else 1
    for number, line in enumerate(every_line(path, layout), 1):
        if number > 20:
            break
        score = len({plain_heading(cell) for cell in line.cells} & known)
        if score > best:
            best, row = score, number
    return row


LOOKED_AT = 50_000
"""Rows by which the kind of an unknown column is guessed."""


def cells_of(path: Path, layout: Layout, names: list[str], rows: int) -> dict[str, list[str]]:
    """The first tidy cells of each column; empty where a row has none."""
    found: list[list[str]] = [[] for _name in names]
    for line in islice(lines(path, layout), rows):
        for at, column in enumerate(found):
            column.append(tidy(line.cells[at]) if at < len(line.cells) else "")
    return dict(zip(names, found, strict=True))


def taken(column: Column, cells: Sequence[str]) -> bool:
    """Whether the column could be read from most of these cells."""
    good = bad = 0
    for cell in filter(None, cells):
        try:
            column.parse(cell)
            good += 1
        except Refused:
            bad += 1
    return good >= bad


def proposals(
    kind: Kind, cells: dict[str, list[str]], mapping: Mapping, wanted: dict[str, tuple[str, str]]
) -> Mapping:
    """New columns of the company's own for these headings: {heading: (kind or "", name or "")}."""
    found: Mapping = {}
    if kind.own is None:
        return found
    used = {column.name for column in kind.under({}).columns} | set(mapping)
    for heading, (sort, name) in wanted.items():
        made = kind.own.proposed(heading, cells[heading], used | set(found), sort, name)
        if made:
            found[made[0]] = made[1]
    return found


def unused(names: list[str], mapping: Mapping) -> list[str]:
    """The headings that a mapping does not use."""
    used = {heading_of(chosen) for chosen in mapping.values()}
    return [name for name in names if name not in used]


def guess(kind: Kind, names: list[str], cells: dict[str, list[str]] | None = None) -> Mapping:
    """Each column with the heading that means it: exactly, else by its beginning if the cells fit."""
    if kind.places and all(name == f"#{at}" for at, name in enumerate(names, 1)):
        return {name: f"#{at}" for name, at in kind.places.items() if at <= len(names)}
    kind = kind.under({})
    plain = {name: plain_heading(name) for name in names}
    found: Mapping = {}
    for exact in (True, False):
        for column in kind.columns:
            if column.name in found:
                continue
            for name in names:
                if name in found.values():
                    continue
                text = plain[name]
                fits = text in column.known_as if exact else any(
                    len(alias) > 3 and text.startswith(alias) for alias in column.known_as
                )  # fmt: skip
                if fits and (exact or cells is None or taken(column, cells[name])):
                    found[column.name] = name
                    break
    return found


def signature(names: list[str]) -> str:
    """The same for files with the same headings in the same order."""
    return hashlib.sha256("\x1f".join(map(plain_heading, names)).encode()).hexdigest()


def remembered(kind: Kind, source: str, names: list[str]) -> Mapping | None:
    """How such a file was mapped last time."""
    found = Memory.objects.filter(kind=kind.key, source=source, signature=signature(names)).first()
    return dict(found.mapping) if found else None


def remember(kind: Kind, source: str, names: list[str], mapping: Mapping) -> None:
    """Keep a mapping for the next file of this kind."""
    Memory.objects.update_or_create(
        kind=kind.key, source=source, signature=signature(names), defaults={"mapping": mapping}
    )


def problems(kind: Kind, names: list[str], mapping: Mapping) -> dict[str, list[str]]:
    """What keeps a mapping from being used: the messages of each of its columns."""
    from django.utils.translation import gettext as _

    kind, found = kind.under(mapping), defaultdict(list)
    for column in kind.columns:
        if column.required and not mapping.get(column.name):
            told = _("No column is chosen for “%(label)s”.") % {"label": column.label}
            found[f"mapping.{column.name}"].append(told)
    for name, chosen in mapping.items():
        heading = heading_of(chosen)
        if heading and heading not in names:
            told = _("The file has no column “%(name)s”.") % {"name": heading}
            found[f"mapping.{name}"].append(told)
        if all(column.name != name for column in kind.columns):
            told = _("There is no “%(name)s” to load.") % {"name": name}
            found[f"mapping.{name}"].append(told)
    return dict(found)
