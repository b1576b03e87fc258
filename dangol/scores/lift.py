"""What came of a use: treated less held out, with its interval.

The difference of means with Welch's interval (Welch 1947, unequal variances), from sums alone, so
that millions of customers cost one pass. With a covariate from before (CUPED: Deng, Xu, Kohavi,
Walker 2013, WSDM) the same on y − θ (x − x̄), θ = cov(y, x) / var(x) within the groups: who spends
much anyway no longer hides what was done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit


@dataclass(frozen=True)
class Sums:
    """One group: how many, and the sums of y, y², x, x², xy."""

    n: int
    y: float
    yy: float
    x: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    @property
    def mean(self) -> float:
        """Of the outcome."""
        return self.y / self.n if self.n else 0.0

    @property
    def mean_x(self) -> float:
        """Of the covariate."""
        return self.x / self.n if self.n else 0.0

    def spread(self, theta: float = 0.0) -> float:
        """The sample variance of y − θ x."""
        if self.n < 2:
            return math.nan
        yy = self.yy - self.y * self.y / self.n
        xx = self.xx - self.x * self.x / self.n
        xy = self.xy - self.x * self.y / self.n
        return max((yy - 2 * theta * xy + theta * theta * xx) / (self.n - 1), 0.0)


@dataclass(frozen=True)
class Lift:
    """The difference for each treated customer, its bounds, and the chance of one as large by luck."""

    treated: float
    held_out: float
    difference: float
    low: float
    high: float
    p: float
    theta: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether the interval leaves nothing out."""
        return self.low > 0 or self.high < 0


def theta_of(treated: Sums, held: Sums) -> float:
    """How much of the outcome goes with the covariate, within the groups."""
    xx = sum(g.xx - g.x * g.x / g.n for g in (treated, held))
    xy = sum(g.xy - g.x * g.y / g.n for g in (treated, held))
    return xy / xx if xx > 0 else 0.0


def lift(treated: Sums, held: Sums, *, covariate: bool = False, level: float = 0.95) -> Lift | None:
    """The estimate; None with fewer than two customers on either side."""
    if treated.n < 2 or held.n < 2:
        return None
    theta = theta_of(treated, held) if covariate else 0.0
    a, b = treated.spread(theta) / treated.n, held.spread(theta) / held.n
    difference = treated.mean - held.mean - theta * (treated.mean_x - held.mean_x)
    error = math.sqrt(a + b)
    if error == 0:
        p = 1.0 if difference == 0 else 0.0
        return Lift(treated.mean, held.mean, difference, difference, difference, p, theta)
    freedom = (a + b) ** 2 / (a * a / (treated.n - 1) + b * b / (held.n - 1))
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * error
    p = float(2 * stdtr(freedom, -abs(difference) / error))
    return Lift(
        treated.mean, held.mean, difference, difference - reach, difference + reach, p, theta
    )
