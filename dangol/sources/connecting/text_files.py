"""Text files whose lines were written by different hands: UTF-8 here, CP949 there."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_noop

from dangol.core.resident_numbers import without_numbers
from dangol.imports.odd_rows import plain
from dangol.imports.reading import (
    CELL,
    CELLS,
    LINE,
    SAMPLE,
    SUB,
    Layout,
    Line,
    every_line,
    lines,
)

CLOSED = re.compile(rb"[\n\r]\x00?(?:\x00?\x1a\x00?)?\Z")
MIXABLE = {"utf-8", "cp949"}
BOM = b"\xef\xbb\xbf"
UNREADABLE = gettext_noop("characters that cannot be read in this encoding")
TOO_LONG = gettext_noop("the line is longer than 4 million characters")
LOST_QUOTE = gettext_noop("an opening quote is never closed, or a cell is too long")
BYTES = 4 * LINE
"""Of one line."""
LONE_RETURN = gettext_noop("a cell holds a line end without quotes")


@dataclass
class Told:
    """What was noticed while lines were read."""

    mixed: int = 0
    damaged: bool = False
    cut: bool = False
    swallowed: int = 0
    """Lines that lie within a cell, as below a quote that is never closed."""
    where: int = 0
    """The line of the file where the row begins that holds them."""
    left_off: int = 0
    """Rows without the empty cells at their end."""

    def troubles(self) -> str:
        """What was wrong with the lines read since the last question."""
        found = TOO_LONG if self.cut else UNREADABLE if self.damaged else ""
        self.cut = self.damaged = False
        return found


def rows_of(path: Path, layout: Layout, told: Told, skip: int = 0) -> Iterator[Line]:
    """The file's rows after the headings, each line in its own encoding where two are mixed."""
    if not is_mixable(path, layout):
        yield from lines(path, layout, skip)
        return
    found = mixed_lines(path, layout, told)
    for _ in range(layout.header):
        if next(found, None) is None:
            return
    for line in found:
        if skip > 0:
            skip -= 1
            continue
        yield line


def headings_of(path: Path, layout: Layout) -> list[str]:
    """The names of the columns, Hangul composed; those without one are called by their number. In a
    file without headings the first row may be somebody's."""
    found = mixed_lines(path, layout, Told()) if is_mixable(path, layout) else every_line(path, layout)  # fmt: skip
    cells: list[str] = []
    for _ in range(max(layout.header, 1)):
        cells = next(found, Line(0, [])).cells
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = without_numbers(plain(cell)) or f"#{i + 1}"
        names.append(name if name not in names else f"{name} #{i + 1}")
    return names


def is_mixable(path: Path, layout: Layout) -> bool:
    """Whether each line can be decoded by itself: not where letters have two bytes, nor where lines
    end as on an old Macintosh."""
    if layout.encoding not in MIXABLE:
        return False
    with open(path, "rb") as file:
        head = file.read(SAMPLE)
    return b"\n" in head or b"\r" not in head


def mixed_lines(path: Path, layout: Layout, told: Told) -> Iterator[Line]:
    """Every row with anything in it; csv's own rules over lines that are decoded one by one."""
    csv.field_size_limit(LINE)
    with open(path, "rb") as file:
        if file.read(3) != BOM:
            file.seek(0)
        source = decoded(file, layout.encoding, told)
        reader = csv.reader(source, delimiter=layout.separator, skipinitialspace=True)
        for row in count(1):
            begins = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as failure:
                why = LONE_RETURN if "new-line" in str(failure) else LOST_QUOTE
                yield Line(begins, [], told.troubles() or why, row)
                continue
            problem = told.troubles()
            if any(cell.strip() for cell in cells):
                whole = [cell.replace("\x00", "") for cell in cells[:CELLS]]
                yield Line(begins, whole, problem, row)


def swallowed(cells: list[str], separator: str, width: int) -> int:
    """How many lines within the cells of a row look like rows of their own: they are parted as often
    as the headings are. One such line may be an address; two are a block that a quote has swallowed."""
    if width < 2:
        return 0
    inner = (line for cell in cells if "\n" in cell for line in cell.split("\n")[1:])
    count = sum(line.count(separator) >= width - 1 for line in inner)
    return count if count > 1 else 0


def decoded(file: BinaryIO, usual: str, told: Told) -> Iterator[str]:
    """Each line as text; of one without end, the beginning."""
    while line := file.readline(BYTES):
        if len(line) == BYTES and not line.endswith(b"\n"):
            told.cut, line = True, line[:CELL].replace(b'"', b"'") + b"\n"
            while (rest := file.readline(SAMPLE)) and not rest.endswith(b"\n"):
                pass
        text, other = decode_line(line, usual)
        told.mixed += other
        told.damaged |= "\ufffd" in text
        yield text.replace("\x00", "").replace(SUB, "")


def decode_line(line: bytes, usual: str) -> tuple[str, bool]:
    """The text, and whether the line was in the other encoding than usual.

    Some pairs of CP949 are also letters of UTF-8, but Latin ones: Hangul takes three bytes there.
    """
    if line.isascii():
        return line.decode("ascii"), False
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp949", "replace")
        return text, usual == "utf-8" and "\ufffd" not in text
    if usual == "cp949" and max(text) < "\u0800":
        return line.decode("cp949", "replace"), False
    return text, usual == "cp949"


def digest_of(path: Path) -> str:
    """What tells these bytes from all others."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ends_whole(path: Path) -> bool:
    """Whether the last line is closed, perhaps with the sign behind it by which old systems end a
    text; letters may have two bytes."""
    with open(path, "rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 4))
        return CLOSED.search(file.read(4)) is not None
