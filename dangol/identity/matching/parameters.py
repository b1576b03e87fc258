"""What a model has learned: how probable each level is for one person and for two."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from dangol.identity.matching.comparisons import PEOPLE, Comparison

LEAST = 1e-6
"""A level that was never seen among pairs drawn at random is taken to be this rare."""

SLIP = 1e-3
"""Nothing is impossible between two records of one person: every level has at least this m."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """m and u by "comparison.level", and the probability that two records drawn at random match.

    Fellegi and Sunter (1969): the weight of a level is log2(m / u), of a pair their sum and the
    prior's log2 odds; estimated by expectation–maximisation (Winkler 1988), here by Splink.
    """

    prior: float
    m: dict[str, float] = field(default_factory=dict)
    u: dict[str, float] = field(default_factory=dict)

    def weight(self, comparison: str, level: str) -> float:
        """Bits that this level speaks for (or, below 0, against) one person."""
        key = f"{comparison}.{level}"
        return math.log2(self.m.get(key, SLIP) / self.u.get(key, LEAST))

    def as_json(self) -> dict[str, object]:
        """For the database."""
        return {"prior": self.prior, "m": self.m, "u": self.u}


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair's weight in bits, and where it comes from."""

    weight: float
    steps: tuple[Step, ...]

    @property
    def probability(self) -> float:
        """That both records are one person's."""
        return 1 / (1 + 2.0**-self.weight)

    def level(self, comparison: str) -> str:
        """The level of one comparison; "" when it was not known."""
        return next((s.level for s in self.steps if s.comparison == comparison), "")


def weigh(
    a: Any,
    b: Any,
    parameters: Parameters,
    rarity: dict[str, float],
    comparisons: tuple[Comparison, ...] = PEOPLE,
) -> Weighed:
    """Weigh a pair of one kind; `rarity` has the share of records that bear each name of the two, and
    of those that say a day that a crowd says."""
    steps = []
    total = math.log2(parameters.prior / (1 - parameters.prior))
    for comparison in comparisons:
        if comparison.unknown(a, b):
            continue
        level = next(one for one in comparison.levels if one.holds(a, b))
        bits = parameters.weight(comparison.key, level.key)
        if level.frequency:
            usual = parameters.u.get(f"{comparison.key}.{level.key}", LEAST)
            said = (getattr(a, level.frequency), getattr(b, level.frequency))
            share = max(usual if level.crowd else 0.0, *(rarity.get(value, 0.0) for value in said))
            bits += math.log2(usual / share) if share else 0.0
        steps.append(Step(comparison.key, level.key, bits))
        total += bits
    return Weighed(total, tuple(steps))
