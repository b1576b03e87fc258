"""Parquet files of the lake: written whole or not at all, checked before they are read."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dangol.warehouse.facts import FactTable
from dangol.warehouse.manifest import Damaged, File, root, sync

BLOCK = 2**20
"""Rows of a full file: a correction costs at most one such file."""
GROUP = 2**17
CHECKED: dict[tuple[str, int, int, int], str] = {}
"""Files that this process has read and found whole, by name, inode, size and time of change."""


def write(table: FactTable, rows: pa.Table) -> File:
    """Rows into a new file, durable before anything can name it."""
    directory = root() / table.name
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{uuid.uuid4().hex}.parquet"
    beside = directory / f".{name}"
    try:
        with beside.open("wb") as out:
            pq.write_table(
                rows, out, compression="zstd", compression_level=1, row_group_size=GROUP,
                write_page_checksum=True, use_dictionary=texts(table), store_schema=False,
            )  # fmt: skip
            out.flush()
            os.fsync(out.fileno())
        described = describe(table, rows, beside, f"{table.name}/{name}")
        os.rename(beside, directory / name)
        sync(directory)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return described


def texts(table: FactTable) -> list[str] | bool:
    """Columns that are written as a dictionary: words of few values."""
    return [f.name for f in table.schema if pa.types.is_string(f.type)] or False


def describe(table: FactTable, rows: pa.Table, path: Path, name: str) -> File:
    """What the manifest says of a file."""
    numbers = pc.min_max(rows["id"])
    times = pc.min_max(rows[table.time]) if table.time else None
    earliest, latest = (times["min"].as_py(), times["max"].as_py()) if times else (None, None)
    return File(
        name, rows.num_rows, path.stat().st_size, checksum(path),
        numbers["min"].as_py() or 0, numbers["max"].as_py() or 0,
        earliest.isoformat() if earliest else "", latest.isoformat() if latest else "",
    )  # fmt: skip


def checksum(path: Path) -> str:
    """The sum of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked(file: File, *, again: bool = False) -> Path:
    """Where a file is, once its bytes are known to be what was written; Damaged otherwise."""
    path = root() / file.path
    try:
        seen = path.stat()
    except FileNotFoundError:
        raise Damaged(f"{file.path} is missing") from None
    if seen.st_size != file.bytes:
        raise Damaged(f"{file.path} has {seen.st_size} bytes instead of {file.bytes}")
    mark = (str(path), seen.st_ino, seen.st_size, seen.st_mtime_ns)
    if again or mark not in CHECKED:
        CHECKED[mark] = checksum(path)
    if CHECKED[mark] != file.checksum:
        raise Damaged(f"{file.path} is altered")
    return path


def read(file: File, columns: list[str] | None = None) -> pa.Table:
    """The rows of a file that is whole."""
    return pq.read_table(checked(file), columns=columns, memory_map=True)


class Numbers:
    """A set of row numbers, as PostgreSQL's multirange says it."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        """Spans [low, high), in order, apart from each other."""
        self.spans = spans
        self.lows = np.array([s[0] for s in spans], dtype=np.int64)
        self.highs = np.array([s[1] for s in spans], dtype=np.int64)

    @classmethod
    def of(cls, text: str) -> Numbers:
        """From text like {[1,4),[7,8)}."""
        pairs = text.strip("{}").replace("[", "").split("),") if text != "{}" else []
        return cls([(int(a), int(b)) for a, b in (p.rstrip(")").split(",") for p in pairs)])

    def __str__(self) -> str:
        return "{" + ",".join(f"[{a},{b})" for a, b in self.spans) + "}"

    def __len__(self) -> int:
        return int((self.highs - self.lows).sum())

    def hold(self, numbers: np.ndarray) -> np.ndarray:
        """Which of these numbers are in the set."""
        if not self.spans:
            return np.zeros(len(numbers), dtype=bool)
        at = np.searchsorted(self.lows, numbers, side="right") - 1
        return (at >= 0) & (numbers < self.highs[np.maximum(at, 0)])

    def touch(self, file: File) -> bool:
        """Whether a file may hold one of them."""
        at = int(np.searchsorted(self.highs, file.low, side="right"))
        return at < len(self.spans) and self.spans[at][0] <= file.high

    def pieces(self, size: int) -> list[Numbers]:
        """The set in parts of at most `size` numbers."""
        found: list[list[tuple[int, int]]] = [[]]
        room = size
        for low, high in self.spans:
            while low < high:
                if not room:
                    found.append([])
                    room = size
                end = min(high, low + room)
                found[-1].append((low, end))
                room -= end - low
                low = end
        return [Numbers(spans) for spans in found if spans]
