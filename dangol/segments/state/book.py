"""The rows of a fact table in files beside the state, read where they lie: one file a column.

New rows are added at the end; what came lately in small portions is put in order together, so that
few parts remain. A row that went is marked. Changed only while the state is (`State.changing`).
"""

from __future__ import annotations

import json
import mmap
import shutil
from dataclasses import astuple, replace
from itertools import batched
from pathlib import Path

import numpy as np
import pyarrow as pa

from dangol.segments.state.passing import KINDS, fits, narrowed, widened
from dangol.segments.state.rows import (
    OWN,
    Part,
    Rows,
    Shape,
    asked_for,
    chosen_groups,
    encoded,
)
from dangol.segments.state.warming import warm
from dangol.warehouse.engine import Lake
from dangol.warehouse.facts import FACTS

Array = np.ndarray
FILES_AT_ONCE, TOGETHER = 2, 2**20
"""Files of the lake that are read at a time; rows that are put in order together."""
MOST_GONE = 0.2
"""Of all rows: beyond this share those that went are left out of files written anew."""
MOST_OPEN = 40
OPEN: dict[tuple[str, int, int], Book] = {}


def shape_of(table: str) -> list[list[str]]:
    """The columns of a table: other ones need another book."""
    return [[c.name, str(c.type), c.sql] for c in FACTS[table].columns]


