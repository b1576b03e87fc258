"""Drift: whether customers today are like those that a model learned from.

Population stability index over ten groups of equal size at learning: Σ (now − then) ln (now / then).
Below 0.1 nothing happened, above 0.25 the model should learn anew (Siddiqi 2006, Credit Risk
Scorecards). Empty groups count as half a customer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

WATCH, BAD = 0.1, 0.25


def profile(values: Any, groups: int = 10) -> dict[str, list[float]]:
    """Bounds of groups of about equal size, and the share in each."""
    values = np.asarray(values, dtype=np.float64)
    edges = np.unique(np.quantile(values, np.arange(1, groups) / groups))
    return {"edges": edges.tolist(), "shares": shares(values, edges).tolist()}


def shares(values: Any, edges: Any) -> Any:
    """The share of values in each group; half a value in an empty one."""
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return np.maximum(counts, 0.5) / max(len(values), 1)


def psi(then: dict[str, list[float]], values: Any) -> float:
    """The index of values against a profile."""
    was = np.asarray(then["shares"])
    now = shares(np.asarray(values, dtype=np.float64), np.asarray(then["edges"]))
    return round(float(((now - was) * np.log(now / was)).sum()), 4)


def meaning(index: float) -> str:
    """good, watch or bad."""
    return "bad" if index > BAD else "watch" if index > WATCH else "good"
