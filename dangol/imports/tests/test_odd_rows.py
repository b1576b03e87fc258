"""A short row is damaged, unless the whole file leaves empty cells at the end off."""

from __future__ import annotations

import pytest

from dangol.imports.odd_rows import HEADINGS_AGAIN, TOO_SHORT, judged, learnt, width_of
from dangol.imports.reading import Line

HEADINGS = ["id", "name", "phone", "note"]


def lines(*widths: int, empty: bool = False) -> list[Line]:
    """Rows of these widths, from the second line on; with `empty` each ends in an empty cell."""
    rows = [[f"{n}-{at}" for at in range(width)] for n, width in enumerate(widths)]
    return [Line(n, [*row[:-1], ""] if empty else row) for n, row in enumerate(rows, 2)]


def refused(rows: list[Line], headings: list[str] = HEADINGS) -> list[int]:
    """The lines that are refused."""
    found = judged(iter(rows), lambda: iter(rows), headings)
    return [line.number for line in found if line.problem == TOO_SHORT]


@pytest.mark.parametrize(
    ("widths", "lost"),
    [
        ([4, 2, 4], [3]),
        ([2], [2]),
        ([4, 4, 2], [4]),
        ([4] * 50 + [3] * 15 + [4] * 50, list(range(52, 67))),
        ([4] * 15 + [3] * 16 + [4] * 20, []),
        ([4] * 15 + [3] * 16 + [2] * 16 + [4], []),
        ([4] * 15 + [3] * 5, []),
        ([4] * 15 + [3], [17]),
        ([4] * 14 + [3] * 5, [16, 17, 18, 19, 20]),
        ([3] * 2, []),
        ([3] * 40, []),
        ([2, 4, 3, 1, 3, 4], []),
        ([4, 4, 3, 4, 2, 4], [4, 6]),
        ([4, 5, 4], []),
    ],
)
def test_a_habit_needs_the_whole_file(widths, lost):
    assert refused(lines(*widths)) == lost


def test_a_file_that_writes_its_empty_cells_has_no_such_habit():
    rows = lines(2, 3, 2, 3) + [Line(6, ["9", "x", "y", ""])]
    assert refused(rows) == [2, 3, 4, 5]
    assert refused(lines(2, 3, 2, 3, empty=True)) == [2, 3, 4, 5]


def test_headings_without_a_name_at_the_end_need_no_cell():
    assert width_of(["id", "#2", "name", "#4", "#5"]) == 3
    assert refused(lines(3, 4, 3), ["id", "name", "phone", "#4"]) == []


def test_a_damaged_line_teaches_nothing():
    rows = [*lines(3, 3), Line(9, [], "damaged")]
    assert learnt(rows, 4).starts == [2]


def test_headings_in_the_middle_are_no_row():
    rows = [Line(2, ["1", "a", "b", "c"]), Line(3, [" id", "name", "phone", "note", ""])]
    found = [line.problem for line in judged(iter(rows), lambda: iter(rows), HEADINGS)]
    assert found == ["", HEADINGS_AGAIN]
    alone = [Line(2, ["id", "", "", ""]), Line(3, ["id", "name", "02-123", ""])]
    assert not any(line.problem for line in judged(iter(alone), lambda: iter(alone), HEADINGS))
