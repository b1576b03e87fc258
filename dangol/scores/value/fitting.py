"""The search that every value model shares: ln of the parameters, exact gradient, errors from curvature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from dangol.scores.value.histories import Floats, Histories

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
    likelihood: Callable[[Floats], tuple[float, Floats]],
    h: Histories,
    make: Callable[..., Model],
    start: tuple[float | None, ...],
) -> Fit[Model]:
    """Climb from the start (None: the mean time observed) to the top of the likelihood."""
    if h.customers == 0 or not (h.x > 0).any():
        raise NotFitted("no customer came back")
    scale = float(h.weight @ h.T / h.customers)
    begin = np.log([scale if s is None else s for s in start])

    def down(theta: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(np.clip(theta, -20, 20))
        return -value / h.customers, -gradient / h.customers

    found = minimize(down, begin, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 100})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e-4 or np.abs(found.x).max() > EDGE:
        # no top within sight: customers who all but never leave, or hardly differ, lead to an edge
        found = minimize(
            down, np.clip(begin, -EDGE, EDGE), jac=True, method="L-BFGS-B",
            bounds=[(-EDGE, EDGE)] * len(begin), options={"maxiter": 60},
        )  # fmt: skip
        if not np.isfinite(found.fun) or found.fun > 1e200:
            raise NotFitted("the search found no top")
    curvature = hessian(lambda theta: down(theta)[1], found.x) * h.customers
    return Fit(
        make(*(float(v) for v in np.exp(found.x))),
        float(-found.fun * h.customers),
        np.linalg.pinv(curvature),
        int(found.nit),
    )


def hessian(gradient: Callable[[Floats], Floats], at: Floats, step: float = 1e-5) -> Floats:
    """Central differences of an exact gradient, made symmetric (shape k × k)."""
    rows = [
        (gradient(at + step * unit) - gradient(at - step * unit)) / (2 * step)
        for unit in np.eye(len(at))
    ]
    whole = np.array(rows)
    return (whole + whole.T) / 2
