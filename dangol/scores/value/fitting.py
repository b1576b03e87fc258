"""The search that every value model shares: ln of the parameters, exact gradient, errors from curvature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult, minimize

from dangol.scores.arrays import Floats
from dangol.scores.value.histories import Histories

MANY = 20_000
"""Distinct histories beyond which the top is sought among rounded ones first."""
PARTS = 40
EDGE = 8.0
"""How far the logarithm of a parameter may go; a model at the edge is its own limit (nobody leaves)."""


class NotFitted(ValueError):
    """The data do not determine the model: too few customers came back, or all are alike."""


@dataclass(frozen=True)
class Fit[Model]:
    """A fitted model, its likelihood, and how sure its parameters are."""

    model: Model
    log_likelihood: float
    covariance: Floats
    """Of the logarithms of the parameters, from the curvature at the optimum (shape k × k)."""
    steps: int

    def drawn(self, make: Callable[..., Model], draws: int, seed: int = 0) -> list[Model]:
        """Models as the data would allow them, for intervals (normal in the logarithms)."""
        draw = np.random.default_rng(seed)
        centre = np.log(np.array(list(vars(self.model).values())))
        return [
            make(*np.exp(theta))
            for theta in draw.multivariate_normal(centre, self.covariance, size=draws)
        ]


def maximise[Model](
    likelihood: Callable[[Floats, Histories], tuple[float, Floats]],
    h: Histories,
    make: Callable[..., Model],
    start: tuple[float | None, ...],
    round_times: bool = True,
) -> Fit[Model]:
    """Climb from the start (None: the mean time observed) to the top of the likelihood.

    Of many histories the top is sought first where times are rounded, a few thousand histories in
    all; from there it is a few steps to the exact one, and the curvature is that of the rounded.
    """
    if h.customers == 0 or not (h.x > 0).any():
        raise NotFitted("no customer came back")
    scale = float(h.weight @ h.T / h.customers)
    begin = np.log([scale if s is None else s for s in start])
    rough = rounded(h) if round_times and len(h.x) > MANY else h
    found = climbed(likelihood, rough, begin)
    covariance = np.linalg.pinv(-hessian(lambda theta: likelihood(theta, rough)[1], found.x))
    if rough is not h and np.abs(found.x).max() < EDGE:
        found = climbed(likelihood, h, found.x, covariance * h.customers)
    elif rough is not h:
        found = climbed(likelihood, h, begin)
    return Fit(
        make(*(float(v) for v in np.exp(found.x))),
        float(-found.fun * h.customers),
        covariance,
        int(found.nit),
    )


def climbed(
    likelihood: Callable[[Floats, Histories], tuple[float, Floats]],
    h: Histories,
    begin: Floats,
    inverse: Floats | None = None,
) -> OptimizeResult:
    """The top as scipy tells it, of the mean of −ln L; `inverse`: the inverse curvature at the start."""

    def down(theta: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(np.clip(theta, -20, 20), h)
        return -value / h.customers, -gradient / h.customers

    options: dict[str, Any] = {"gtol": 1e-9, "maxiter": 100}
    if inverse is not None and positive(inverse):
        options["hess_inv0"] = (inverse + inverse.T) / 2
    found = minimize(down, begin, jac=True, method="BFGS", options=options)
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e-4 or np.abs(found.x).max() > EDGE:
        # no top within sight: customers who all but never leave, or hardly differ, lead to an edge
        found = minimize(
            down, np.clip(begin, -EDGE, EDGE), jac=True, method="L-BFGS-B",
            bounds=[(-EDGE, EDGE)] * len(begin), options={"maxiter": 60},
        )  # fmt: skip
        if not np.isfinite(found.fun) or found.fun > 1e200:
            raise NotFitted("the search found no top")
    return found


def positive(matrix: Floats) -> bool:
    """Whether a symmetric matrix is positive definite."""
    return bool(np.isfinite(matrix).all() and np.linalg.eigvalsh((matrix + matrix.T) / 2).min() > 0)


def rounded(h: Histories) -> Histories:
    """The histories with their times in PARTS steps, equal ones once; who came back still has."""
    step = float(h.T.max()) / PARTS
    T = np.maximum(np.rint(h.T / step), 1)
    t_x = np.where(h.x > 0, np.clip(np.rint(h.t_x / step), 1, T), 0)
    columns = [h.x, t_x, T] + ([] if h.z is None else [np.rint(h.z * 2) / 2])
    distinct, place = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    weight = np.bincount(place.ravel(), weights=h.weight)
    z = None if h.z is None else distinct[:, 3]
    return Histories(distinct[:, 0], distinct[:, 1] * step, distinct[:, 2] * step, weight, z)


def hessian(gradient: Callable[[Floats], Floats], at: Floats, step: float = 1e-5) -> Floats:
    """Central differences of an exact gradient, made symmetric (shape k × k)."""
    rows = [
        (gradient(at + step * unit) - gradient(at - step * unit)) / (2 * step)
        for unit in np.eye(len(at))
    ]
    whole = np.array(rows)
    return (whole + whole.T) / 2
