"""The value models on made-up customers: gradients are exact, parameters come back, nonsense is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, gamma

from dangol.scores.value import bg_nbd, fitting, gamma_gamma, mbg_nbd, pareto_nbd
from dangol.scores.value.fitting import NotFitted, rounded
from dangol.scores.value.histories import collapse

MODELS = [bg_nbd, mbg_nbd, pareto_nbd]


def simulated(customers: int, seed: int = 1) -> tuple:
    """Customers of BG/NBD(0.3, 5, 0.8, 2.5) seen for 26 to 52 weeks, by the day."""
    draw = np.random.default_rng(seed)
    rate = gamma.rvs(0.3, scale=1 / 5, size=customers, random_state=draw)
    leaves = beta.rvs(0.8, 2.5, size=customers, random_state=draw)
    T = draw.integers(182, 364, customers) / 7
    x, t_x = np.zeros(customers), np.zeros(customers)
    now, here = np.zeros(customers), np.ones(customers, dtype=bool)
    while here.any():
        now = now + draw.exponential(1, customers) / np.maximum(rate, 1e-12)
        here &= now <= T
        x[here] += 1
        t_x[here] = np.ceil(now[here] * 7) / 7
        here &= draw.random(customers) >= leaves
    return x, np.minimum(t_x, T), T


@pytest.mark.parametrize("model", MODELS)
def test_the_gradient_is_the_slope(model):
    h, _place = collapse(*simulated(400))
    theta = np.log([0.4, 6.0, 0.9, 3.0])
    _value, gradient = model.log_likelihood(theta, h)
    step = 1e-6
    slope = [
        (
            model.log_likelihood(theta + step * u, h)[0]
            - model.log_likelihood(theta - step * u, h)[0]
        )
        / (2 * step)
        for u in np.eye(4)
    ]
    assert gradient == pytest.approx(slope, rel=1e-4, abs=1e-3)


def test_the_gradient_of_amounts_is_the_slope():
    draw = np.random.default_rng(2)
    x, mean = draw.integers(1, 9, 50).astype(float), draw.gamma(3, 10, 50)
    theta, step, n = np.log([5.0, 4.0, 20.0]), 1e-6, np.ones(50)
    value = gamma_gamma.log_likelihood
    slope = [
        (value(theta + step * u, x, mean, n)[0] - value(theta - step * u, x, mean, n)[0])
        / (2 * step)
        for u in np.eye(3)
    ]
    assert value(theta, x, mean, n)[1] == pytest.approx(slope, rel=1e-4)


def test_parameters_come_back_from_a_simulation():
    h, place = collapse(*simulated(60_000))
    assert h.customers == 60_000 == len(place)
    fit = bg_nbd.fit(h)
    found = np.log([fit.model.r, fit.model.alpha, fit.model.a, fit.model.b])
    away = np.abs(found - np.log([0.3, 5, 0.8, 2.5])) / np.sqrt(np.diag(fit.covariance))
    assert (away < 4).all()


@pytest.mark.parametrize("model", MODELS)
def test_equal_customers_count_as_often_as_they_are(model):
    x, t_x, T = (np.tile(column, 3) for column in simulated(300))
    once, _place = collapse(*simulated(300))
    thrice, _place = collapse(x, t_x, T)
    assert len(once.x) == len(thrice.x) and thrice.customers == 900
    theta = np.log([0.4, 6.0, 0.9, 3.0])
    assert model.log_likelihood(theta, thrice)[0] == pytest.approx(
        3 * model.log_likelihood(theta, once)[0]
    )


def test_the_closed_form_is_the_integral_over_customers():
    """E[X(t)] of BG/NBD by its definition: the sum over purchases of P(still here) · P(in time)."""
    fitted = bg_nbd.BGNBD(0.24, 4.4, 0.8, 2.4)

    def of_one(p: float) -> float:
        # a customer who leaves with p buys (1 - e^{-λ p t}) / p times on average; λ ~ Gamma(r, α)
        return (
            (1 - (fitted.alpha / (fitted.alpha + p * 39)) ** fitted.r) / p * beta.pdf(p, 0.8, 2.4)
        )

    assert float(fitted.expected_purchases(39.0)) == pytest.approx(quad(of_one, 0, 1)[0], rel=1e-4)


def test_who_came_often_and_then_not_is_gone_and_who_never_came_back_may_be():
    h, _place = collapse([0, 8, 8], [0, 8, 38], [39, 39, 39])
    for model in (bg_nbd.BGNBD(0.24, 4.4, 0.8, 2.4), pareto_nbd.ParetoNBD(0.55, 10.6, 0.6, 11.7)):
        alive = model.alive(h)
        assert alive[1] < 0.2 < 0.8 < alive[2]
        more = model.further_purchases(h, 39.0)
        assert more[2] > more[1] > 0


@pytest.mark.parametrize(
    ("x", "t_x", "T"),
    [([1], [5], [4]), ([0], [1], [4]), ([1], [0], [4]), ([-1], [0], [4]), ([np.nan], [0], [4])],
)
def test_impossible_histories_are_refused(x, t_x, T):
    with pytest.raises(ValueError):
        collapse(x, t_x, T)


@pytest.mark.parametrize("model", MODELS)
def test_nobody_and_nobody_who_came_back_teach_nothing(model):
    for columns in (([], [], []), ([0, 0], [0, 0], [3, 4])):
        with pytest.raises(NotFitted):
            model.fit(collapse(*columns)[0])


@pytest.mark.parametrize("model", [bg_nbd, mbg_nbd])
def test_from_rounded_histories_it_is_the_same_top(model, monkeypatch):
    """Many histories are climbed from the top of the rounded ones, and end where all would."""
    h, _place = collapse(*simulated(30_000))
    whole = model.fit(h)
    monkeypatch.setattr(fitting, "MANY", 1000)
    near = rounded(h)
    assert near.customers == h.customers and len(near.x) < len(h.x) / 2
    assert ((near.x > 0) == (near.t_x > 0)).all() and (near.t_x <= near.T).all()
    quick = model.fit(h)
    assert quick.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-10)
    assert vars(quick.model) == pytest.approx(vars(whole.model), rel=1e-4)
    assert quick.steps < whole.steps
    assert np.diag(quick.covariance) == pytest.approx(np.diag(whole.covariance), rel=0.2)
