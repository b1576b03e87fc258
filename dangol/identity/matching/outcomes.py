"""What a pair's weight means: one, a question for the steward, a tie such as a household, or apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

ONE_NAME = frozenset({"same", "typo", "sound", "latin", "alike", "turned", "half"})
"""Levels of the name under which two records may be one person without anybody's look."""

ODD_NAME = frozenset({"given", "two_typos", "foreign"})
"""Levels of the name with which a heavy pair is a question, whatever else is the same."""

ONE_HOME = frozenset({"unit", "postcode_unit"})


class Outcome(StrEnum):
    """What becomes of two records."""

    JOIN = "join"
    REVIEW = "review"
    TIE = "tie"
    APART = "apart"


def bits(probability: float) -> float:
    """A probability as weight: log2 of the odds."""
    return math.log2(probability / (1 - probability))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bits from which pairs are joined, and from which they are looked at."""

    join: float = bits(0.99)
    review: float = bits(0.60)


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of the comparisons that decide; "" where one is not known."""

    name: str
    phone: str = ""
    address: str = ""
    number: str = ""
    birth: str = ""

    @property
    def one(self) -> bool:
        """Whether these can be one person without anybody's look.

        Two people who share a telephone or a home are a household, however much weight that gives:
        who somebody is, the name must say, or a number that only one person carries.
        """
        return (
            self.name in ONE_NAME
            or self.number == "same"
            or (self.number == "typo" and self.birth == "same")
        )

    @property
    def odd(self) -> bool:
        """Whether a heavy pair of these is a question."""
        return self.name in ODD_NAME

    @property
    def tied(self) -> bool:
        """Whether these are a household."""
        return self.phone == "same" or self.address in ONE_HOME


ONE_PERSON_SQL = (
    "(gamma_name in ("
    + ", ".join(f"{{name_{key}}}" for key in sorted(ONE_NAME))
    + ") or gamma_number = {number_same}"
    " or (gamma_number = {number_typo} and gamma_birth = {birth_same}))"
)
ODD_PEOPLE_SQL = "gamma_name in (" + ", ".join(f"{{name_{key}}}" for key in sorted(ODD_NAME)) + ")"
"""The same for pairs in the engine, with Splink's numbers of the levels."""


class Deciding(Protocol):
    """The levels of a pair that decide, of either kind of customer."""

    @property
    def one(self) -> bool:
        """Can be one without anybody's look."""

    @property
    def odd(self) -> bool:
        """A question, however heavy."""

    @property
    def tied(self) -> bool:
        """Not one, but tied by a relation."""


def outcome(weight: float, levels: Deciding, thresholds: Thresholds) -> Outcome:
    """Decide a pair by its weight and its levels."""
    if levels.one:
        if weight >= thresholds.join:
            return Outcome.JOIN
        return Outcome.REVIEW if weight >= thresholds.review else Outcome.APART
    if weight >= thresholds.join and levels.odd:
        return Outcome.REVIEW
    if levels.tied:
        return Outcome.TIE
    return Outcome.APART
