"""Where every place stands: its index of today and of thirty days, its interval, its fair rank."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from secrets import token_hex
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from django.core.cache import caches

from dangol.places.models import Place
from dangol.surveys.index import estimate
from dangol.surveys.models import INDEX_PROCESSES
from dangol.surveys.queries import period_sums
from dangol.surveys.shrinkage import shrink

PROCESSES = [str(p) for p in INDEX_PROCESSES]
TODAY, PERIOD = 0, 1
Ints = npt.NDArray[np.int64]
CACHED = 5
"""Seconds that a page may be behind; the live stream brings it up to date at once."""
MARK = "board:standing"
"""While the standing's own mark lies here in the cache, pages may use it."""


class Standing:
    """Exact sums of all open places in memory, ranked together; read anew place by place."""

    def __init__(self, at: dt.datetime) -> None:
        self.mark = token_hex(8)
        fields = ("id", "parent_id", "kind", "lo", "hi", "name", "name_en", "code")
        rows = list(Place.objects.filter(closed_at=None).order_by("lo").values_list(*fields))
        self.places = {row[0]: dict(zip(fields, row, strict=True)) for row in rows}
        self.row = {key: number for number, key in enumerate(self.places)}
        self.keys = list(self.places)
        self.lo = np.array([r[3] for r in rows], dtype=np.int64)
        self.hi = np.array([r[4] for r in rows], dtype=np.int64)
        self.is_site = np.array([r[2] == "site" for r in rows], dtype=bool)
        self.kinds = [r[2] for r in rows]
        self.parents = np.array([self.row.get(r[1], -1) for r in rows], dtype=np.int64)
        shape = (len(rows), len(PROCESSES), 2, 3)
        self.sums: Ints = np.zeros(shape, dtype=np.int64)
        self.company_rank: Ints = np.zeros(shape[:2], dtype=np.int64)
        self.group_rank: Ints = np.zeros(shape[:2], dtype=np.int64)
        self.company_of: Ints = np.zeros(shape[:2], dtype=np.int64)
        self.group_of: Ints = np.zeros(shape[:2], dtype=np.int64)
        self.shrunken = np.full(shape[:2], np.nan)
        self.told_apart = np.zeros(shape[:2], dtype=bool)
        self.tied = np.zeros(shape[:2], dtype=bool)
        self.kept: dict[tuple[int, int], dict[str, Any]] = {}
        self.read(at)

    def lines_of(self, keys: Iterable[uuid.UUID]) -> list[uuid.UUID]:
        """The places and everything above them."""
        rows = {self.row[key] for key in keys if key in self.row}
        above = {
            r
            for row in rows
            for r in np.flatnonzero((self.lo <= self.lo[row]) & (self.hi >= self.hi[row]))
        }
        return [self.keys[row] for row in above]

    def read(self, at: dt.datetime, keys: Iterable[uuid.UUID] | None = None) -> set[int]:
        """Read the sums (of these places and those above) again, rank, and say which rows changed."""
        lines = None if keys is None else self.lines_of(keys)
        before = (
            self.sums.copy(),
            self.company_rank.copy(),
            self.group_rank.copy(),
            np.round(self.shrunken, 1),
        )
        if lines is None:
            self.sums[:] = 0
        else:
            self.sums[[self.row[key] for key in lines]] = 0
        for sums in period_sums(at=at, places=lines):
            if sums.place in self.row and sums.process in PROCESSES:
                self.sums[self.row[sums.place], PROCESSES.index(sums.process)] = (
                    sums.today,
                    sums.period,
                )
        self.rank()
        moved = np.flatnonzero((self.sums != before[0]).any(axis=(1, 2, 3)))
        for row in moved:
            for process in range(len(PROCESSES)):
                self.kept.pop((int(row), process), None)
        shifted = (self.company_rank != before[1]) | (self.group_rank != before[2])
        shrunk = np.round(self.shrunken, 1)
        shifted |= (shrunk != before[3]) & ~(np.isnan(shrunk) & np.isnan(before[3]))
        return {int(r) for r in moved} | {int(r) for r in np.flatnonzero(shifted.any(axis=1))}

    def rank(self) -> None:
        """Rank the places of each level by their shrunken estimates: in the company, and in the place above."""
        for kind in sorted(set(self.kinds)):
            rows = np.array([n for n, k in enumerate(self.kinds) if k == kind])
            for process in range(len(PROCESSES)):
                sums = self.sums[rows, process, PERIOD]
                shrunken = shrink(sums[:, 0], sums[:, 1], sums[:, 2])
                has = shrunken.rank > 0
                held, back, many = np.unique(shrunken.rank, return_inverse=True, return_counts=True)
                self.told_apart[rows, process] = (held > 0).sum() > 1
                self.tied[rows, process] = has & (many[back] > 1)
                self.shrunken[rows, process] = np.where(has, shrunken.estimate, np.nan)
                self.company_rank[rows, process] = shrunken.rank
                self.company_of[rows, process] = has.sum()
                groups = self.parents[rows]
                self.group_rank[rows, process], self.group_of[rows, process] = ranks_within(
                    groups, shrunken.rank, has
                )

    def figures(self, row: int, process: int) -> dict[str, Any]:
        """What a board shows of one process, rounded as it is shown."""
        known = self.kept.get((row, process))
        if known is None:
            known = {
                "today": told(self.sums[row, process, TODAY]),
                "month": told(self.sums[row, process, PERIOD]),
            }
            self.kept[row, process] = known
        shrunken = self.shrunken[row, process]
        # Where chance alone explains the differences all would be first; that is no rank.
        apart = bool(self.told_apart[row, process] or self.company_of[row, process] == 1)
        return {
            **known,
            "shrunken": None if np.isnan(shrunken) else round(float(shrunken), 1),
            "rank": (int(self.company_rank[row, process]) or None) if apart else None,
            "tied": bool(self.tied[row, process]) and apart,
            "of": int(self.company_of[row, process]),
            "group_rank": (int(self.group_rank[row, process]) or None) if apart else None,
            "group_of": int(self.group_of[row, process]),
        }

    def state(self, key: uuid.UUID) -> dict[str, Any] | None:
        """Everything that the board of a place shows from cells; None for a place that is not open."""
        if key not in self.row:
            return None
        row = self.row[key]
        return {name: self.figures(row, number) for number, name in enumerate(PROCESSES)}


