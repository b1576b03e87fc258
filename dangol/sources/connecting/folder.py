"""A folder of CSV and XLSX files below the inbox."""

from __future__ import annotations

import fnmatch
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from dangol.imports import file_kinds, workbook
from dangol.imports.odd_rows import width_of
from dangol.imports.reading import Layout, Line, detect
from dangol.sources.connecting.contract import PIECE, Ask, Listing, NotYet, Piece, Unusable
from dangol.sources.connecting.file_rows import Order, add, lines_of, problem_of
from dangol.sources.connecting.text_files import (
    Told,
    digest_of,
    ends_whole,
    headings_of,
    swallowed,
)

ENDINGS = {".csv", ".txt", ".tsv", ".xlsx"}
OTHER_ENCODING = gettext_noop("The headings of “%(name)s” cannot be read: the file is damaged, or in an encoding that is not known. Save it as CSV in UTF-8.")  # fmt: skip
NOT_READ = gettext_noop("“%(name)s” is not read: its name has to end in .csv, .txt, .tsv or .xlsx.")  # fmt: skip
QUIET = 2.0
"""Seconds for which a file must not have been touched; younger ones are looked at twice."""
AT_A_PAGE = 25.0
"""Seconds that a workbook may take while somebody waits at a page."""
AT_A_LOOK = 50_000
"""Rows by which a page judges the others."""
SETTLED = 300.0
"""Seconds after which nobody writes to a file any more: it is whole as it stands, or never will be."""
CUT_OFF = gettext_noop("the file ends in the middle of this line")


def folder_below(root: Path, name: str) -> Path:
    """A folder below a root; Unusable for one that leads out of it."""
    asked = (name or ".").strip().lstrip("/")
    if any(len(part.encode()) > 255 for part in asked.split("/")):
        raise Unusable(gettext_noop("There is no folder “%(name)s” in the inbox."), name=name[:100])
    folder = (root / asked).resolve()
    if not folder.is_relative_to(root.resolve()):
        raise Unusable(gettext_noop("“%(name)s” leads out of the inbox."), name=name[:100])
    return folder


class Folder:
    """Files by their names; those with the same bytes count once."""

    def __init__(self, said: dict[str, Any], *, at_a_page: bool = False) -> None:
        self.said = said
        self.seconds = AT_A_PAGE if at_a_page else workbook.SECONDS
        self.folder = folder_below(settings.INBOX, str(said.get("folder", "")))
        self.scratch = tempfile.TemporaryDirectory(prefix="dangol-source-")

    def close(self) -> None:
        """Remove what workbooks were turned into."""
        self.scratch.cleanup()

    def test(self) -> str:
        """How many files there are."""
        return f"{len(self.files('*'))} × CSV/XLSX"

    def fitting(self, pattern: str) -> list[Path]:
        """The files whose names fit, the oldest first."""
        if not self.folder.is_dir():
            raise Unusable(gettext_noop("There is no folder “%(name)s” in the inbox."),
                           name=str(self.said.get("folder", ""))[:100])  # fmt: skip
        found = [
            path for path in self.folder.iterdir()
            if path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~"))
            and fnmatch.fnmatch(path.name, pattern or "*")
        ]  # fmt: skip
        return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))

    def files(self, pattern: str) -> list[Path]:
        """Those of them that can be tables."""
        return [path for path in self.fitting(pattern) if path.suffix.lower() in ENDINGS]

    def places(self) -> list[Listing]:
        """Each file, and all together; where none can be a table, why."""
        found = self.files("*")
        if not found and (others := self.fitting("*")):
            raise not_read(others[-1])
        every = [Listing("*", note=str(len(found)))] if len(found) > 1 else []
        return [*(Listing(path.name) for path in found[:200]), *every]

    def columns(self, place: str) -> list[str]:
        """The headings of the newest file that fits."""
        return self.headings(self.newest(place))[2]

    def headings(self, path: Path) -> tuple[Path, Layout, list[str]]:
        """A file as text with its headings; Unusable when their letters are of no known encoding."""
        text, layout = self.opened(path)
        found = headings_of(text, layout)
        if any("\ufffd" in name for name in found):
            raise Unusable(OTHER_ENCODING, name=path.name[:100])
        return text, layout, found

    def sample(self, place: str, rows: int) -> Piece:
        """The first rows of the newest file."""
        path, layout, own = self.headings(self.newest(place))
        found = Piece([], {}, names=own)
        for line in islice(lines_of(path, layout, Told(), own, most=AT_A_LOOK), rows):
            if problem := problem_of(line, len(own)):
                found.problems[len(found.rows)] = problem
            found.rows.append(line.cells)
        return found

    def newest(self, place: str) -> Path:
        """The file that came last."""
        found = self.files(place)
        if not found and (others := self.fitting(place)):
            raise not_read(others[-1])
        if not found:
            raise Unusable(gettext_noop("No file fits “%(name)s”."), name=place[:100])
        return found[-1]

    def opened(self, path: Path) -> tuple[Path, Layout]:
        """A file as text, whole; NotYet when somebody still writes it."""
        self.wait_for(path)
        is_book = path.suffix.lower() == ".xlsx"
        other = file_kinds.other_than_workbook(path) if is_book else file_kinds.other_than_text(path)  # fmt: skip
        if other:
            raise Unusable(other[0], **other[1])
        refuse_part(path)
        if is_book:
            out = Path(self.scratch.name) / f"{path.stem}.csv"
            try:
                workbook.convert(path, str(self.said.get("sheet", "")), out, self.seconds)
            except workbook.TooMuch as failure:
                raise too_much(path) from failure
            except workbook.Unreadable as failure:
                raise (damaged(path) if settled(path) else half_written(path)) from failure
            return out, Layout()
        return path, detect(path)

    def wait_for(self, path: Path) -> None:
        """Let a file through that nobody writes any more."""
        before = path.stat()
        if time.time() - before.st_mtime < QUIET:
            time.sleep(0.3)
            after = path.stat()
            if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
                raise half_written(path)

    def wanted(self, ask: Ask) -> list[tuple[Path, str, bool]]:
        """(file, digest, whether these bytes were applied already) of the files of this run."""
        found = self.files(ask.place)
        if ask.full:  # the newest is the whole truth
            found = found[-1:]
        listed = [(path, digest_of(path)) for path in found]
        return [(path, digest, digest in ask.taken) for path, digest in listed]

    def read(self, ask: Ask) -> Iterator[Piece]:
        """The rows of every new file, from the cursor on."""
        wanted = self.wanted(ask)
        begun = {"file": ask.cursor.get("file"), "row": ask.cursor.get("row", 0)}
        if begun["file"]:
            at = next((i for i, (_p, digest, _t) in enumerate(wanted) if digest == begun["file"]), None)  # fmt: skip
            if at is None:
                raise Unusable(gettext_noop("The file changed while it was read; run again."))
            wanted = wanted[at:]
        for path, digest, taken in wanted:
            done = begun["row"] if digest == begun["file"] else 0
            if taken:
                said = {"name": path.name, "digest": digest, "rows": 0, "again": ask.taken[digest]}
                renamed = ask.taken[digest] != path.name
                strange = {"same_file": 1} if ask.full or renamed else {}
                yield Piece([], {"file": digest, "row": 0}, file=said, strange=strange)
            else:
                yield from self.pieces(path, digest, ask, done)

    def pieces(self, path: Path, digest: str, ask: Ask, skip: int) -> Iterator[Piece]:
        """One file's rows, arranged as the first file's headings are."""
        text, layout, own = self.headings(path)
        order = None if own == ask.names else Order(own, ask)
        told, piece, done, last = Told(), Piece([], {}, within=path.name), skip, Line(0, [])
        for line in lines_of(text, layout, told, own, skip=skip):
            if len(piece.rows) == PIECE:
                yield finished(piece, digest, done, *noted(told, path.name))
                piece = Piece([], {}, within=path.name)
            add(piece, line, order, len(own))
            told.left_off += not line.problem and len(line.cells) < width_of(own)
            if lost := swallowed(line.cells, layout.separator, len(own)):
                told.swallowed, told.where = told.swallowed + lost, line.number
            done, last = done + 1, line
        strange, samples = noted(told, path.name)
        if not closed(path):
            strange["not_closed"] = 1
            if piece.rows and len(last.cells) < len(own):
                piece.problems[len(piece.rows) - 1] = CUT_OFF
        piece.file = {"name": path.name, "digest": digest, "rows": done}
        if lacks := [name for name in ask.names if name not in own]:
            piece.file["lacks"] = lacks
        yield finished(piece, digest, done, strange, samples)


