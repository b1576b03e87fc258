"""Which column of a file means what: guessed from the headings, remembered per source."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from dangol.imports.kinds import Kind, plain_heading
from dangol.imports.models import Memory
from dangol.imports.reading import Layout, every_line

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
        name = " ".join(cell.split())[:100] or f"#{i + 1}"
        names.append(name if name not in names else f"{name} #{i + 1}")
    return names


def find_header(path: Path, layout: Layout, kind: Kind) -> int:
    """The row among the first 20 that knows the most headings of the kind; 1 when none does."""
    known = set().union(*(column.known_as for column in kind.columns))
    best, row = 1, 1
    for number, line in enumerate(every_line(path, layout), 1):
        if number > 20:
            break
        score = len({plain_heading(cell) for cell in line.cells} & known)
        if score > best:
            best, row = score, number
    return row


def guess(kind: Kind, names: list[str]) -> Mapping:
    """Each column of the kind with the heading that means it: exactly, else by a part of it."""
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
                if fits:
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


def problems(kind: Kind, names: list[str], mapping: Mapping) -> list[str]:
    """What keeps a mapping from being used, as message ids filled in."""
    from django.utils.translation import gettext as _

    found = []
    for column in kind.columns:
        if column.required and not mapping.get(column.name):
            found.append(_("No column is chosen for “%(label)s”.") % {"label": column.label})
    for name, heading in mapping.items():
        if isinstance(heading, str) and heading not in names:
            found.append(_("The file has no column “%(name)s”.") % {"name": heading})
        if all(column.name != name for column in kind.columns):
            found.append(_("There is no “%(name)s” to load.") % {"name": name})
    return found
