"""Text files whose lines were written by different hands: UTF-8 here, CP949 there."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from dangol.imports.reading import CELLS, LINE, Layout, Line, every_line, lines

MIXABLE = {"utf-8", "cp949"}
BOM = b"\xef\xbb\xbf"


@dataclass
class Told:
    """What was noticed while lines were read."""

    mixed: int = 0
    damaged: bool = False
    swallowed: int = 0
    """Lines that lie within a cell, as below a quote that is never closed."""
    where: int = 0
    """The row that holds them."""


def rows_of(path: Path, layout: Layout, told: Told, skip: int = 0) -> Iterator[Line]:
    """The file's rows after the headings, each line in its own encoding where two are mixed."""
    if layout.encoding not in MIXABLE:
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
    """The names of the columns, Hangul composed; those without one are called by their number."""
    found = mixed_lines(path, layout, Told()) if layout.encoding in MIXABLE else every_line(path, layout)  # fmt: skip
    cells: list[str] = []
    for _ in range(max(layout.header, 1)):
        cells = next(found, Line(0, [])).cells
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = " ".join(normalize("NFC", cell).split())[:100] or f"#{i + 1}"
        names.append(name if name not in names else f"{name} #{i + 1}")
    return names


def mixed_lines(path: Path, layout: Layout, told: Told) -> Iterator[Line]:
    """Every row with anything in it; csv's own rules over lines that are decoded one by one."""
    csv.field_size_limit(LINE)
    with open(path, "rb") as file:
        if file.read(3) != BOM:
            file.seek(0)
        source = decoded(file, layout.encoding, told)
        reader = csv.reader(source, delimiter=layout.separator, skipinitialspace=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as failure:
                yield Line(number, [], str(failure)[:200])
                continue
            problem = "characters that cannot be read in this encoding" if told.damaged else ""
            told.damaged = False
            if any(cell.strip() for cell in cells):
                yield Line(number, [cell.replace("\x00", "") for cell in cells[:CELLS]], problem)


def swallowed(cells: list[str], separator: str, width: int) -> int:
    """How many lines within the cells of a row look like rows of their own: they are parted as often
    as the headings are. One such line may be an address; two are a block that a quote has swallowed."""
    if width < 2:
        return 0
    inner = (line for cell in cells if "\n" in cell for line in cell.split("\n")[1:])
    count = sum(line.count(separator) >= width - 1 for line in inner)
    return count if count > 1 else 0


def decoded(file: Iterator[bytes], usual: str, told: Told) -> Iterator[str]:
    """Each line as text."""
    for line in file:
        text, other = decode_line(line, usual)
        told.mixed += other
        told.damaged |= "\ufffd" in text
        yield text.replace("\x00", "")


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
    """Whether the last line is closed; a UTF-16 file may end in two bytes."""
    with open(path, "rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(0, size - 2))
        return file.read(2).rstrip(b"\x00")[-1:] in (b"\n", b"\r")
