"""What apps say about the rows that they can load from files."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from dangol.core.models import User


class Refused(ValueError):
    """A cell that cannot be taken; `reason` is a message id and `facts` fill it in."""

    def __init__(self, reason: str, **facts: Any) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(reason % facts if facts else reason)


@dataclass(frozen=True)
class Column:
    """One thing that a row can say; `parse` turns a tidy, non-empty cell into what is stored."""

    name: str
    label: str | Promise
    parse: Callable[[str], Any]
    sql: str = "text"
    required: bool = False
    aliases: Sequence[str] = ()
    help: str | Promise = ""

    @property
    def known_as(self) -> set[str]:
        """Every heading that means this column, in every language of the product."""
        labels = set()
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                labels.add(str(self.label))
        return {plain_heading(text) for text in (self.name, *labels, *self.aliases)}


@dataclass(frozen=True)
class Batch:
    """What a kind is told of the batch that lies in the table `stage`."""

    import_id: uuid.UUID
    source: str
    by: User | None
    mapped: frozenset[str]
    dry: bool = False


class OwnColumns(Protocol):
    """Columns that a company makes itself, beside those that the product knows.

    A mapping holds {column name: heading} for those there are, and {column name: {"heading": …,
    "new": …}} for one that the load will make.
    """

    label: str | Promise
    kinds: Sequence[tuple[str, str | Promise]]

    def columns(self, mapping: Mapping[str, Any]) -> list[Column]:
        """Those there are, and those that a mapping makes; ValidationError for nonsense."""

    def proposed(
        self, heading: str, cells: Sequence[str], taken: set[str], kind: str = "", name: str = ""
    ) -> tuple[str, dict[str, Any]] | None:
        """Name and mapping of a new column that would hold these cells; None where none would."""

    def make(self, mapping: Mapping[str, Any], by: User | None) -> None:
        """Make what a mapping wants made; twice changes nothing."""


@dataclass(frozen=True)
class Kind:
    """A kind of rows: its columns, how they are judged against what is there, how they are stored.

    `judge` writes verdict, reason, facts, target and seen (before and after) into `stage`;
    `store` writes the rows judged new or changed. Rows with the same `key` stand together when
    `grouped`; `key_of` makes a key for files that have none.
    """

    key: str
    label: str | Promise
    columns: Sequence[Column]
    judge: Callable[[Batch], None]
    store: Callable[[Batch], None]
    order: int = 100
    icon: str = "upload"
    batch_rows: int = 10_000
    grouped: bool = False
    finish: Callable[[Batch], None] = lambda batch: None
    """After the last batch, in transactions of its own; may be run again."""
    result_url: str = ""
    help: str | Promise = ""
    key_of: Callable[[dict[str, Any]], str] | None = None
    derived: Sequence[tuple[str, str, str, Callable[[Any], Any]]] = field(default_factory=list)
    """More columns of the stage: (name, SQL type, from which column, function of its value)."""
    work: Sequence[tuple[str, str]] = ()
    """Columns of the stage that judging fills: (name, SQL type)."""
    own: OwnColumns | None = None
    of_people: bool = False
    """Whether its rows are people: digits that look like a resident registration number are one."""
    places: Mapping[str, int] = field(default_factory=dict)
    """Where the columns stand (from 1) in files of this kind that have no headings."""

    def under(self, mapping: Mapping[str, Any]) -> Kind:
        """The kind with the columns that the company made itself, and those that a mapping makes."""
        if self.own is None:
            return self
        return replace(self, columns=[*self.columns, *self.own.columns(mapping)], own=None)

    def column(self, name: str) -> Column:
        """The column of a name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Declare a kind."""
    KINDS[kind.key] = kind
    return kind


def kinds() -> list[Kind]:
    """Every kind in the order in which a company loads them."""
    return sorted(KINDS.values(), key=lambda kind: kind.order)


def heading_of(chosen: Any) -> str:
    """The heading that a mapping gives to a column; empty for a fixed value and for none."""
    if isinstance(chosen, dict):
        return str(chosen.get("heading") or "")
    return chosen if isinstance(chosen, str) else ""


def plain_heading(text: str) -> str:
    """고객 번호* → 고객번호; E-Mail → email."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", composed)


def called[T](function: Callable[..., T], **settings: Any) -> Callable[[str], T]:
    """A parser with its settings."""
    return partial(function, **settings)
