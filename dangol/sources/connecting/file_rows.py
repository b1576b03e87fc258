"""Rows of files with what is wrong with them, in the order of the first file's headings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_noop

from dangol.imports.odd_rows import judged
from dangol.imports.reading import Layout, Line
from dangol.sources.connecting.contract import Ask, Piece
from dangol.sources.connecting.text_files import Told, rows_of

TOO_WIDE = gettext_noop("more cells than headings: a comma inside a cell, or a lost line end")
UNREADABLE = "\ufffd"
"""What stands for a letter that cannot be read."""


def lines_of(
    path: Path, layout: Layout, told: Told, headings: list[str], *, skip: int = 0,
    most: int | None = None,
) -> Iterator[Line]:  # fmt: skip
    """The rows of a file with what is wrong with them, judged by all of them or by the first."""
    found = rows_of(path, layout, told, skip)
    return judged(found, lambda: islice(rows_of(path, layout, Told()), most), headings)


def problem_of(line: Line, width: int) -> str:
    """What is wrong with a row; empty when nothing is."""
    return line.problem or (TOO_WIDE if any(cell.strip() for cell in line.cells[width:]) else "")


class Order:
    """Rows of a file whose headings stand otherwise than those of the first one."""

    def __init__(self, own: list[str], ask: Ask) -> None:
        self.places = [own.index(name) if name in own else None for name in ask.names]
        self.keys = [at for at, name in enumerate(ask.names) if name in ask.key]
        self.width = len(own)

    def arranged(self, cells: list[str], problem: str) -> list[str]:
        """A row in the order of the first file; of a damaged one the key where it is safe."""
        found = [cells[at] if at is not None and at < len(cells) else "" for at in self.places]
        first = [self.places[at] for at in self.keys] == [0]
        if problem and not (first and 1 < len(cells) < 2 * self.width - 1):
            for at in self.keys:
                found[at] = UNREADABLE
        return found


def add(piece: Piece, line: Line, order: Order | None, width: int) -> None:
    """One row more, arranged as the first file's headings are."""
    problem = problem_of(line, width)
    if problem:
        piece.problems[len(piece.rows)] = problem
    piece.lines.append(line.number)
    piece.rows.append(order.arranged(line.cells, problem) if order else line.cells)
