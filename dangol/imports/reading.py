"""Any text file becomes numbered rows of cells, in little memory, whatever the file holds."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

CELL = 10_000
LINE = 4_000_000
CELLS = 1000
SAMPLE = 2**20
SUB = "\x1a"
"""By which old systems end a text."""
SEPARATORS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "cp949", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "shift_jis")


@dataclass
class Layout:
    """How a file is read: what was found out, or what a person chose."""

    encoding: str = "utf-8"
    separator: str = ","
    header: int = 1
    """The row that holds the headings, from 1; 0: there are none."""
    sheet: str = ""
    sheets: list[str] | None = None

    def stored(self) -> dict[str, Any]:
        return asdict(self)


class Line(NamedTuple):
    """One row: where it begins in the file, its cells, and what is wrong with it if anything."""

    number: int
    cells: list[str]
    problem: str = ""
    row: int = 0
    """Which row of the file it is, headings and blank ones counted: one may take several lines."""


class Source:
    """Lines of a text file, each bounded; remembers what was wrong since it was last asked."""

    def __init__(self, file: io.TextIOBase) -> None:
        self.file, self.number, self.cut, self.damaged = file, 0, False, False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LINE and not line.endswith(("\n", "\r")):
            self.cut = True
            while (rest := self.file.readline(LINE)) and not rest.endswith(("\n", "\r")):
                pass
            line = line[:CELL].replace('"', "'") + "\n"
        if "\ufffd" in line:
            self.damaged = True
        return line.replace(SUB, "") if SUB in line else line

    def troubles(self) -> str:
        """What was wrong with the lines read since the last question."""
        found = ""
        if self.cut:
            found = gettext_noop("the line is longer than 4 million characters")
        elif self.damaged:
            found = gettext_noop("characters that cannot be read in this encoding")
        self.cut = self.damaged = False
        return found


def lines(path: Path, layout: Layout, skip: int = 0) -> Iterator[Line]:
    """The file's rows after the headings; blank ones are left out; `skip` are passed over fast."""
    found = every_line(path, layout)
    for _ in range(layout.header):
        if next(found, None) is None:
            return
    for line in found:
        if skip > 0:
            skip -= 1
            continue
        yield line


def every_line(path: Path, layout: Layout) -> Iterator[Line]:
    """Every row with anything in it, headings too."""
    csv.field_size_limit(LINE)
    with open(path, encoding=codec(layout.encoding, path), errors="replace", newline="") as file:
        source = Source(file)
        reader = csv.reader(source, delimiter=layout.separator, skipinitialspace=True)
        for row in count(1):
            begins = source.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                source.troubles()
                yield Line(
                    begins,
                    [],
                    gettext_noop("an opening quote is never closed, or a cell is too long"),
                    row,
                )
                continue
            problem = source.troubles()
            if len(cells) > CELLS:
                cells, problem = cells[:CELLS], problem or gettext_noop("more than 1,000 cells")
            if any(len(cell) > CELL for cell in cells):
                cells = [cell[:200] for cell in cells]
                problem = problem or gettext_noop("a cell is longer than 10,000 characters")
            if any(cells) and any(cell.strip() for cell in cells):
                yield Line(begins, cells, problem, row)


def codec(encoding: str, path: Path) -> str:
    """Python's name for an encoding; UTF-8 and UTF-16 with or without their mark."""
    name = codecs.lookup(encoding).name
    if name == "utf-16":
        with open(path, "rb") as file:
            marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        return name if marked else "utf-16-le"
    return "utf-8-sig" if name == "utf-8" else name


def detect(path: Path) -> Layout:
    """Find out how a text file is to be read."""
    layout = Layout(encoding=detect_encoding(path))
    with open(path, encoding=codec(layout.encoding, path), errors="replace", newline="") as file:
        sample = file.read(SAMPLE // 4)
    layout.separator = detect_separator(sample)
    return layout


def detect_encoding(path: Path) -> str:
    """By its mark; else UTF-8 if all of it is; else the one that leaves the fewest unreadable."""
    with open(path, "rb") as file:
        head = file.read(SAMPLE)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:4000:2].count(0), head[1:4000:2].count(0)
    size = max(1, len(head[:4000]) // 2)
    if odd > size * 0.3 and odd > 2 * even:
        return "utf-16-le"
    if even > size * 0.3 and even > 2 * odd:
        return "utf-16-be"
    if unreadable(path, "utf-8") == 0:
        return "utf-8"
    counts = {name: unreadable(path, name) for name in ("utf-8", "cp949", "cp1252")}
    if counts["cp949"] and counts["cp1252"] == 0 and mostly_western(head):
        return "cp1252"
    return min(("cp949", "utf-8"), key=lambda name: counts[name])


def mostly_western(head: bytes) -> bool:
    """Whether bytes above 127 stand alone among letters, as in Müller."""
    high = sum(byte > 127 for byte in head[:50_000])
    pairs = sum(a > 127 and b > 127 for a, b in zip(head[:50_000], head[1:50_000], strict=False))
    return high > 0 and pairs < high * 0.2


def unreadable(path: Path, encoding: str) -> int:
    """How many places of the file are not of this encoding, counted up to 1,000."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    count = 0
    with open(path, "rb") as file:
        while chunk := file.read(SAMPLE):
            count += decoder.decode(chunk).count("\ufffd")
            if count > 1000:
                break
    return count + decoder.decode(b"", True).count("\ufffd")


def detect_separator(sample: str) -> str:
    """The one that cuts the most rows into the same number of cells, more than one."""
    best, separator = 0.0, ","
    text = "\n".join(sample.splitlines()[:200])
    for candidate in SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text), delimiter=candidate, skipinitialspace=True))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if any(row)]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(widths) * min(usual, 20) if usual > 1 else 0
        if score > best:
            best, separator = score, candidate
    return separator