class Book(Rows):
    """All rows of a fact table that belong to a customer and a day."""

    def __init__(self, folder: Path, shape: Shape, parts: list[Part], size: int) -> None:
        super().__init__(shape, {}, parts)
        self.folder, self.size = folder, size
        self.look()

    @classmethod
    def opened(cls, folder: Path, table: str) -> Book | None:
        """The book of a table as it stands; None where there is none that fits its columns."""
        path = folder / table / "book.json"
        try:
            seen = path.stat()
            key = (str(path), seen.st_ino, seen.st_mtime_ns)
            if key not in OPEN:
                told = json.loads(path.read_text("utf-8"))
                if told["shape"] != shape_of(table):
                    return None
                shape = Shape(table, told["grouped"], told["words"], told["there"], told["narrow"])
                parts = [Part(*one[:4], tuple(one[4]), one[5]) for one in told["parts"]]
                if len(OPEN) >= MOST_OPEN:
                    OPEN.clear()
                OPEN[key] = cls(folder / table, shape, parts, told["size"])
                warm(OPEN[key].maps)
            return OPEN[key]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def begun(cls, folder: Path, seen: Lake, table: str) -> Book:
        """Every row of a table, a few files at a time."""
        shutil.rmtree(folder / table, ignore_errors=True)
        (folder / table).mkdir(parents=True)
        version = seen.manifest.tables[table]
        shape = Shape(table, there=[name for name, _type in version.schema])
        shape.narrow = [n for n, c in shape.columns.items() if KINDS[c.type] == "int64"]
        book = cls(folder / table, shape, [], 0)
        for files in batched([f for f in version.files if f.rows], FILES_AT_ONCE, strict=False):
            rows = seen.over(table, version, files)
            columns = encoded(shape, seen.run(asked_for(shape, rows)))
            if not book.size:
                shape.grouped = chosen_groups(shape)
            book.put(Rows.of(shape, columns))
        book.save()
        return book

    def look(self) -> None:
        """Map the files; a column without rows has none."""
        self.maps: list[mmap.mmap] = []
        for name, kind in {**self.shape.kept, "gone": "uint8"}.items():
            if self.size:
                path = self.folder / f"{name}.bin"
                mapped = np.memmap(path, kind, "r", shape=(self.size,))
                self.maps.append(mapped._mmap)  # type: ignore[attr-defined]
                self.columns[name] = np.asarray(mapped)
            else:
                self.columns[name] = np.zeros(0, kind)

    def save(self) -> None:
        """Say what the files hold."""
        told = {
            "shape": shape_of(self.shape.table), "grouped": self.shape.grouped,
            "words": self.shape.words, "there": self.shape.there, "narrow": self.shape.narrow, "size": self.size, "parts": [astuple(p) for p in self.parts],
        }  # fmt: skip
        beside = self.folder / ".book.json"
        beside.write_text(json.dumps(told), "utf-8")
        beside.replace(self.folder / "book.json")
        OPEN.clear()
        self.look()

    def put(self, rows: Rows) -> None:
        """Rows after the last one."""
        if not len(rows):
            return
        for name in [n for n in self.shape.narrow if not fits(rows.columns[n])]:
            self.widen(name)
        for name, kind in {**self.shape.kept, "gone": "uint8"}.items():
            values = rows.columns.get(name, np.zeros(len(rows), np.uint8))
            if name in self.shape.narrow:
                values = narrowed(values)
            path = self.folder / f"{name}.bin"
            with path.open("r+b" if path.exists() else "w+b") as out:
                out.seek(self.size * np.dtype(kind).itemsize)
                out.write(np.ascontiguousarray(values, kind).data)
        self.parts += [
            replace(p, start=p.start + self.size, stop=p.stop + self.size) for p in rows.parts
        ]
        self.size += len(rows)

    def widen(self, name: str) -> None:
        """Give a column's numbers their usual room, before the first one that needs it."""
        path, beside = self.folder / f"{name}.bin", self.folder / f".{name}.bin"
        if self.size:
            held = np.fromfile(path, np.int32, self.size)
            beside.write_bytes(widened(held).data)
            beside.replace(path)
        self.shape.narrow.remove(name)
        self.look()

    def add(self, came: dict[str, Array]) -> None:
        """Rows that came, put in order together with the last small parts."""
        tail = len(self.parts)
        room, size = TOGETHER, len(came["id"])
        while tail and (many := (last := self.parts[tail - 1]).stop - last.start) <= min(
            room, 2 * size
        ):
            tail, room, size = tail - 1, room - many, size + many
        last_ones, self.parts = self.parts[tail:], self.parts[:tail]
        for part in last_ones:
            at = slice(part.start, part.stop)
            alive = self.columns["gone"][at] == 0
            for name in came:
                if name in self.shape.grouped:
                    code = part.words[self.shape.grouped.index(name)]
                    held = np.full(int(alive.sum()), code, np.int32)
                else:
                    held = self.columns[name][at][alive]
                    if name in self.shape.narrow:
                        held = widened(held)
                came[name] = np.concatenate([came[name], held])
        self.size = self.parts[-1].stop if self.parts else 0
        self.put(Rows.of(self.shape, came))

    def forget(self, went: dict[str, Array]) -> None:
        """Mark rows that went, found by customer, day and number."""
        if not len(went["id"]):
            return
        whose = np.zeros(int(went["customer"].max()) + 1, bool)
        whose[went["customer"]] = True
        first, last = int(went["day"].min()), int(went["day"].max())
        gone = np.memmap(self.folder / "gone.bin", np.uint8, "r+", shape=(self.size,))
        for n, part in enumerate(self.parts):
            if part.first > last or part.last < first:
                continue
            at = slice(part.start, part.stop)
            customers = self.columns["customer"][at]
            some = np.flatnonzero(
                whose[np.minimum(customers, len(whose) - 1)] & (customers < len(whose))
            )
            hit = some[np.isin(self.columns["id"][at][some], went["id"])] + part.start
            if len(hit := hit[gone[hit] == 0]):
                gone[hit] = 1
                self.parts[n] = replace(part, gone=part.gone + len(hit))
        gone.flush()

    def compact(self) -> None:
        """Give back the room of rows that went, once they are many: each column in a new file, so
        that whoever reads the old one goes on doing so."""
        if sum(part.gone for part in self.parts) <= MOST_GONE * self.size:
            return
        self.look()
        alive = [self.columns["gone"][p.start : p.stop] == 0 if p.gone else ... for p in self.parts]
        for name in self.columns:
            beside = self.folder / f".{name}.bin"
            with beside.open("wb") as out:
                for part, some in zip(self.parts, alive, strict=True):
                    values = self.columns[name][part.start : part.stop][some]
                    out.write(np.ascontiguousarray(values).data)
            beside.replace(self.folder / f"{name}.bin")
        kept, stop = [], 0
        for part in self.parts:
            start, stop = stop, stop + part.stop - part.start - part.gone
            if stop > start:
                kept.append(replace(part, start=start, stop=stop, gone=0))
        self.parts, self.size = kept, stop


def read(shape: Shape, seen: Lake, rows: object) -> dict[str, Array]:
    """Rows of an expression as arrays."""
    found: pa.Table = seen.run(asked_for(shape, rows))
    return encoded(shape, found)


def nobody(shape: Shape) -> dict[str, Array]:
    """No rows."""
    kinds = {**shape.kept, **dict.fromkeys(shape.grouped, "int32"), **OWN}
    return {name: np.zeros(0, kind) for name, kind in kinds.items()}
