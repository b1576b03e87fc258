"""Intervals: what a customer may buy, drawn from the model given the history.

Given that a customer is still one, the rate is Gamma(r + x, α + T). Under BG/NBD and MBG/NBD the
customer then makes the fewer of as many purchases as the rate brings and as many as come before
leaving (geometric in p, p being Beta); under Pareto/NBD the rate works until the customer leaves.
"""

from __future__ import annotations

import numpy as np

from dangol.scores.arrays import Floats
from dangol.scores.value.clocked import Clocked
from dangol.scores.value.histories import Histories

DRAWS = 200
PIECE = 20_000
LOW, HIGH = 0.1, 0.9


def drawn_purchases(
    clocked: Clocked, given: Histories, weeks: float, draw: np.random.Generator
) -> Floats:
    """Purchases within some weeks after T (shape draws × histories)."""
    h, t = clocked.own_time(given), weeks * clocked.speed(given.z)
    name, model = clocked.name, clocked.model
    shape = (DRAWS, len(h.x))
    rate = draw.gamma(model.r + h.x, 1 / (model.alpha + h.T), shape)
    here = draw.random(shape) < model.alive(h)
    if name == "pareto_nbd":
        leaving = draw.gamma(model.s, 1 / (model.beta + h.T), shape)
        stays = draw.exponential(1, shape) / np.maximum(leaving, 1e-300)
        return np.asarray(draw.poisson(rate * np.minimum(t, stays)) * here, dtype=np.float64)
    more = h.x + 1 if name == "mbg_nbd" else h.x
    p = np.clip(draw.beta(model.a, model.b + more, shape), 1e-12, 1)
    bought = draw.poisson(rate * t)
    return np.asarray(np.minimum(bought, draw.geometric(p)) * here, dtype=np.float64)


def purchases_between(
    clocked: Clocked, h: Histories, weeks: float, seed: int = 0
) -> tuple[Floats, Floats]:
    """The bounds within which 80% of customers with each history stay; the same for the same data."""
    low, high = np.empty_like(h.x), np.empty_like(h.x)
    for start in range(0, len(h.x), PIECE):
        part = slice(start, start + PIECE)
        piece = Histories(h.x[part], h.t_x[part], h.T[part], h.weight[part],
                          None if h.z is None else h.z[part])  # fmt: skip
        found = drawn_purchases(clocked, piece, weeks, np.random.default_rng((seed, start)))
        low[part], high[part] = np.quantile(found, (LOW, HIGH), axis=0, method="nearest")
    return low, high
