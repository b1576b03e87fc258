"""Who the customers of the demo company are before they buy anything: hidden truth, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

AS_OF = 2026
"""The year that ages are counted to."""
USES = ("commute", "family", "leisure", "business")
RATE_SHAPE, RATE_MEAN = 1.7, 2.9
"""Visits a year while a customer stays: gamma over customers, as BG/NBD supposes."""
LEAVE_A, LEAVE_B = 1.1, 4.4
"""Chance of staying away for good after a visit: beta over customers."""
LEVEL = 0.32
"""Spread of what customers spend at a time, on a logarithm."""


@dataclass(frozen=True)
class Traits:
    """Columns over customers, in one order."""

    organisation: np.ndarray
    gender: np.ndarray
    """f, m, or empty where nobody said."""
    birth_year: np.ndarray
    use: np.ndarray
    """Place in USES."""
    kilometres: np.ndarray
    """Driven in a year."""
    member: np.ndarray
    """Has the care plan: members leave less."""
    rate: np.ndarray
    leave: np.ndarray
    level: np.ndarray


def draw_traits(rng: np.random.Generator, n: int) -> Traits:
    """Age decides how a car is used, use how much is driven, and that how often one comes."""
    organisation = rng.random(n) < 0.05
    gender = np.where(organisation, "", rng.choice(["f", "m", ""], n, p=[0.36, 0.42, 0.22]))
    year = rng.integers(1948, 2004, n)
    age = AS_OF - year
    odds = np.stack(
        [
            np.full(n, 3.0), np.where((age > 29) & (age < 50), 4.0, 0.7),
            np.where((age > 24) & (age < 62), 1.8, 0.8), np.where(organisation, 60.0, 0.9),
        ],
        axis=1,
    )  # fmt: skip
    use = drawn(rng, odds)
    usual = np.array([14_000, 11_000, 16_000, 27_000])[use]
    kilometres = np.round(usual * rng.lognormal(0, 0.35, n), -2)
    member = rng.random(n) < np.where(use == 1, 0.34, 0.2)
    rate = rng.gamma(RATE_SHAPE, RATE_MEAN / RATE_SHAPE, n) * (kilometres / 15_000) ** 0.5
    leave = rng.beta(LEAVE_A, LEAVE_B, n)
    level = rng.lognormal(0, LEVEL, n) * np.where(member, 1.15, 1.0)
    return Traits(organisation, gender, year, use, kilometres, member, rate, leave, level)


def drawn(rng: np.random.Generator, odds: np.ndarray) -> np.ndarray:
    """One column of each row, by the row's odds."""
    steps = np.cumsum(odds, axis=1)
    luck = rng.random(len(odds)) * steps[:, -1]
    return np.minimum((steps <= luck[:, None]).sum(axis=1), odds.shape[1] - 1)
