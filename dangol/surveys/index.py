"""The satisfaction index: rescaling, weighing, intervals, and fair ranks of small sites.

Scores are kept as whole thousandths of a point, so that sums are exact and a cell can be
compared with its recomputation to the last unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scipy.special import stdtrit

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
    """The two-sided quantile of Student's t distribution."""
    return float(stdtrit(degrees, (1 + confidence) / 2))
