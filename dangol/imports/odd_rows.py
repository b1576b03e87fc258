"""Rows that are not as wide as their headings, or are the headings once more."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from unicodedata import category, normalize

from django.utils.translation import gettext_noop

from dangol.imports.reading import Line

TOO_SHORT = gettext_noop("fewer cells than headings: the line was cut, or a cell holds a line end without quotes")  # fmt: skip
HEADINGS_AGAIN = gettext_noop("the headings stand here once more")
BLOCK = 16
"""Rows that Excel writes equally wide."""
ENOUGH = 3
"""So many short rows show a habit."""


@dataclass
class Habit:
    """Whether a file leaves cells off that are empty at the end of a row, and where.

    A row with fewer cells than headings is damaged: its line was cut, or torn where a cell holds a
    line end. Taken as it is, it would empty what is known. So it is refused, unless the whole file
    shows that its writer leaves empty cells off:

    - Excel saves text in blocks of sixteen rows and writes each only as wide as it is filled
      (Microsoft's note 77295). So sixteen neighbours of one width are whole, the rows of the last
      block too, and all rows of a file that are of one width.
    - Programs that strip every line leave no row that ends in an empty cell, and at least half of
      the rows are short, three or more.

    One short row among others is no habit, and neither is a file of one row.
    """

    trimmed: bool = False
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def leaves_off(self, line: Line) -> bool:
        """Whether a short row is whole."""
        place = line.row or line.number
        at = bisect_right(self.starts, place) - 1
        return self.trimmed or at >= 0 and place <= self.ends[at]

    def keep(self, start: int, end: int) -> None:
        """Note rows that are whole."""
        self.starts.append(start)
        self.ends.append(end)


def learnt(lines: Iterable[Line], width: int) -> Habit:
    """The habit of a file, from all of its rows."""
    habit, rows, short, closed, first = Habit(), 0, 0, False, True
    whole = (line for line in lines if not line.problem)
    start = end = 0
    cells = width
    for cells, run in groupby(whole, key=lambda line: min(len(line.cells), width)):
        first, start = rows == 0, 0
        for line in run:
            end = line.row or line.number
            start = start or end
            rows, short = rows + 1, short + (cells < width)
            closed = closed or not line.cells[:width][-1].strip()
        if cells < width and end - start >= BLOCK - 1:
            habit.keep(start, end)
    last_block = (start - 1) % BLOCK == 0
    if cells < width and end > start and (first or last_block):
        habit.keep(start, end)
    habit.trimmed = not closed and short >= ENOUGH and short * 2 >= rows
    return habit


def judged(
    found: Iterator[Line], again: Callable[[], Iterator[Line]], headings: list[str]
) -> Iterator[Line]:
    """The rows, with what is wrong with them; `again` reads the file anew where its habit has to be
    known."""
    width, habit = width_of(headings), None
    for line in found:
        if not line.problem and len(line.cells) < width:
            habit = habit or learnt(again(), width)
            if not habit.leaves_off(line):
                line = line._replace(problem=TOO_SHORT)
        elif not line.problem and are_headings(line.cells, headings):
            line = line._replace(problem=HEADINGS_AGAIN)
        yield line


def width_of(headings: list[str]) -> int:
    """How many cells a row has: as many as headings up to the last one that has a name."""
    named = (at for at, name in enumerate(headings, 1) if name != f"#{at}")
    return max(named, default=0)


def are_headings(cells: list[str], headings: list[str]) -> bool:
    """Whether a row is the headings once more, as where files were put one behind the other."""
    if plain(cells[0]) != headings[0]:
        return False
    named = [(cell, name) for cell, name in zip(cells, headings, strict=False) if cell.strip()]
    return len(named) > 1 and all(plain(cell) == name for cell, name in named)


def plain(cell: str) -> str:
    """A cell as headings are written: on one line, Hangul composed, nothing hidden."""
    if not cell.isprintable():
        cell = "".join(" " if category(c)[0] == "C" else c for c in cell)
    return " ".join(normalize("NFC", cell).split())[:100]
