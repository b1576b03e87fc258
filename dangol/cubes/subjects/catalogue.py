"""Measures, dimensions and subjects, each declared once: names, meaning, unit, additivity, source.

A subject reads one or more *sources*: a fact table of the lake and a pure function that gives it
the columns of the subject's dimensions and *parts*. A part is a whole number or an amount on each
row that can be added up; a measure is worked out of the sums of parts. What cannot be added up
(a median, how many different customers) is a part with another merge and is asked from the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ibis.expr.types as ir
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Number = Any
"""int, float or Decimal; None where there is nothing to tell."""


MINUTES, SECONDS = _("min"), _("s")
"""The units of durations: figures in them can be written as 1:30."""


class Kind(StrEnum):
    """How the members of a dimension are found."""

    TIME = "time"
    TREE = "tree"
    CODE = "code"
    REF = "ref"


class Merge(StrEnum):
    """How a part of many rows becomes one."""

    SUM = "sum"
    DISTINCT = "distinct"
    MEDIAN = "median"
    P90 = "p90"


class Additivity(StrEnum):
    """What may be done with figures of a measure."""

    ADDITIVE = "additive"
    RATIO = "ratio"
    DISTINCT = "distinct"
    QUANTILE = "quantile"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures are broken down by."""

    name: str
    label: Text
    column: str
    """The column of the sources, and of the aggregates."""
    kind: Kind = Kind.CODE
    meaning: Text = ""
    table: str = ""
    """The small table of the lake that a reference leads to."""
    level: str = ""
    """TIME: the length of a member; TREE: the column of the tree's table."""
    below: str = ""
    """What one looks at next when going down."""
    words: Callable[[], Mapping[str, Text]] | None = None
    """CODE: what the codes are called."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is kept of each row so that measures can be made: a number, and how it is merged."""

    of: Callable[[ir.Table], ir.Value]
    merge: Merge = Merge.SUM


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Sums kept beside the lake for these columns.

    `week` and `month` are the first day of `day`'s week and month. `only` keeps nothing but the rows
    with these values: for questions that mean them without speaking of the column (`Silent`).
    """

    name: str
    keys: tuple[str, ...]
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A fact table as a subject reads it."""

    name: str
    fact: str
    rows: Callable[[ir.Table], ir.Table]
    """Only the rows that count, with a column for each dimension it has."""
    columns: tuple[str, ...]
    """The columns by which it can be broken down."""
    parts: Mapping[str, Part]
    aggregates: tuple[Aggregate, ...] = ()
    record: str = "id"
    """The column that holds the number of the record behind a fact."""
    telling: str = ""
    """The column whose lowest values explain most; empty: the newest do."""
    history: str = ""
    """A column whose other rows decide what a row is (a customer's earlier purchases)."""

    @property
    def sums(self) -> list[str]:
        """The parts that can be added up."""
        return [name for name, part in self.parts.items() if part.merge == Merge.SUM]


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A figure with its definition."""

    name: str
    label: Text
    meaning: Text
    parts: tuple[str, ...]
    value: Callable[..., Number]
    """From the merged parts, in their order; None where there is nothing to tell."""
    formula: Text
    unit: Text = ""
    digits: int = 0
    additivity: Additivity = Additivity.ADDITIVE
    better: str = ""
    """`up` or `down`: which way is good."""
    interval: Callable[..., tuple[float, float] | None] | None = None
    money: bool = False
    """An amount: told in one currency only."""
    scale: tuple[float, float] | None = None
    """The ends of its scale, if it has some."""

    @property
    def counted(self) -> str:
        """The part that says how many facts a mean or a share rests on; empty for what is a count."""
        if self.additivity != Additivity.RATIO:
            return ""
        return self.parts[0] if self.interval else self.parts[-1]

    @property
    def lasting(self) -> int:
        """How many seconds its unit is; nought for what is no duration."""
        return 60 if self.unit is MINUTES else 1 if self.unit is SECONDS else 0

    @property
    def bounds(self) -> tuple[float, float]:
        """Between what a goal or a threshold of this figure can lie."""
        if self.scale:
            return self.scale
        return (0.0, 100.0) if self.unit == "%" else (0.0, FARTHEST)


@dataclass(frozen=True, slots=True)
class Silent:
    """A value of a column that is meant where nobody speaks of it, and left out where one does."""

    column: str
    value: str
    unless: tuple[str, ...]
    """The dimensions that speak of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Something that can be looked into: its measures, its dimensions and where they come from."""

    name: str
    label: Text
    meaning: Text
    grain: Text
    sources: tuple[Source, ...]
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    default: Mapping[str, Any]
    """The question that is shown first."""
    path: tuple[str, ...] = ()
    """What one looks at next where a dimension has nothing below."""
    records: str = ""
    """The model whose rows stand behind the figures, as `app.Model`."""
    silent: tuple[Silent, ...] = ()

    def dimension(self, name: str) -> Dimension:
        """A dimension by name; KeyError for one that it does not have."""
        return next_of(self.dimensions, name)

    def measure(self, name: str) -> Measure:
        """A measure by name; KeyError for one that it does not have."""
        return next_of(self.measures, name)

    def source_of(self, part: str) -> Source:
        """The source of a part."""
        return next(source for source in self.sources if part in source.parts)

    def sources_of(self, measure: Measure) -> list[Source]:
        """The sources that a measure is made of."""
        named = {self.source_of(part).name for part in measure.parts}
        return [source for source in self.sources if source.name in named]

    def knows(self, measure: Measure, dimension: Dimension) -> bool:
        """Whether a measure can be broken down by a dimension."""
        return all(dimension.column in s.columns for s in self.sources_of(measure))


def next_of(things: tuple[Any, ...], name: str) -> Any:
    """The thing of a name; KeyError where there is none."""
    for thing in things:
        if thing.name == name:
            return thing
    raise KeyError(name)


FARTHEST = 1e15
SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Declare a subject; every part has one source, every measure parts that exist."""
    parts = [name for source in subject.sources for name in source.parts]
    if len(set(parts)) != len(parts):
        raise ValueError(f"{subject.name}: a part is declared twice")
    for measure in subject.measures:
        for part in measure.parts:
            if part not in parts:
                raise ValueError(f"{subject.name}.{measure.name}: there is no part {part}")
    SUBJECTS[subject.name] = subject
