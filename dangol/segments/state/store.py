"""Where the state lies: one array a measure, indexed by the customer's number, beside the lake.

Arrays are changed in place by one process at a time (`bring`), between a mark that says so and one
that says which version and day they stand for. A crash leaves the first mark, and everything is
worked out anew; a machine that went down starts a new folder, because pages that the system had not
yet written are lost without a mark.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from dangol.segments import rules as r
from dangol.segments.state.bits import Bits, numbers_of, packed
from dangol.segments.state.book import Book
from dangol.segments.state.measures import ALIVE, Measure, measure_of
from dangol.segments.state.truth import Deciding
from dangol.warehouse.engine import Lake
from dangol.warehouse.manifest import root

Array = np.ndarray
BOOT = Path("/proc/sys/kernel/random/boot_id")
DAY = 86_400


def this_boot() -> str:
    """A word for this machine since it was started."""
    try:
        return BOOT.read_text().strip().replace("-", "")[:16]
    except OSError:
        return PROCESS


PROCESS = uuid.uuid4().hex[:16]


def folder() -> Path:
    """Where this machine keeps its state."""
    return root() / "state" / this_boot()


def being_changed() -> bool:
    """Whether there is a state that nobody may read at this moment."""
    return folder().is_dir() and not (folder() / "state.json").exists()


class State:
    """Every kept measure at one version of the lake and one day."""

    def __init__(self, version: int, token: str, day: dt.date, capacity: int) -> None:
        self.version, self.token, self.day, self.capacity = version, token, day, capacity
        self.held: dict[str, Array] = {}

    @classmethod
    def newest(cls) -> State | None:
        """What is kept; None where nothing is, or a crash left it half changed."""
        try:
            told = json.loads((folder() / "state.json").read_text("utf-8"))
            day = dt.date.fromisoformat(told["day"])
            return cls(told["version"], told["token"], day, told["capacity"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def empty(cls, seen: Lake, day: dt.date) -> State:
        """Nothing yet; what another machine or boot kept is removed after a day."""
        for other in folder().parent.glob("*"):
            if other != folder() and other.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(other, ignore_errors=True)
        shutil.rmtree(folder(), ignore_errors=True)
        folder().mkdir(parents=True, exist_ok=True)
        return cls(seen.version, seen.manifest.token, day, 0)

    def path(self, measure: Measure) -> Path:
        """The file of a measure."""
        return folder() / f"{measure.key}.npy"

    def books(self) -> Path:
        """Where the rows of fact tables lie."""
        return folder() / "books"

    def book(self, table: str) -> Book | None:
        """The rows of a fact table, where they are kept."""
        return Book.opened(self.books(), table)

    def has(self, measure: Measure) -> bool:
        """Whether a measure is kept."""
        return measure.key in self.held or self.path(measure).exists()

    def values(self, measure: Measure) -> Array:
        """One value a customer, by number; KeyError for what is not kept."""
        if measure.key not in self.held:
            try:
                self.held[measure.key] = np.load(self.path(measure), mmap_mode="r")
            except (OSError, ValueError):
                raise KeyError(measure) from None
        return self.held[measure.key]

    def deciding(self) -> Deciding:
        """Decides rules over what is kept; many by one share what they have in common."""
        return Deciding(self.day, self.capacity, self.values)

    def found(self, rule: r.Rule, deciding: Deciding | None = None) -> Bits:
        """The customers for whom a rule holds."""
        found: Bits = (deciding or self.deciding()).held(rule) & packed(self.values(ALIVE))
        return found

    def members(self, rule: r.Rule) -> Array:
        """Their numbers, sorted."""
        return numbers_of(self.found(rule))

    def everybody(self) -> int:
        """How many customers there are."""
        return int(np.count_nonzero(self.values(ALIVE)))

    def answers(self, rule: r.Rule) -> bool:
        """Whether everything that a rule asks is kept."""
        return self.has(ALIVE) and all(self.has(measure_of(leaf)) for leaf in r.leaves(rule))

    def still(self) -> bool:
        """Whether nobody has changed it since it was read: what was read is of one moment."""
        now = State.newest()
        return now is not None and (now.version, now.token, now.day) == (
            self.version, self.token, self.day,
        )  # fmt: skip

    # changing, by one process at a time

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Inside, nobody takes the arrays for whole."""
        mark = folder() / "state.json"
        mark.unlink(missing_ok=True)
        yield
        told = {
            "version": self.version, "token": self.token, "day": self.day.isoformat(),
            "capacity": self.capacity,
        }  # fmt: skip
        beside = folder() / f".{uuid.uuid4().hex}"
        beside.write_text(json.dumps(told), "utf-8")
        os.replace(beside, mark)

    def writable(self, measure: Measure) -> Array:
        """A measure to be changed in place."""
        held_now = self.held.get(measure.key)
        if held_now is None or not held_now.flags.writeable:
            self.held[measure.key] = np.load(self.path(measure), mmap_mode="r+")
        return self.held[measure.key]

    def begin(self, measure: Measure) -> Array:
        """A measure anew: everybody without facts."""
        made = np.lib.format.open_memmap(
            self.path(measure), mode="w+", dtype=measure.dtype, shape=(self.capacity,)
        )
        # a page that finds no room on the disk would kill the process: ask for all of it now
        with self.path(measure).open("r+b") as out:
            os.posix_fallocate(out.fileno(), 0, os.fstat(out.fileno()).st_size)
        if measure.nothing:
            made[:] = measure.nothing
        self.held[measure.key] = made
        return made

    def grow(self, most: int, measures: list[Measure]) -> None:
        """Room for numbers up to `most`, with some to spare."""
        if most < self.capacity:
            return
        self.capacity = most + 1 + most // 8
        for measure in measures:
            if self.has(measure):
                old = np.array(self.values(measure))
                self.begin(measure)[: len(old)] = old

    def drop_all_but(self, measures: list[Measure]) -> None:
        """Remove what nobody asks any more."""
        wanted = {self.path(measure) for measure in measures}
        for path in folder().glob("*.npy"):
            if path not in wanted:
                path.unlink(missing_ok=True)
                self.held.pop(path.stem, None)
