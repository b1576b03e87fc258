"""Pareto/NBD: purchases as in BG/NBD, but a customer may leave at any moment.

Schmittlein, Morrison, Colombo (1987), Counting Your Customers, Management Science 33(1); the
likelihood as in Fader, Hardie (2005), A note on deriving the Pareto/NBD model,
brucehardie.com/notes/009: rates are Gamma(r, α), leaving rates Gamma(s, β).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, hyp2f1

from dangol.scores.arrays import Floats
from dangol.scores.value.fitting import Fit, maximise
from dangol.scores.value.histories import Histories


@dataclass(frozen=True)
class ParetoNBD:
    """A fitted model: r, α, s, β (α and β in the unit of time of the histories)."""

    r: float
    alpha: float
    s: float
    beta: float

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """E[X(t)]: repeat purchases of a new customer within t."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        t = np.asarray(t, dtype=np.float64)
        return np.asarray(r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1)))

    def alive(self, h: Histories) -> Floats:
        """P(still a customer at T | history)."""
        log_stay, log_left = parts(self, h)
        return np.asarray(1 / (1 + np.exp(np.minimum(log_left - log_stay, 700))))

    def further_purchases(self, h: Histories, t: npt.ArrayLike) -> Floats:
        """E[Y(t) | history]: purchases within t after T."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        t = np.asarray(t, dtype=np.float64)
        rate = (r + h.x) * (beta + h.T) / ((alpha + h.T) * (s - 1))
        return np.asarray(rate * (1 - ((beta + h.T) / (beta + h.T + t)) ** (s - 1)) * self.alive(h))


def parts(m: ParetoNBD, h: Histories) -> tuple[Floats, Floats]:
    """ln of the two terms of the likelihood without Γ(r+x) α^r β^s / Γ(r): stays, left by T."""
    r, s, x = m.r, m.s, h.x
    whole = r + s + x
    stay = -(r + x) * np.log(m.alpha + h.T) - s * np.log(m.beta + h.T)
    larger, gap = max(m.alpha, m.beta), abs(m.alpha - m.beta)
    second = s + 1 if m.alpha >= m.beta else r + x
    early = series(whole, second, gap / (larger + h.t_x)) - whole * np.log(larger + h.t_x)
    late = series(whole, second, gap / (larger + h.T)) - whole * np.log(larger + h.T)
    # far from the top ₂F₁ overflows; such a point counts as impossible
    with np.errstate(divide="ignore", invalid="ignore"):
        between = early + np.log(-np.expm1(np.minimum(late - early, 0)))
    return stay, np.log(s) - np.log(whole) + between


def series(whole: Floats, second: Floats | float, z: Floats) -> Floats:
    """ln ₂F₁(whole, second; whole + 1; z)."""
    return np.asarray(np.log(hyp2f1(whole, second, whole + 1, z)))


def value_at(theta: Floats, h: Histories) -> float:
    """ln L of all customers at θ = ln(r, α, s, β)."""
    m = ParetoNBD(*np.exp(theta))
    stay, left = parts(m, h)
    constant = gammaln(m.r + h.x) - gammaln(m.r) + m.r * np.log(m.alpha) + m.s * np.log(m.beta)
    with np.errstate(invalid="ignore"):
        found = float(h.weight @ (constant + np.logaddexp(stay, left)))
    return found if np.isfinite(found) else -1e300


def log_likelihood(theta: Floats, h: Histories, step: float = 1e-5) -> tuple[float, Floats]:
    """ln L and its gradient by central differences: ₂F₁ has no plain derivative in its parameters."""
    slope = [
        (value_at(theta + step * unit, h) - value_at(theta - step * unit, h)) / (2 * step)
        for unit in np.eye(4)
    ]
    return value_at(theta, h), np.array(slope)


def fit(h: Histories) -> Fit[ParetoNBD]:
    """The model of greatest likelihood, with the standard errors of ln(r, α, s, β)."""
    return maximise(log_likelihood, h, ParetoNBD, start=(0.5, None, 0.5, None))