def finished(
    piece: Piece, digest: str, done: int, strange: dict[str, int], samples: dict[str, list[Any]]
) -> Piece:
    """A piece with where reading goes on after it, and what was strange in it."""
    piece.cursor, piece.strange, piece.samples = {"file": digest, "row": done}, strange, samples
    return piece


def noted(told: Told, name: str) -> tuple[dict[str, int], dict[str, list[Any]]]:
    """What was noticed in a file since the last question, and where."""
    found = {"mixed_encoding": told.mixed, "swallowed": told.swallowed, "left_off": told.left_off}
    told.mixed = told.swallowed = told.left_off = 0
    samples = {"swallowed": [0, "", "", name, told.where]}
    return {what: count for what, count in found.items() if count}, samples


def refuse_part(path: Path) -> None:
    """Refuse a file of which only a part is there, or nothing but the room for it."""
    if file_kinds.is_blank(file_kinds.head_of(path)):
        raise damaged(path) if settled(path) else half_written(path)
    if not settled(path) and not closed(path):
        raise half_written(path)


def not_read(path: Path) -> Unusable:
    """The refusal of a file under an ending that is not read: what it is, if its first bytes say so."""
    told = file_kinds.other_than_text(path)
    return Unusable(told[0], **told[1]) if told else Unusable(NOT_READ, name=path.name[:100])


def half_written(path: Path) -> NotYet:
    """The refusal of a file that is not whole."""
    return NotYet(gettext_noop("“%(name)s” is still being written, or damaged."), name=path.name)


def damaged(path: Path) -> Unusable:
    """The refusal of a file that nobody finishes any more."""
    return Unusable(
        gettext_noop("“%(name)s” is empty or damaged, and nobody has written to it for %(minutes)s minutes. Replace it, or take it out of the folder."),
        name=path.name, minutes=round(SETTLED / 60),
    )  # fmt: skip


def too_much(path: Path) -> Unusable:
    """The refusal of a workbook that is whole and can never be read."""
    return Unusable(
        gettext_noop("“%(name)s” cannot be read: the workbook unpacks to too much, or takes too long. Delete what is empty in it, or save the sheet as CSV and put that into the folder instead."),
        name=path.name,
    )  # fmt: skip


def settled(path: Path) -> bool:
    """Whether nobody has written to a file for some minutes."""
    return time.time() - path.stat().st_mtime >= SETTLED


def closed(path: Path) -> bool:
    """Whether the last line of a text file has its end; workbooks have none."""
    return path.suffix.lower() == ".xlsx" or ends_whole(path)
