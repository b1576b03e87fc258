"""The satisfaction index: rescaling, weighing, intervals, and fair ranks of small sites.

Scores are kept as whole thousandths of a point, so that sums are exact and a cell can be
compared with its recomputation to the last unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

UNIT = 1000
"""Stored units in one point."""
FULL = 100 * UNIT


def rescaled(value: float, low: float, high: float) -> int:
    """A scale's value on 0–100, in thousandths: round((x − min) / (max − min) · 100 000).

    The min–max rescaling of the customer satisfaction indices (Fornell, Johnson, Anderson, Cha and
    Bryant 1996, "The American Customer Satisfaction Index", Journal of Marketing 60(4), appendix:
    index = (E[ξ] − min[ξ]) / (max[ξ] − min[ξ]) · 100), applied to each answer, so that means of
    different scales are comparable. `low` may lie above `high` for a scale that runs the other way.
    Raises ValueError outside the scale. Ties round to even.
    """
    if low == high or not min(low, high) <= value <= max(low, high):
        raise ValueError(f"{value} is not on the scale {low}–{high}")
    return round(Fraction(value - low) / Fraction(high - low) * FULL)


def promoter_score(value: int) -> int:
    """An answer 0–10 to "would you recommend us": promoter 9–10 → 100, passive 7–8 → 50, else 0.

    So the net promoter score (Reichheld 2003, "The One Number You Need to Grow", Harvard Business
    Review 81(12): share of promoters minus share of detractors) is 2 · mean − 100, see `nps`.
    """
    if not 0 <= value <= 10:
        raise ValueError(f"{value} is not on the scale 0–10")
    return FULL if value >= 9 else FULL // 2 if value >= 7 else 0


def nps(mean: float) -> float:
    """The net promoter score, −100 … 100, from the mean of promoter scores in points."""
    return 2 * mean - 100


def weighted_index(scores: Mapping[str, Sequence[int]], weights: Mapping[str, int]) -> int | None:
    """A respondent's own index in thousandths: Σ w·s / Σ w over the items that were answered.

    `scores` gives the scores of each item (an item asked by several questions counts with their
    mean). None when the answered items carry less than half of all weight: too little was said to
    stand beside complete answers. The weighted mean of rescaled items is the index of Fornell et
    al. (1996) with given instead of estimated weights.
    """
    answered = {key: w for key, w in weights.items() if w > 0 and scores.get(key)}
    carried = sum(answered.values())
    if not carried or 2 * carried < sum(w for w in weights.values() if w > 0):
        return None
    total = sum(w * Fraction(sum(scores[k]), len(scores[k])) for k, w in answered.items())
    return round(Fraction(total) / carried)


@dataclass(frozen=True)
class Estimate:
    """A mean in points, from exact sums in thousandths."""

    n: int
    mean: float
    variance: float
    """Of one answer; 0 with a single answer."""
    low: float
    high: float


def estimate(n: int, total: int, squares: int, confidence: float = 0.95) -> Estimate | None:
    """Mean and its interval in points from count, sum and sum of squares; None without answers.

    Two-sided interval mean ± t · s / √n with Student's t of n − 1 degrees (Gosset 1908), cut at 0
    and 100. One single answer says nothing about spread: its interval is the whole scale.
    """
    if n <= 0:
        return None
    mean = total / n / UNIT
    if n == 1:
        return Estimate(1, mean, 0.0, 0.0, 100.0)
    # Exact in integers before dividing: squares and total² / n are nearly equal for like answers.
    variance = (n * squares - total * total) / (n * (n - 1)) / UNIT**2
    half = student_t(confidence, n - 1) * math.sqrt(variance / n)
    return Estimate(n, mean, variance, max(0.0, mean - half), min(100.0, mean + half))


def student_t(confidence: float, degrees: int) -> float:
    """The two-sided quantile of Student's t: exact for 1 and 2 degrees, else Hill's expansion.

    G. W. Hill 1970, "Algorithm 396: Student's t-quantiles", Communications of the ACM 13(10);
    relative error below 2e-4 at 4 degrees, below 1e-4 elsewhere.
    """
    tail = 1 - confidence
    if degrees == 1:
        return 1 / math.tan(tail * math.pi / 2)
    if degrees == 2:
        return math.sqrt(2 / (tail * (2 - tail)) - 2)
    n = float(degrees)
    a = 1 / (n - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    x = d * tail
    y = x ** (2 / n)
    if y > 0.05 + a:
        x = -NormalDist().inv_cdf(tail / 2)
        y = x * x
        if n < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y * y)
    else:
        y = (
            (1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1
        ) * (n + 1) / (n + 2) + 1 / y
    return math.sqrt(n * y)
