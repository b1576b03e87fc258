"""MBG/NBD: as BG/NBD, but a customer may also leave right after the first purchase.

Batislam, Denizel, Filiztekin (2007), Empirical validation and comparison of models for customer
base analysis, International Journal of Research in Marketing 24(3).
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
class MBGNBD:
    """A fitted model: r, α (in the unit of time of the histories), a, b."""

    r: float
    alpha: float
    a: float
    b: float

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """E[X(t)]: repeat purchases of a new customer within t."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        t = np.asarray(t, dtype=np.float64)
        left = (alpha / (alpha + t)) ** r * hyp2f1(r, b + 1, a + b, t / (alpha + t))
        return np.asarray(b / (a - 1) * (1 - left))

    def alive(self, h: Histories) -> Floats:
        """P(still a customer at T | history)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        odds = np.log(a) - np.log(b + h.x) + (r + h.x) * (
            np.log(alpha + h.T) - np.log(alpha + h.t_x)
        )  # fmt: skip
        return np.asarray(1 / (1 + np.exp(np.minimum(odds, 700))))

    def further_purchases(self, h: Histories, t: npt.ArrayLike) -> Floats:
        """E[Y(t) | history]: purchases within t after T."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        t, x, T = np.asarray(t, dtype=np.float64), h.x, h.T
        shrink = ((alpha + T) / (alpha + T + t)) ** (r + x)
        series = hyp2f1(r + x, b + x + 1, a + b + x, t / (alpha + T + t))
        return np.asarray((a + b + x) / (a - 1) * (1 - shrink * series) * self.alive(h))


def log_likelihood(theta: Floats, h: Histories) -> tuple[float, Floats]:
    """ln L of all customers at θ = ln(r, α, a, b), and its gradient in θ (both exact)."""
    r, alpha, a, b = np.exp(theta)
    x, n = h.x, h.weight
    which = x.astype(np.intp)
    counts = np.arange(which.max(initial=0) + 1, dtype=np.float64)
    constant = (
        gammaln(r + counts) - gammaln(r) + r * np.log(alpha)
        + gammaln(a + b) + gammaln(b + counts + 1) - gammaln(b) - gammaln(a + b + counts + 1)
    )[which]  # fmt: skip
    log_T, log_tx = np.log(alpha + h.T), np.log(alpha + h.t_x)
    stays = -(r + x) * log_T
    left = np.log(a) - np.log(b + x) - (r + x) * log_tx
    both = np.logaddexp(stays, left)
    w_left = np.exp(left - both)
    w_stay = 1 - w_left
    from_r = (digamma(r + counts) - digamma(r) + np.log(alpha))[which]
    from_a = (digamma(a + b) - digamma(a + b + counts + 1))[which]
    from_b = (digamma(b + counts + 1) - digamma(b))[which] + from_a
    d_r = n @ (from_r - w_stay * log_T - w_left * log_tx)
    d_alpha = n @ (r / alpha - (r + x) * (w_stay / (alpha + h.T) + w_left / (alpha + h.t_x)))
    d_a = n @ (from_a + w_left / a)
    d_b = n @ (from_b - w_left / (b + x))
    return float(n @ (constant + both)), np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])


def fit(h: Histories) -> Fit[MBGNBD]:
    """The model of greatest likelihood, with the standard errors of ln(r, α, a, b)."""
    return maximise(log_likelihood, h, MBGNBD, start=(1.0, None, 1.0, 1.0))
