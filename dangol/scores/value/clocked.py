"""Covariates by a clock of one's own: customers with a large first purchase live faster.

A customer's rate is scaled by e^{γ z}, z being what is known from the first day (Fader, Hardie 2007,
Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models,
brucehardie.com/notes/019). With α scaled by s = e^{-γ z}, the likelihood of BG/NBD and MBG/NBD is
that of the plain model at times divided by s, times s^{-x}; so any model here gains a covariate
without a line of its own. Under Pareto/NBD the whole clock runs faster, leaving included.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from dangol.scores.arrays import Floats
from dangol.scores.value import bg_nbd, mbg_nbd, pareto_nbd
from dangol.scores.value.fitting import Fit, maximise
from dangol.scores.value.histories import Histories

MODULES: dict[str, ModuleType] = {"bg_nbd": bg_nbd, "mbg_nbd": mbg_nbd, "pareto_nbd": pareto_nbd}
MODELS: dict[str, Any] = {
    "bg_nbd": bg_nbd.BGNBD, "mbg_nbd": mbg_nbd.MBGNBD, "pareto_nbd": pareto_nbd.ParetoNBD,
}  # fmt: skip
STEPS = 4
"""Groups of z to one step of the natural logarithm: equal histories stay few."""


def grouped(first_money: npt.ArrayLike, centre: float) -> npt.NDArray[np.int64]:
    """ln of the first day's money against a typical one, in quarters, between −3 and 3."""
    money = np.maximum(np.asarray(first_money, dtype=np.float64), 0)
    z = np.log1p(money) - np.log1p(max(centre, 0))
    return np.rint(np.clip(z, -3, 3) * STEPS).astype(np.int64)


@dataclass(frozen=True)
class Clocked:
    """A model whose customers may have clocks of their own; γ = 0 is the plain model."""

    name: str
    model: Any
    gamma: float = 0.0

    def speed(self, z: Floats | None) -> Floats | float:
        """How much faster a customer's time runs."""
        return 1.0 if z is None or not self.gamma else np.exp(self.gamma * z)

    def own_time(self, h: Histories) -> Histories:
        """The histories in their own time."""
        v = self.speed(h.z)
        return Histories(h.x, h.t_x * v, h.T * v, h.weight, h.z)

    def alive(self, h: Histories) -> Floats:
        """P(still a customer | history)."""
        return np.asarray(self.model.alive(self.own_time(h)))

    def expected_purchases(self, t: npt.ArrayLike, z: Floats | None = None) -> Floats:
        """Repeat purchases of new customers within t."""
        return np.asarray(self.model.expected_purchases(np.asarray(t) * self.speed(z)))

    def further_purchases(self, h: Histories, t: float) -> Floats:
        """Purchases within t after T, given the history."""
        return np.asarray(self.model.further_purchases(self.own_time(h), t * self.speed(h.z)))


def log_likelihood(name: str, theta: Floats, h: Histories) -> tuple[float, Floats]:
    """ln L at (ln of the model's parameters, γ), its gradient (exact but for γ: central differences)."""
    module, plain, z = MODULES[name], theta[:-1], np.zeros_like(h.x) if h.z is None else h.z
    shift = float(h.weight @ (h.x * z))

    def at(gamma: float) -> tuple[float, Floats]:
        v = np.exp(np.clip(gamma, -5, 5) * z)
        value, slope = module.log_likelihood(plain, Histories(h.x, h.t_x * v, h.T * v, h.weight))
        return value + gamma * shift, slope

    gamma, step = float(theta[-1]), 1e-5
    value, slope = at(gamma)
    return value, np.append(slope, (at(gamma + step)[0] - at(gamma - step)[0]) / (2 * step))


@dataclass(frozen=True)
class Fitted:
    """A fitted candidate: its likelihood, how many parameters it took, how sure they are."""

    clocked: Clocked
    log_likelihood: float
    parameters: int
    spread: list[float]

    def bic(self, customers: int) -> float:
        """Schwarz's criterion: the smaller, the likelier is the model (about −2 ln of its evidence)."""
        return -2 * self.log_likelihood + self.parameters * float(np.log(customers))


def fit(name: str, h: Histories, *, covariate: bool, near: Clocked | None = None) -> Fitted:
    """The plain model, or with the covariate of the histories; `near` is where to begin with it."""
    if near is None or not covariate:
        plain: Fit[Any] = MODULES[name].fit(h)
        near = Clocked(name, plain.model)
    if not covariate:
        spread = np.sqrt(np.maximum(np.diag(plain.covariance), 0))
        return Fitted(Clocked(name, plain.model), plain.log_likelihood, 4, spread.tolist())
    # the last parameter is γ itself; `maximise` takes logarithms of a start and gives exp: undo it
    found = maximise(
        lambda theta, some: log_likelihood(name, theta, some), h,
        lambda *values: (MODELS[name](*values[:-1]), float(np.log(values[-1]))),  # type: ignore[arg-type]
        start=(*vars(near.model).values(), 1.0),
    )  # fmt: skip
    model, gamma = found.model
    spread = np.sqrt(np.maximum(np.diag(found.covariance), 0))
    return Fitted(Clocked(name, model, gamma), found.log_likelihood, 5, spread.tolist())
