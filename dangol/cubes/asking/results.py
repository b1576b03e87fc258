"""What an answer is: figures by row and column, with their members and where they were read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dangol.cubes.asking.members import Member
from dangol.cubes.asking.periods import Days
from dangol.cubes.asking.query import Query

Key = tuple[Any, ...]
Parts = dict[str, Any]


ENOUGH = 10
"""Means and shares of fewer facts are shown, but dimmed and with their number."""


@dataclass(slots=True)
class Figure:
    """What one cell says of one measure or formula."""

    value: Any = None
    told_between: Callable[[], tuple[float, float] | None] | None = field(
        default=None, compare=False
    )
    currency: str = ""
    before: Any = None
    """The same figure of the compared period."""
    share: float | None = None
    rank: int | None = None
    running: Any = None
    n: int | None = None
    """How many facts a mean or a share rests on; None for what is a count itself."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between what it lies; worked out where it is shown, for a page shows few of its cells."""
        return self.told_between() if self.told_between else None

    @property
    def few(self) -> bool:
        """Whether it rests on so little that the next answer may turn it."""
        return self.n is not None and self.value is not None and self.n < ENOUGH

    @property
    def change(self) -> float | None:
        """How much it moved since the compared period."""
        if self.value is None or self.before is None:
            return None
        return float(self.value) - float(self.before)


@dataclass(slots=True)
class Route:
    """Where figures were read from."""

    source: str
    aggregate: str
    rows: int


@dataclass(slots=True)
class Answer:
    """Figures by (row, column); the empty key is the total."""

    query: Query
    version: int
    as_of: dt.datetime
    days: Days
    days_before: Days | None
    rows: list[Key]
    columns: list[Key]
    members: list[dict[Any, Member]]
    """For each dimension of the question, its members by value."""
    cells: dict[tuple[Key, Key], dict[str, Figure]]
    routes: list[Route] = field(default_factory=list)
    parts: dict[tuple[Key, Key], Parts] = field(default_factory=dict)
    """What the figures were worked out of."""
    parts_before: dict[tuple[Key, Key], Parts] = field(default_factory=dict)
    """The same of the compared period, under the members of the present one."""
    places: dict[int, dict[str, Any]] = field(default_factory=dict)
    """The tree of places of this version, where rows are to be drawn on a map."""
    hidden: int = 0
    """Rows that were left out because all their means and shares rest on few facts."""
    milliseconds: float = 0.0

    def figure(self, row: Key, column: Key, name: str) -> Figure:
        """One figure; an empty one where there is nothing."""
        return self.cells.get((row, column), {}).get(name, NOTHING)

    def row_members(self, key: Key) -> list[Member]:
        """The members of a row."""
        return [self.members[n][value] for n, value in enumerate(key)]

    def column_members(self, key: Key) -> list[Member]:
        """The members of a column."""
        begin = len(self.query.rows)
        return [self.members[begin + n][value] for n, value in enumerate(key)]


NOTHING = Figure()
