"""Named tests of whether a week differs from the weeks before it by more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from dangol.cubes.subjects.catalogue import Additivity, Measure, Merge, Subject

ALPHA = 0.01
"""The chance of one false alarm over all rows of one look (Holm 1979 corrects for their number)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a test says: which one, its statistic, and the two-sided probability under “no change”."""

    test: str
    statistic: float
    p: float
    expected: float


def poisson(now: int, before: int, share: float) -> Evidence:
    """Counts of events in two spans: exact conditional test of two Poisson rates.

    Given their sum, the later count is binomial with the share of days (Przyborowski and Wilenski
    1940, "Homogeneity of results in testing samples from Poisson series", Biometrika 31). `share` is
    days now ÷ days in all.
    """
    from scipy import stats  # a second to load: only jobs that look at watches need it

    total = now + before
    p = float(stats.binomtest(now, total, share).pvalue) if total else 1.0
    expected = before * share / (1 - share)
    spread = math.sqrt(max(expected + before * (share / (1 - share)) ** 2, 1e-12))
    return Evidence("poisson", (now - expected) / spread, p, expected)


def proportions(now: int, of: int, before: int, of_before: int) -> Evidence:
    """Shares of two spans: Fisher's exact test (Fisher 1922); the statistic is the pooled z."""
    from scipy import stats

    table = [[now, of - now], [before, of_before - before]]
    p = float(stats.fisher_exact(table).pvalue)
    pooled = (now + before) / (of + of_before)
    spread = math.sqrt(max(pooled * (1 - pooled) * (1 / of + 1 / of_before), 1e-12))
    return Evidence("fisher", (now / of - before / of_before) / spread, p, 100 * before / of_before)


def means(now: tuple[int, float, float], before: tuple[int, float, float]) -> Evidence:
    """Means of two spans with unlike spread: Welch's t (Welch 1947, Biometrika 34).

    Each side is count, mean, variance of one value. Spreads of nought give no evidence unless the
    means differ: then the smaller side decides alone and p is the chance of a tie, 0.
    """
    (n, mean, variance), (m, mean_before, variance_before) = now, before
    if variance == 0 and variance_before == 0:
        return Evidence("welch", 0.0, 1.0 if mean == mean_before else 0.0, mean_before)
    from scipy import stats

    found = stats.ttest_ind_from_stats(
        mean, math.sqrt(variance), n, mean_before, math.sqrt(variance_before), m, equal_var=False
    )
    return Evidence("welch", float(found.statistic), float(found.pvalue), mean_before)


def kind_of(subject: Subject, measure: Measure) -> str:
    """Which test fits a measure; empty: none, the change of such a figure cannot be judged."""
    summable = all(subject.source_of(p).parts[p].merge == Merge.SUM for p in measure.parts)
    if not summable or measure.money:
        return ""
    if measure.additivity == Additivity.ADDITIVE and len(measure.parts) == 1:
        return "poisson"
    if measure.unit == "%" and len(measure.parts) == 2:
        return "fisher"
    return "welch" if measure.interval and len(measure.parts) == 3 else ""


def judged(kind: str, measure: Measure, now: dict[str, Any], before: dict[str, Any], share: float, least: int) -> Evidence | None:  # fmt: skip
    """The evidence of one row; None where there is too little to judge."""
    values = [int(now.get(p) or 0) for p in measure.parts]
    earlier = [int(before.get(p) or 0) for p in measure.parts]
    if kind == "poisson":
        if max(values[0], earlier[0] * share / (1 - share)) < least:
            return None
        return poisson(values[0], earlier[0], share)
    if kind == "fisher":
        (k, n), (j, m) = values, earlier
        # a rate of events to others (breaches to cases opened) may pass 100 %: not a proportion
        return proportions(k, n, j, m) if min(n, m) >= least and k <= n and j <= m else None
    sides = [moments(*one) for one in (values, earlier)]
    if min(one[0] for one in sides) < max(least, 2):
        return None
    return means(sides[0], sides[1])


def moments(n: int, total: int, squares: int) -> tuple[int, float, float]:
    """Count, mean and variance in points, from exact sums in thousandths."""
    if n < 2:
        return n, 0.0, 0.0
    return n, total / n / 1000, (n * squares - total * total) / (n * (n - 1)) / 1e6


def holm(evidence: dict[Any, Evidence], alpha: float = ALPHA) -> list[Any]:
    """The rows whose change is not chance, over all rows judged (Holm 1979, Scand. J. Statist. 6)."""
    ordered = sorted(evidence, key=lambda key: evidence[key].p)
    found = []
    for place, key in enumerate(ordered):
        if evidence[key].p > alpha / (len(ordered) - place):
            break
        found.append(key)
    return found