def told(sums: Ints) -> dict[str, Any]:
    """A mean with its interval, rounded to a tenth; without answers there is no mean."""
    found = estimate(int(sums[0]), int(sums[1]), int(sums[2]))
    if found is None:
        return {"n": 0, "mean": None, "low": None, "high": None}
    return {
        "n": found.n,
        "mean": round(found.mean, 1),
        "low": round(found.low, 1),
        "high": round(found.high, 1),
    }


def ranks_within(groups: Ints, rank: Ints, has: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Competition ranks inside each group, from ranks over all; and how many take part in each."""
    inside, sizes = np.zeros_like(rank), np.zeros_like(rank)
    for group in np.unique(groups):
        here = groups == group
        taking = here & has
        order = np.sort(rank[taking])
        inside[taking] = np.searchsorted(order, rank[taking], side="left") + 1
        sizes[here] = taking.sum()
    return inside, sizes


_kept: Standing | None = None
READING = Lock()


def standing_for_pages(at: dt.datetime, place: Place) -> Standing:
    """The standing of a few seconds ago at most, shared by the pages of this process.

    Read afresh when the place is not in it yet: it opened in these seconds. The cache holds only a
    mark: a company's standing is a thousand places, too much to copy for every page. While one page
    reads it afresh the others go on with the one before instead of reading it as well.
    """
    global _kept
    kept = _kept
    if kept is not None and place.pk in kept.places:
        if caches["process"].get(MARK) == kept.mark or not READING.acquire(blocking=False):
            return kept
    else:
        READING.acquire()
    try:
        kept = _kept = Standing(at)
        caches["process"].set(MARK, kept.mark, CACHED)
        return kept
    finally:
        READING.release()
