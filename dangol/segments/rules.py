"""What a segment's rule is made of: a tree of tests on one customer, the same for every engine.

A rule says of each customer yes or no on a day. Unknown is no: a test on an empty value fails, and
its negation holds. Times are whole days where the site is; day D's window of N days is D-N+1 … D.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Value = str | int | float | Decimal | bool
Aggregate = Literal["count", "sum", "distinct", "last", "first", "latest"]
PRIME = 2_147_483_647
"""Of the sample's arithmetic: every product stays below 2⁶³, so all engines agree."""


@dataclass(frozen=True)
class Range:
    """least ≤ value ≤ most; an end that is None is open. One value twice is equality."""

    least: Value | None = None
    most: Value | None = None


@dataclass(frozen=True)
class OneOf:
    """The value is one of these words or numbers."""

    values: tuple[Value, ...]


@dataclass(frozen=True)
class Known:
    """There is a value."""


@dataclass(frozen=True)
class Below:
    """The place or product lies below (or is) one of these, as the tree stands now."""

    keys: tuple[str, ...]
    """Keys of the product, as text; numbers of the lake are looked up when the rule runs."""


Test = Range | OneOf | Known | Below


@dataclass(frozen=True)
class Where:
    """One column of a fact passes a test."""

    column: str
    test: Test


@dataclass(frozen=True)
class Window:
    """The last days up to the day asked for, or fixed days; both ends open means ever."""

    days: int | None = None
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True)
class Facts:
    """Rows of a fact table that count: in a window, passing every condition."""

    table: str
    where: tuple[Where, ...] = ()
    window: Window = field(default_factory=Window)


@dataclass(frozen=True)
class Everyone:
    """All customers."""


@dataclass(frozen=True)
class All:
    """Every part holds; of no parts, true."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Any:
    """At least one part holds; of no parts, false."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Rule


@dataclass(frozen=True)
class Minus:
    """The first holds and the second does not."""

    whole: Rule
    less: Rule


@dataclass(frozen=True)
class Attribute:
    """A column of the customer passes a test."""

    column: str
    test: Test


@dataclass(frozen=True)
class Behaviour:
    """An aggregate of the customer's facts passes a test.

    count and distinct count, sum adds (none: 0), last and first are days from the latest and the
    earliest to the day asked for (none: unknown), latest is the last known value of the column.
    """

    facts: Facts
    aggregate: Aggregate
    test: Test
    """A range, except of latest."""
    column: str = ""
    """Of sum, distinct and latest."""


@dataclass(frozen=True)
class Sequence:
    """First some fact, then another (or none) within so many days, on the same day or later.

    With `absent`, only first facts whose days have all passed count: nothing can follow any more.
    """

    first: Facts
    then: Facts
    days: int
    absent: bool = False


@dataclass(frozen=True)
class Sample:
    """A fixed share of all customers, drawn by number: the same ones each time."""

    percent: float
    salt: int = 0

    @property
    def bound(self) -> int:
        """Of 10,000 how many are drawn."""
        return round(self.percent * 100)


@dataclass(frozen=True)
class Listed:
    """Named in an uploaded list."""

    key: str


@dataclass(frozen=True)
class Score:
    """What another app knows of the customer passes a test (see `catalogue.lend`)."""

    name: str
    test: Test


@dataclass(frozen=True)
class Segment:
    """The customers of another segment, as its rule stands now."""

    key: str


Rule = (
    Everyone | All | Any | Not | Minus | Attribute | Behaviour | Sequence | Sample | Listed | Score
    | Segment
)  # fmt: skip


def parts_of(rule: Rule) -> tuple[Rule, ...]:
    """The rules that a rule is made of."""
    match rule:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case Minus(whole, less):
            return (whole, less)
    return ()


def leaves(rule: Rule) -> list[Rule]:
    """Every test of a tree, from left to right."""
    inside = parts_of(rule)
    if not inside:
        return [] if isinstance(rule, All | Any) else [rule]
    return [leaf for part in inside for leaf in leaves(part)]


def drawn(number: int, salt: int) -> int:
    """0 … 9,999 for a customer's number: multiply, square, multiply in a prime field."""
    h = (number * 48_271 + salt) % PRIME
    h = (h * h) % PRIME
    return (h * 69_621) % PRIME % 10_000
