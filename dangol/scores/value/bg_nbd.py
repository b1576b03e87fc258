"""BG/NBD: how often customers will buy again, and whether they are still customers.

Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2):
purchases follow a Poisson process whose rate is Gamma(r, α) among customers; after each purchase
the customer leaves with a probability that is Beta(a, b) among customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln, hyp2f1

from dangol.scores.arrays import Floats
from dangol.scores.value.fitting import Fit, maximise
from dangol.scores.value.histories import Histories


@dataclass(frozen=True)
class BGNBD:
    """A fitted model: r, α (in the unit of time of the histories), a, b."""

    r: float
    alpha: float
    a: float
    b: float

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """E[X(t)]: repeat purchases of a new customer within t (their equation 9)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        t = np.asarray(t, dtype=np.float64)
        left = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
        return np.asarray((a + b - 1) / (a - 1) * (1 - left))

    def alive(self, h: Histories) -> Floats:
        """P(still a customer at T | history); 1 for who never came back (nothing can have ended)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        with np.errstate(divide="ignore"):
            odds = np.log(a) - np.log(b + h.x - 1) + (r + h.x) * (
                np.log(alpha + h.T) - np.log(alpha + h.t_x)
            )  # fmt: skip
        return np.where(h.x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def further_purchases(self, h: Histories, t: npt.ArrayLike) -> Floats:
        """E[Y(t) | history]: purchases within t after T (their equation 10)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        t, x, T = np.asarray(t, dtype=np.float64), h.x, h.T
        shrink = ((alpha + T) / (alpha + T + t)) ** (r + x)
        series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
        return np.asarray((a + b + x - 1) / (a - 1) * (1 - shrink * series) * self.alive(h))


def log_likelihood(theta: Floats, h: Histories) -> tuple[float, Floats]:
    """ln L of all customers at θ = ln(r, α, a, b), and its gradient in θ (both exact)."""
    r, alpha, a, b = np.exp(theta)
    x, n = h.x, h.weight
    which = x.astype(np.intp)
    counts = np.arange(which.max(initial=0) + 1, dtype=np.float64)
    constant = (
        gammaln(r + counts) - gammaln(r) + r * np.log(alpha)
        + gammaln(a + b) + gammaln(b + counts) - gammaln(b) - gammaln(a + b + counts)
    )[which]  # fmt: skip
    log_T, log_tx = np.log(alpha + h.T), np.log(alpha + h.t_x)
    stays = -(r + x) * log_T
    left = np.full_like(x, -np.inf)
    back = x > 0
    left[back] = np.log(a) - np.log(b + x[back] - 1) - (r + x[back]) * log_tx[back]
    both = np.logaddexp(stays, left)
    total = float(n @ (constant + both))
    w_left = np.exp(left - both)
    w_stay = 1 - w_left
    by_count = {
        "r": (digamma(r + counts) - digamma(r) + np.log(alpha))[which],
        "a": (digamma(a + b) - digamma(a + b + counts))[which],
        "b": (digamma(a + b) + digamma(b + counts) - digamma(b) - digamma(a + b + counts))[which],
    }
    d_r = n @ (by_count["r"] - w_stay * log_T - w_left * log_tx)
    d_alpha = n @ (r / alpha - (r + x) * (w_stay / (alpha + h.T) + w_left / (alpha + h.t_x)))
    d_a = n @ (by_count["a"] + w_left / a)
    d_b = n @ (by_count["b"] - np.where(back, w_left / np.where(back, b + x - 1, 1), 0))
    return total, np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])


def fit(h: Histories) -> Fit[BGNBD]:
    """The model of greatest likelihood, with the standard errors of ln(r, α, a, b)."""
    return maximise(log_likelihood, h, BGNBD, start=(1.0, None, 1.0, 1.0))
