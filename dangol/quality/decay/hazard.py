"""The hazard of a contact point going wrong: interval-censored, exponential in bands, with priors.

A value last known to be right t years ago is wrong with probability 1 − exp(−H), where

    H = first·exp(i[kind] + j[source]) + again·exp(e) + exp(k[kind] + s[source] + v·again) · Σ_b exp(a_b)·t_b

first: never tried, so that it may have been wrong from the start; again: verified before, and a
check may err; t_b: years in each band of the value's age. Fitted to penalised maximum likelihood
(the mode of the posterior) by L-BFGS over cells; with few checks the published priors stand.
D. M. Finkelstein, A proportional hazards model for interval-censored failure time data,
Biometrics 42 (1986), is the model's form; errors are those of the curvature at the mode (Laplace).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from dangol.quality.decay.observations import Observations
from dangol.quality.decay.priors import (
    BANDS,
    CHECK_ERRS,
    FIRST_WIDTH,
    FIRST_WRONG,
    KINDS,
    RATE_WIDTH,
    SOURCE_WIDTH,
    YEARLY,
    hazard,
)

Floats = np.ndarray


@dataclass
class Layout:
    """Where each parameter stands in the vector, with its prior's centre and width."""

    sources: list[str]

    def __post_init__(self) -> None:
        kinds, n, bands = len(KINDS), len(self.sources), len(BANDS) - 1
        sizes = {"k": kinds, "s": n, "a": bands, "v": 1, "i": kinds, "j": n, "e": 1}
        self.at: dict[str, slice] = {}
        start = 0
        for name, size in sizes.items():
            self.at[name] = slice(start, start + size)
            start += size
        self.size = start
        self.centre, self.width = np.zeros(start), np.full(start, SOURCE_WIDTH)
        self.centre[self.at["k"]] = [math.log(hazard(YEARLY[kind])) for kind in KINDS]
        self.width[self.at["k"]] = RATE_WIDTH
        self.centre[self.at["i"]] = [math.log(hazard(FIRST_WRONG[kind])) for kind in KINDS]
        self.width[self.at["i"]] = FIRST_WIDTH
        self.centre[self.at["e"]] = math.log(CHECK_ERRS)
        self.width[self.at["e"]] = FIRST_WIDTH


@dataclass
class Fit:
    """What was learned: each parameter and its standard error."""

    layout: Layout
    theta: Floats
    covariance: Floats

    @property
    def error(self) -> Floats:
        """Standard errors of the parameters."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def usual(self, seen: Observations) -> dict[str, Any]:
        """Each kind's pace and first mistakes in a source as usual, [value, error] of logarithms.

        Sources weigh as often as they were tried: alone, a kind's parameter says nothing, because
        all sources may differ from their prior in the same direction.
        """
        at, told = self.layout.at, {}
        for group, beside in (("k", "s"), ("i", "j")):
            told[group] = {}
            for place, kind in enumerate(KINDS):
                mine = seen.kind == place
                weights = np.bincount(seen.source[mine], seen.tried[mine], len(self.layout.sources))
                blend = np.zeros(self.layout.size)
                blend[at[group].start + place] = 1.0
                blend[at[beside]] = weights / weights.sum() if weights.sum() else 0.0
                error = math.sqrt(max(0.0, float(blend @ self.covariance @ blend)))
                told[group][kind] = [round(float(blend @ self.theta), 5), round(error, 5)]
        return told

    def told(self) -> dict[str, Any]:
        """{name: [value, error]} by kind, source and age, as it is kept."""
        names = {
            "k": list(KINDS), "s": self.layout.sources, "a": [str(b) for b in BANDS[1:]],
            "v": [""], "i": list(KINDS), "j": self.layout.sources, "e": [""],
        }  # fmt: skip
        return {
            group: {
                name: [round(float(v), 5), round(float(e), 5)]
                for name, v, e in zip(
                    keys, self.theta[self.layout.at[group]], self.error[self.layout.at[group]],
                    strict=True,
                )
            }
            for group, keys in names.items()
        }  # fmt: skip


def parts_of(theta: Floats, layout: Layout, seen: Observations) -> tuple[Floats, Floats, Floats]:
    """The hazards of having begun wrong, of an erring check, and of decay; per cell."""
    at = layout.at
    first = (1 - seen.again) * np.exp(theta[at["i"]][seen.kind] + theta[at["j"]][seen.source])
    erring = seen.again * np.exp(theta[at["e"]][0])
    pace = np.exp(
        theta[at["k"]][seen.kind] + theta[at["s"]][seen.source] + theta[at["v"]][0] * seen.again
    )
    ages = np.concatenate([[1.0], np.exp(theta[at["a"]])])
    return first, erring, pace[:, None] * seen.spent * ages


def chances(fit: Fit, seen: Observations) -> Floats:
    """The probability of being found wrong, per cell."""
    first, erring, decay = parts_of(fit.theta, fit.layout, seen)
    return -np.expm1(-(first + erring + decay.sum(axis=1)))


def loss(theta: Floats, layout: Layout, seen: Observations) -> tuple[float, Floats]:
    """Minus the logarithm of the posterior, and its gradient."""
    first, erring, decay = parts_of(theta, layout, seen)
    whole = np.maximum(first + erring + decay.sum(axis=1), 1e-10)
    right = seen.tried - seen.wrong
    said = seen.wrong * np.log(-np.expm1(-whole)) - right * whole
    pull = seen.wrong / np.expm1(np.minimum(whole, 500.0)) - right
    off = (theta - layout.centre) / layout.width
    at, kinds, sources = layout.at, len(KINDS), len(layout.sources)
    slope = np.zeros(layout.size)
    by_band = pull[:, None] * decay
    by_cell = by_band.sum(axis=1)
    slope[at["k"]] = np.bincount(seen.kind, by_cell, kinds)
    slope[at["s"]] = np.bincount(seen.source, by_cell, sources)
    slope[at["a"]] = by_band.sum(axis=0)[1:]
    slope[at["v"]] = (by_cell * seen.again).sum()
    slope[at["i"]] = np.bincount(seen.kind, pull * first, kinds)
    slope[at["j"]] = np.bincount(seen.source, pull * first, sources)
    slope[at["e"]] = (pull * erring).sum()
    return float(-said.sum() + (off**2).sum() / 2), off / layout.width - slope


def learn(seen: Observations) -> Fit:
    """The mode of the posterior; without any check it is the priors."""
    layout = Layout(seen.sources)
    # Rates between one in ten million a year and thousands: beyond is no answer but overflow.
    bounds = [(-16.0, 8.0)] * layout.size
    found = minimize(
        loss, layout.centre, args=(layout, seen), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 500},
    )  # fmt: skip
    return Fit(layout, found.x, covariance_at(found.x, layout, seen))


def covariance_at(theta: Floats, layout: Layout, seen: Observations) -> Floats:
    """Covariance from the curvature: central differences of the gradient."""
    step, curve = 1e-4, np.zeros((layout.size, layout.size))
    for at in range(layout.size):
        ahead, behind = theta.copy(), theta.copy()
        ahead[at] += step
        behind[at] -= step
        curve[at] = (loss(ahead, layout, seen)[1] - loss(behind, layout, seen)[1]) / (2 * step)
    return np.linalg.pinv((curve + curve.T) / 2)
