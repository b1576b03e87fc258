"""Gradient boosting against logistic regression, and the calibration of what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dangol.scores.arrays import Floats
from dangol.scores.churn.trees import Trees

ISOTONIC = 1000
"""Customers of either kind that make steps (isotonic) better than a curve (Platt)."""


@dataclass(frozen=True)
class Linear:
    """Logistic regression on standardised features; what is unknown stands at the mean."""

    mean: Floats
    spread: Floats
    weight: Floats
    base: float

    def explained(self, rows: Floats) -> tuple[Floats, Floats]:
        """The log-odds of each row, and what each feature added."""
        added = np.nan_to_num((squeezed(rows) - self.mean) / self.spread) * self.weight
        return self.base + added.sum(axis=1), added

    def arrays(self) -> dict[str, Any]:
        """For keeping."""
        return {**vars(self), "base": np.array([self.base])}


def squeezed(rows: Floats) -> Floats:
    """Long tails drawn in, signs kept."""
    return np.sign(rows) * np.log1p(np.abs(rows))


def boosted(rows: Floats, away: Any) -> Trees:
    """Gradient boosting."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=160, max_leaf_nodes=12, l2_regularization=5.0,
        min_samples_leaf=max(5, min(40, len(rows) // 100)), early_stopping=False, random_state=0,
    )  # fmt: skip
    # a feature that nobody has yet cannot be cut; no tree asks it
    nothing = np.isnan(rows).all(axis=0)
    return Trees.of(model.fit(np.where(nothing, 0.0, rows), away))


def linear(rows: Floats, away: Any) -> Linear:
    """Logistic regression."""
    from sklearn.linear_model import LogisticRegression

    drawn = squeezed(rows)
    known = ~np.isnan(drawn).all(axis=0)
    mean, spread = np.zeros(rows.shape[1]), np.ones(rows.shape[1])
    mean[known] = np.nanmean(drawn[:, known], axis=0)
    spread[known] = np.maximum(np.nanstd(drawn[:, known], axis=0), 1e-9)
    model = LogisticRegression(C=0.5, max_iter=1000)
    model.fit(np.nan_to_num((drawn - mean) / spread), away)
    return Linear(mean, spread, model.coef_[0], float(model.intercept_[0]))


LEARNERS: dict[str, Callable[[Floats, Any], Trees | Linear]] = {
    "boosting": boosted,
    "logistic": linear,
}


def kept(name: str, arrays: dict[str, Any]) -> Trees | Linear:
    """A model as it was kept."""
    if name == "boosting":
        return Trees.from_arrays(arrays)
    return Linear(**{**arrays, "base": float(arrays["base"][0])})


def calibrated(odds: Floats, away: Any) -> dict[str, list[float]]:
    """From log-odds to probabilities, learned on customers that the model had not seen, later in time."""
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression

    if min(away.sum(), (~away).sum()) >= ISOTONIC:
        steps = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip").fit(odds, away)
        return {"x": steps.X_thresholds_.tolist(), "y": steps.y_thresholds_.tolist()}
    curve = LogisticRegression(C=1e6).fit(odds[:, None], away)
    return {"slope": [float(curve.coef_[0, 0])], "shift": [float(curve.intercept_[0])]}


def probability(odds: Floats, calibration: dict[str, list[float]]) -> Floats:
    """The probability of staying away."""
    if "x" in calibration:
        return np.asarray(np.interp(odds, calibration["x"], calibration["y"]))
    z = calibration["slope"][0] * odds + calibration["shift"][0]
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -50, 50))))
