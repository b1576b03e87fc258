"""Fair ranks of sites with few answers: empirical Bayes estimates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dangol.surveys.index import UNIT

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shrunken:
    """Estimates of many sites in points; arrays are aligned with the sums they were made from."""

    raw: Floats
    """Plain means; nan for a site without answers."""
    estimate: Floats
    """Shrunken means; a site without answers has the mean of all."""
    rank: npt.NDArray[np.int64]
    """1 is best by the shrunken estimate; 0 for a site without answers. Ties share a rank."""
    mean: float
    within: float
    between: float
    """The variances of one answer inside a site, and of the sites' true means."""


def shrink(n: npt.ArrayLike, total: npt.ArrayLike, squares: npt.ArrayLike) -> Shrunken:
    """Shrink each site's mean toward the mean of all, the more the fewer answers it has.

    Inputs: for each site the count, the sum and the sum of squares of scores in thousandths of a
    point, shape (sites,). The model is normal–normal: x̄ᵢ | θᵢ ~ N(θᵢ, σ²/nᵢ), θᵢ ~ N(μ, τ²), and

        estimate = μ + (1 − Bᵢ)(x̄ᵢ − μ),   Bᵢ = (σ²/nᵢ) / (σ²/nᵢ + τ²)

    (Morris 1983, "Parametric Empirical Bayes Inference", Journal of the American Statistical
    Association 78(381)). σ² is pooled over the sites; τ² is the method-of-moments estimate for
    unequal counts, cut at 0 (DerSimonian and Laird 1986, formula for τ² with weights nᵢ/σ²):
    τ² = (Q − (k − 1)) / (Σw − Σw²/Σw), Q = Σ wᵢ(x̄ᵢ − x̄)². μ is the mean weighted by
    1/(σ²/nᵢ + τ²). With fewer than two answers beyond one a site nothing is known about spread:
    then estimates equal raw means.
    """
    counts = np.asarray(n, dtype=np.float64)
    sums = np.asarray(total, dtype=np.float64) / UNIT
    squared = np.asarray(squares, dtype=np.float64) / UNIT**2
    has = counts > 0
    raw = np.full(counts.shape, np.nan)
    np.divide(sums, counts, out=raw, where=has)
    if not has.any():
        nothing = np.zeros(counts.shape)
        return Shrunken(raw, nothing, nothing.astype(np.int64), 0.0, 0.0, 0.0)
    k, means, c = int(has.sum()), raw[has], counts[has]
    freedom = c.sum() - k
    # Sum within sites; never below zero by rounding.
    inside = max(0.0, float((squared[has] - c * means**2).sum()))
    within = inside / freedom if freedom > 0 else 0.0
    between = between_variance(c, means, within)
    if within + between > 0:
        weight = 1 / (within / c + between)
        keep = between / (within / c + between)
    else:
        weight, keep = c, np.ones(k)
    middle = float((weight * means).sum() / weight.sum())
    if freedom <= 0:
        keep = np.ones(k)
    values = np.full(counts.shape, middle)
    values[has] = middle + keep * (means - middle)
    return Shrunken(raw, values, ranked(values, has), middle, within, between)


def between_variance(counts: Floats, means: Floats, within: float) -> float:
    """τ² by the method of moments: how much the sites' true means differ (0 when chance explains it)."""
    if len(counts) < 2:
        return 0.0
    if within <= 0:
        return float(np.var(means, ddof=1))
    w = counts / within
    middle = (w * means).sum() / w.sum()
    q = (w * (means - middle) ** 2).sum()
    spread = w.sum() - (w**2).sum() / w.sum()
    return max(0.0, float((q - (len(counts) - 1)) / spread)) if spread > 0 else 0.0


def ranked(values: Floats, has: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Competition ranks (1, 2, 2, 4) from the highest value down, at a tenth of a thousandth's grain."""
    grain = np.round(values, 4)
    order = np.sort(-grain[has])
    ranks = np.zeros(values.shape, dtype=np.int64)
    ranks[has] = np.searchsorted(order, -grain[has], side="left") + 1
    return ranks
