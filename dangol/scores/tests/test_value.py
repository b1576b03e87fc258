"""Value from rows in the database to expected money on customers, with the back-test before it."""

from __future__ import annotations

import numpy as np
import pytest

from dangol.scores.actions.versions import follows
from dangol.scores.models import Score, ScoreModel
from dangol.scores.tests.factories import bought, buyers, ran
from dangol.scores.tests.test_value_models import simulated
from dangol.scores.value import bg_nbd
from dangol.scores.value.backtest import (
    Days,
    backtest,
    by_frequency,
    candidates,
    lift_by_tenth,
    title,
)
from dangol.scores.value.clocked import Clocked, fit, log_likelihood
from dangol.scores.value.drawing import purchases_between
from dangol.scores.value.histories import Histories, collapse, collapse_days
from tests.lake.factories import a_customer


def test_whole_days_collapse_to_the_same_histories():
    x, t_x, T = simulated(500)
    days = np.rint(t_x * 7).astype(int), np.rint(T * 7).astype(int)
    slow, place = collapse(x, days[0] / 7, days[1] / 7)
    fast, where = collapse_days(x, *days)
    assert fast.weight.sum() == 500
    for name in ("x", "t_x", "T"):
        assert getattr(fast, name)[where] == pytest.approx(getattr(slow, name)[place])


@pytest.mark.parametrize(("x", "t_x", "T"), [([1], [5], [4]), ([0], [1], [4]), ([-1], [0], [4])])
def test_impossible_days_are_refused(x, t_x, T):
    with pytest.raises(ValueError):
        collapse_days(x, t_x, T)


def test_a_covariate_changes_the_likelihood_as_its_own_alpha_would():
    """The likelihood with a clock of one's own is that of a customer with α e^{-γ z}."""
    h = Histories(np.array([3.0]), np.array([20.0]), np.array([30.0]), np.ones(1), np.array([0.7]))
    theta = np.log([0.3, 5, 0.8, 2.5])
    said, slope = log_likelihood("bg_nbd", np.append(theta, 0.4), h)
    own = np.log([0.3, 5 * np.exp(-0.4 * 0.7), 0.8, 2.5])
    assert said == pytest.approx(bg_nbd.log_likelihood(own, h)[0])
    step = 1e-4
    up, _slope = log_likelihood("bg_nbd", np.append(theta, 0.4 + step), h)
    assert slope[-1] == pytest.approx((up - said) / step, rel=1e-2)


def test_a_covariate_that_matters_is_found_and_one_that_does_not_is_left():
    draw = np.random.default_rng(5)
    n = 6_000
    z = np.round(draw.normal(0, 0.6, n) * 4) / 4
    x, t_x, T = simulated(n)
    speed = np.exp(0.8 * z)
    for covariate, found in ((z, True), (draw.permutation(z), False)):
        h = Histories(x, t_x / speed, T / speed, np.ones(n), covariate)
        with_it, without = fit("bg_nbd", h, covariate=True), fit("bg_nbd", h, covariate=False)
        assert (with_it.bic(n) < without.bic(n)) is found
        assert with_it.clocked.gamma == pytest.approx(0.8 if found else 0, abs=0.15)


def test_intervals_hold_what_they_promise():
    x, t_x, T = simulated(4000, seed=9)
    h, place = collapse(x, t_x, T)
    model = Clocked("bg_nbd", bg_nbd.BGNBD(0.3, 5, 0.8, 2.5))
    low, high = purchases_between(model, h, 52)
    mean = model.further_purchases(h, 52)
    assert (low <= high).all() and (low >= 0).all()
    likely = mean > 3
    assert likely.any() and ((low < mean) & (mean < high))[likely].all()
    again = purchases_between(model, h, 52)
    assert (again[0] == low).all() and (again[1] == high).all()


def test_the_back_test_sees_nothing_of_the_hold_out():
    """Other events after the calibration change what is compared, never what was chosen or fitted."""
    days = made_up(600)
    cut = days.end - 120
    one, figures, report = backtest(days, 120)
    kept = days.day <= cut
    extra = np.flatnonzero(~kept)
    moved = days.day.copy()
    moved[extra] = days.end
    other, others, again = backtest(Days(days.customer, moved, days.customers, days.z), 120)
    assert (one.clocked, title(one)) == (other.clocked, title(other))
    assert [c["bic"] for c in report["candidates"]] == [c["bic"] for c in again["candidates"]]
    assert figures["log_likelihood"] == others["log_likelihood"]


