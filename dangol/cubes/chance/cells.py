"""Whether a change may be chance: the tests of watches, quick enough for every cell of a page.

The same parts are judged as by `weeks`, which corrects for many rows before it opens an
issue; a page only greys what one look at one row cannot tell from chance, at 95%.
"""

from __future__ import annotations

import math

from scipy.special import bdtr, ndtr, stdtr

from dangol.cubes.asking.formulas import Formula
from dangol.cubes.asking.results import Answer, Key
from dangol.cubes.chance.weeks import kind_of, moments
from dangol.cubes.subjects.catalogue import Measure

ALPHA = 0.05
ENOUGH = 5
"""Expected events in each cell from which the normal distribution is near enough."""


def could_be_chance(
    made: Answer, row: Key, column: Key, measure: Measure | Formula | None
) -> bool | None:
    """Whether a figure's change since the compared period is no more than chance brings.

    A figure that rests on few is never sure. None where no test is known for the figure.
    """
    if not isinstance(measure, Measure) or not made.days_before or not made.query.compare:
        return None
    kind = kind_of(made.query.subject, measure)
    if not kind:
        return None
    if made.figure(row, column, measure.name).few:
        return True
    now = [int(made.parts.get((row, column), {}).get(p) or 0) for p in measure.parts]
    before = [int(made.parts_before.get((row, column), {}).get(p) or 0) for p in measure.parts]
    return chance(kind, now, before, share_of_days(made)) > ALPHA


def share_of_days(made: Answer) -> float:
    """Days of the period ÷ days of both."""
    (first, last), (begin, end) = made.days, made.days_before or (None, None)
    if not (first and begin and end):
        return 0.5
    here = ((last or made.as_of.date()) - first).days + 1
    return here / (here + (end - begin).days + 1)


def chance(kind: str, now: list[int], before: list[int], share: float = 0.5) -> float:
    """The two-sided probability of such a difference where nothing changed."""
    if kind == "poisson":
        return counts(now[0], before[0], share)
    if kind == "fisher":
        return shares(now[0], now[1], before[0], before[1])
    return means(moments(*now), moments(*before))


def counts(now: int, before: int, share: float) -> float:
    """Two counts in spans of a known share of days: binomial, doubled (see `weeks`)."""
    total = now + before
    if not total:
        return 1.0
    low, high = bdtr(now, total, share), 1 - (bdtr(now - 1, total, share) if now else 0.0)
    return float(min(1.0, 2 * min(low, high)))


def shares(now: int, of: int, before: int, of_before: int) -> float:
    """Two shares: pooled z where enough is expected in each cell, otherwise Fisher's exact test."""
    if not of or not of_before or now > of or before > of_before:
        return 1.0
    pooled = (now + before) / (of + of_before)
    if not 0 < pooled < 1:
        return 1.0
    if min(pooled, 1 - pooled) * min(of, of_before) >= ENOUGH:
        spread = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
        return float(2 * ndtr(-abs(now / of - before / of_before) / spread))
    return fisher(now, of, before, of_before)


def fisher(now: int, of: int, before: int, of_before: int) -> float:
    """Fisher's exact test, two-sided: all tables no likelier than this one (Fisher 1922)."""
    hits, whole = now + before, of + of_before

    def log_choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    def likelihood(k: int) -> float:
        return math.exp(log_choose(of, k) + log_choose(of_before, hits - k) - log_choose(whole, hits))  # fmt: skip

    seen = likelihood(now) * (1 + 1e-9)
    tables = range(max(0, hits - of_before), min(of, hits) + 1)
    return min(1.0, sum(p for k in tables if (p := likelihood(k)) <= seen))


def means(now: tuple[int, float, float], before: tuple[int, float, float]) -> float:
    """Two means with unlike spread: Welch's t; 1 where one of them is of a single answer."""
    (n, mean, variance), (m, mean_before, variance_before) = now, before
    if n < 2 or m < 2:
        return 1.0
    a, b = variance / n, variance_before / m
    if a + b == 0:
        return 1.0 if mean == mean_before else 0.0
    freedom = (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1))
    return float(2 * stdtr(freedom, -abs(mean - mean_before) / math.sqrt(a + b)))
