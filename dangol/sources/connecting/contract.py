"""What every connector can do; the same tests are run against each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

PIECE = 2_000
"""Rows in one piece: what a run that dies reads again at most."""


class Trouble(Exception):
    """A source that cannot be read; `reason` is a message id and `facts` fill it in."""

    field = "connection"
    """What was said wrongly."""

    def __init__(self, reason: str, **facts: Any) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(reason % facts if facts else reason)

    @property
    def said(self) -> str:
        """In the language of whoever reads."""
        return _(self.reason) % self.facts if self.facts else _(self.reason)


class Unreachable(Trouble):
    """Nobody answers, or the line broke: worth another try."""


class Unusable(Trouble):
    """Something is wrong that another try does not mend: a password, a name, a path."""


class WrongSetting(Unusable):
    """A setting that no system can be reached with; `field` names it."""

    def __init__(self, field: str, reason: str, **facts: Any) -> None:
        self.field = field if field == "hidden" else f"reach.{field}"
        super().__init__(reason, **facts)


class NotYet(Trouble):
    """A file that is still being written: the next run will find it whole."""


@dataclass(frozen=True)
class Listing:
    """A table, file or list that can be chosen."""

    name: str
    rows: int | None = None
    note: str = ""


@dataclass
class Piece:
    """Some rows in the order of the source, and where to go on after them."""

    rows: list[list[str]]
    cursor: dict[str, Any]
    problems: dict[int, str] = field(default_factory=dict)
    """Index of a row: what is wrong with it."""
    strange: dict[str, int] = field(default_factory=dict)
    samples: dict[str, list[Any]] = field(default_factory=dict)
    """Of what is strange: where, as [row of the run or 0, kind of text, text, file, line of it]."""
    file: dict[str, Any] | None = None
    """{"name", "digest", "rows"} of a file that is read to its end with this piece."""
    watermark: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """Of a sample: the headings as they stand now."""
    within: str = ""
    """The name of the file that all its rows are of; empty where there are no files."""
    lines: list[int] = field(default_factory=list)
    """The line of that file where each row begins, from 1, headings counted; a sheet's row."""


@dataclass
class Ask:
    """What a run wants of a connector."""

    place: str
    names: list[str]
    key: list[str] = field(default_factory=list)
    """The headings that the key is made of."""
    watermark_column: str = ""
    watermark: dict[str, Any] = field(default_factory=dict)
    cursor: dict[str, Any] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    """Digest: name of the files that are applied already."""
    full: bool = True


class Connector(Protocol):
    """A way to reach a source; opened for one use."""

    def test(self) -> str:
        """Who answers, in few words; Trouble when nobody does."""

    def places(self) -> list[Listing]:
        """What can be chosen."""

    def columns(self, place: str) -> list[str]:
        """The headings of a place."""

    def sample(self, place: str, rows: int) -> Piece:
        """Its first rows, with what is wrong with them."""

    def read(self, ask: Ask) -> Iterator[Piece]:
        """All rows that are wanted, from the cursor on."""

    def close(self) -> None:
        """Give everything back."""