def made_up(n: int) -> Days:
    """Customers of BG/NBD(0.3, 5, 0.8, 2.5) by the day, who all come first in 30 days."""
    draw = np.random.default_rng(8)
    who, day = [], []
    for i in range(n):
        first = int(draw.integers(0, 30))
        days, now, rate = {first}, 0.0, draw.gamma(0.9, 1 / 30)
        while (
            now := now + draw.exponential(1 / max(rate, 1e-6))
        ) < 360 - first and draw.random() > 0.2:
            days.add(first + int(now))
        for d in sorted(days):
            who.append(i)
            day.append(d)
    return Days(np.array(who), np.array(day), n, np.zeros(n, dtype=np.int64))


def test_the_likeliest_comes_first():
    h, _place = collapse(*simulated(3000))
    order = [one.bic(3000) for one in candidates(h)]
    assert order == sorted(order)


def test_lift_and_calibration_by_hand():
    assert lift_by_tenth(np.arange(10.0), np.arange(10.0))[0] == pytest.approx(9 / 45, abs=1e-4)
    table = by_frequency(np.array([0.0, 0, 9]), np.array([1.0, 0, 4]), np.array([0.4, 0.6, 5]))
    assert (table["customers"][0], table["customers"][7]) == (2, 1)
    assert (table["actual"][0], table["expected"][0], table["actual"][7]) == (0.5, 0.5, 4)


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
class TestInTheProduct:
    """The whole way."""

    def test_value_stands_on_each_customer_with_reasons(self, client, world):
        buyers(160, home_place=world.place("GANGNAM"))
        run = ran("value")
        assert (run.state, run.failure, run.customers) == ("finished", "", 160)
        cells = {s.cell for s in Score.objects.filter(model__key="value")}
        assert cells == {"top", "high", "middle", "low"}
        score = Score.objects.filter(model__key="value").order_by("-value").first()
        assert score.low <= score.value <= score.high * 3 + 1
        assert [r[0] for r in score.reasons] == ["alive", "will_buy", "worth"]
        assert run.summary["drift"]["repeat"] < 0.01
        client.force_login(world.alan)
        assert "이후는 보지 않았어요" in client.get("/scores/value/?view=quality").content.decode()
        page = client.get("/scores/value/").content.decode()
        assert "상위 10%" in page
        panel = client.get(f"/scores/customer/{score.customer_id}/")
        assert panel.status_code == 403  # an analyst sees no customers
        client.force_login(world.mark)
        assert "아직 고객" in client.get(f"/scores/customer/{score.customer_id}/").content.decode()

    def test_too_little_history_is_told_and_nothing_is_written(self, world):
        bought(a_customer(), 1, 2)
        run = ran("value")
        assert (run.state, run.failure) == ("lacking", "too short")
        assert not Score.objects.filter(model__key="value").exists()

    def test_everybody_bought_once(self, world):
        for ago in range(100, 200, 10):
            bought(a_customer(), ago)
        bought(a_customer(), 0)
        assert ran("value").failure == "too few came back"

    def test_free_things_and_refunds_break_nothing(self, world):
        buyers(120)
        bought(a_customer(), 300, 200, 100, amount=0)
        mean = bought(a_customer(), 300, 200, amount=100)
        bought(mean, 200, amount=-900)
        run = ran("value")
        assert (run.state, run.failure) == ("finished", "")
        assert all(np.isfinite(s.value) and s.value >= 0 for s in Score.objects.all())

    def test_a_worse_version_waits_for_a_person(self, world):
        buyers(120)
        ran("value")
        model = ScoreModel.objects.get(key="value")
        first = model.champion
        better, worse = first.metrics["error"] * 1.04, first.metrics["error"] * 1.06
        for error, fits in ((better, True), (worse, False)):
            version = type(first)(algorithm=first.algorithm, metrics={"error": error})
            assert follows(first, version) is fits
        assert not follows(first, type(first)(algorithm="other", metrics={"error": 0}))
