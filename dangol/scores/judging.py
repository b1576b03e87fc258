"""How well a score told those who stayed away from those who came, on customers that it had not seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from dangol.scores.arrays import Floats


def auc(score: Floats, away: Any) -> float:
    """The chance that one who stayed away is ranked above one who came; ties count half."""
    from scipy.stats import rankdata

    n, m = int(away.sum()), int((~away).sum())
    if not n or not m:
        return 0.5
    return float((rankdata(score)[away].sum() - n * (n + 1) / 2) / (n * m))


def figures(p: Floats, away: Any) -> dict[str, float]:
    """AUC, log loss, Brier score, calibration error (mean over ten groups of equal size), lift."""
    q = np.clip(p, 1e-6, 1 - 1e-6)
    order = np.argsort(-p, kind="stable")
    groups = np.array_split(order, 10)
    off = sum(len(g) * abs(p[g].mean() - away[g].mean()) for g in groups if len(g)) / max(len(p), 1)
    return {
        "auc": round(auc(p, away), 4),
        "error": round(float(-np.where(away, np.log(q), np.log(1 - q)).mean()), 5),
        "brier": round(float(((p - away) ** 2).mean()), 5),
        "calibration_error": round(float(off), 4),
        "lift_top_tenth": round(float(away[groups[0]].mean() / max(away.mean(), 1e-9)), 3),
        "rate": round(float(away.mean()), 4),
    }


def courses(p: Floats, away: Any) -> dict[str, Any]:
    """ROC at 21 points, calibration by tenth, share of those who left in each tenth."""
    order = np.argsort(-p, kind="stable")
    hit = np.cumsum(away[order]) / max(away.sum(), 1)
    miss = np.cumsum(~away[order]) / max((~away).sum(), 1)
    grid = np.linspace(0, 1, 21)
    groups = np.array_split(order[::-1], 10)
    return {
        "roc": np.interp(grid, np.r_[0, miss], np.r_[0, hit]).round(4).tolist(),
        "said": [round(float(p[g].mean()), 4) if len(g) else None for g in groups],
        "came": [round(float(away[g].mean()), 4) if len(g) else None for g in groups],
        "lift": [round(float(away[g].sum() / max(away.sum(), 1)), 4) for g in groups[::-1]],
    }
