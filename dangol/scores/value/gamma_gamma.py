"""Gamma–Gamma: what a purchase of a customer is worth.

Fader, Hardie (2013), The Gamma-Gamma Model of Monetary Value, brucehardie.com/notes/025: a
customer's purchases scatter as Gamma(p, ν), ν is Gamma(q, γ) among customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln

from dangol.scores.arrays import Floats
from dangol.scores.value.fitting import Fit, NotFitted, maximise
from dangol.scores.value.histories import Histories


@dataclass(frozen=True)
class GammaGamma:
    """A fitted model: p, q, γ (γ in the unit of money)."""

    p: float
    q: float
    gamma: float

    def expected_amount(self, x: npt.ArrayLike, mean: npt.ArrayLike) -> Floats:
        """E[M | x purchases of mean amount]: pulled to the mean of all as x is small (equation 5)."""
        x, mean = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
        p, q, gamma = self.p, self.q, self.gamma
        return np.asarray(p * (gamma + x * mean) / (p * x + q - 1))


def log_likelihood(theta: Floats, x: Floats, mean: Floats, n: Floats) -> tuple[float, Floats]:
    """ln L at θ = ln(p, q, γ), and its gradient in θ; x ≥ 1 purchases of mean amount, n customers."""
    p, q, gamma = np.exp(theta)
    px, spent = p * x, gamma + x * mean
    log_spent, log_xm = np.log(spent), np.log(x * mean)
    each = (
        gammaln(px + q) - gammaln(px) - gammaln(q)
        + q * np.log(gamma) + px * log_xm - np.log(mean) - (px + q) * log_spent
    )  # fmt: skip
    d_p = n @ (x * (digamma(px + q) - digamma(px) + log_xm - log_spent))
    d_q = n @ (digamma(px + q) - digamma(q) + np.log(gamma) - log_spent)
    d_gamma = n @ (q / gamma - (px + q) / spent)
    return float(n @ each), np.array([d_p * p, d_q * q, d_gamma * gamma])


def fit(
    x: npt.ArrayLike, mean: npt.ArrayLike, weight: npt.ArrayLike | None = None
) -> Fit[GammaGamma]:
    """The model of greatest likelihood over customers with x ≥ 1 purchases of a positive mean amount."""
    x, mean = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    n = np.ones_like(x) if weight is None else np.asarray(weight, dtype=np.float64)
    if (mean <= 0).any() or (x < 1).any():
        raise ValueError("amounts are positive and counts at least 1")
    if len(x) < 3:
        raise NotFitted("too few customers who paid")
    amounts = Histories(x, x * 0, mean, n)  # the amount stands where the time observed would
    return maximise(
        lambda theta, some: log_likelihood(theta, some.x, some.T, some.weight), amounts,
        GammaGamma, start=(6.0, 4.0, None), round_times=False,
    )  # fmt: skip
