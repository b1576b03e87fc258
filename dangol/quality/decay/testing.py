"""The test of the decay model: learned on the earlier checks, told of the later ones, compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from dangol.customers.freshness import Rate
from dangol.quality.decay.hazard import Fit, chances, learn
from dangol.quality.decay.observations import Observations
from dangol.quality.decay.priors import KINDS

ENOUGH = 100
"""Later checks under which a test says nothing."""
SINCE = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 99.0)
"""Years since last known right, as the page shows them."""


def back_test(seen: Observations) -> dict[str, Any] | None:
    """How well the last quarter of the checks was told by a model of the others; None: too few."""
    early, late = seen.only(~seen.late), seen.only(seen.late)
    if late.tried.sum() < ENOUGH or early.tried.sum() < ENOUGH:
        return None
    said = chances(learn(early), late)
    n, wrong = late.tried, late.wrong
    usual = float(early.wrong.sum() / early.tried.sum())
    score = lambda p: float((wrong * (1 - p) ** 2 + (n - wrong) * p**2).sum() / n.sum())  # noqa: E731
    return {
        "cut": seen.cut.isoformat() if seen.cut else "",
        "checks": int(n.sum()),
        "learned_from": int(early.tried.sum()),
        "expected": round(float((said * n).sum()), 1),
        "wrong": int(wrong.sum()),
        "brier": round(score(said), 5),
        "brier_usual": round(score(np.full(len(said), usual)), 5),
        "auc": auc(said, n - wrong, wrong),
        "tenths": tenths(said, n, wrong),
    }


def auc(said: np.ndarray, right: np.ndarray, wrong: np.ndarray) -> float | None:
    """The chance that a wrong one was given the higher figure; ties count half."""
    if not wrong.sum() or not right.sum():
        return None
    order = np.argsort(said, kind="stable")
    values, begins = np.unique(said[order], return_index=True)
    good, bad = np.add.reduceat(right[order], begins), np.add.reduceat(wrong[order], begins)
    below = np.concatenate([[0.0], np.cumsum(good)[:-1]])
    return round(float((bad * (below + good / 2)).sum() / (good.sum() * bad.sum())), 4)


def tenths(said: np.ndarray, n: np.ndarray, wrong: np.ndarray) -> list[list[float]]:
    """[chance said, share found wrong, low, high, checks] for each tenth of the checks by chance."""
    order = np.argsort(said, kind="stable")
    part = np.minimum((np.cumsum(n[order]) - n[order] / 2) / n.sum() * 10, 9.999).astype(int)
    rows = []
    for at in range(10):
        mine = order[part == at]
        tried = n[mine].sum()
        if tried:
            rate = Rate(int(wrong[mine].sum()), int(tried))
            mean = float((said[mine] * n[mine]).sum() / tried)
            rows.append(
                [round(x, 5) for x in (mean, rate.share or 0.0, *rate.bounds)] + [int(tried)]
            )
    return rows


def survival(fit: Fit, seen: Observations) -> dict[str, list[list[float]]]:
    """By kind, for spans since last known right: [mean years, share right, low, high, expected, checks]."""
    said = chances(fit, seen)
    told: dict[str, list[list[float]]] = {}
    for at, kind in enumerate(KINDS):
        told[kind] = []
        for low, high in zip(SINCE, SINCE[1:], strict=False):
            mine = (seen.kind == at) & (seen.years >= low) & (seen.years < high)
            tried = seen.tried[mine].sum()
            if tried:
                rate = Rate(int(seen.wrong[mine].sum()), int(tried))
                worst, best = rate.bounds
                mean = lambda x: float((x[mine] * seen.tried[mine]).sum() / tried)  # noqa: B023, E731
                row = (
                    mean(seen.years),
                    1 - (rate.share or 0.0),
                    1 - best,
                    1 - worst,
                    1 - mean(said),
                )
                told[kind].append([round(x, 5) for x in row] + [int(tried)])
    return told
