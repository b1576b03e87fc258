"""Churn: features see nothing of the future, trees are explained exactly, probabilities are calibrated."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from dangol.scores.churn import recipe
from dangol.scores.churn.features import common_products, features, stayed_away
from dangol.scores.churn.learning import calibrated, kept, linear, probability
from dangol.scores.churn.trees import Trees
from dangol.scores.drift import profile, psi
from dangol.scores.judging import auc, courses, figures
from dangol.scores.models import Score
from dangol.scores.tests.factories import NOON, bought, buyers, ran
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale


def some_rows(n: int = 800, seed: int = 1):
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(n, 5))
    rows[draw.random(rows.shape) < 0.1] = np.nan
    away = draw.random(n) < 1 / (
        1 + np.exp(-np.nan_to_num(rows[:, 0]) * 2 + np.nan_to_num(rows[:, 1]))
    )
    return rows, away


def test_trees_say_what_scikit_learn_says_and_reasons_add_up():
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, away = some_rows()
    model = HistGradientBoostingClassifier(max_iter=30, random_state=0).fit(rows, away)
    trees = Trees.of(model)
    said, added = Trees.from_arrays(trees.arrays()).explained(rows)
    assert said == pytest.approx(model.decision_function(rows), abs=1e-8)
    start = trees.base + trees.value[trees.root].sum()
    assert start + added.sum(axis=1) == pytest.approx(said, abs=1e-8)
    assert np.abs(added[:, 0]).mean() > np.abs(added[:, 4]).mean()


def test_the_line_is_kept_whole():
    rows, away = some_rows()
    model = linear(rows, away)
    again = kept("logistic", model.arrays())
    assert again.explained(rows)[0] == pytest.approx(model.explained(rows)[0])
    assert auc(model.explained(rows)[0], away) > 0.75


@pytest.mark.parametrize("n", [600, 6000])
def test_probabilities_mean_what_they_say_after_calibration(n):
    """Platt where there are few, isotonic where there are many; a model that exaggerates is tamed."""
    draw = np.random.default_rng(2)
    odds = draw.normal(size=n)
    away = draw.random(n) < 1 / (1 + np.exp(-odds))
    known = calibrated(odds * 3 + 1, away)
    assert ("x" in known) is (n == 6000)
    fresh = draw.normal(size=20_000)
    came = draw.random(20_000) < 1 / (1 + np.exp(-fresh))
    assert figures(probability(fresh * 3 + 1, known), came)["calibration_error"] < 0.03


def test_auc_by_hand():
    away = np.array([True, False, True, False])
    assert auc(np.array([4.0, 3, 2, 1]), away) == 0.75
    assert auc(np.array([1.0, 1, 1, 1]), away) == 0.5
    assert courses(np.array([4.0, 3, 2, 1]) / 4, away)["roc"][-1] == 1


def test_drift_is_nothing_for_the_same_and_large_for_others():
    draw = np.random.default_rng(4)
    then = profile(draw.normal(size=5000))
    assert psi(then, draw.normal(size=5000)) < 0.02
    assert psi(then, draw.normal(1, 1, 5000)) > 0.25


CUT = dt.date(2026, 1, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
class TestFromTheLake:
    """Over rows of the database."""

    def seen(self):
        copy_changes()
        return lake()

    def test_what_comes_later_changes_no_feature(self):
        """Every kind of event after the cut: features stay to the last bit, labels change."""
        customers = [bought(a_customer(), 400, 200 - i) for i in range(6)]
        before = self.seen()
        products = common_products(before, CUT)
        one = features(before, {}, CUT, products)
        for customer in customers[:3]:
            bought(customer, 30, amount=777)
            a_sale(customer, -50, at=NOON - dt.timedelta(days=20))
        after = self.seen()
        other = features(after, {}, CUT, products)
        assert one.names == other.names and (one.number == other.number).all()
        assert np.array_equal(one.values, other.values, equal_nan=True)
        assert common_products(after, CUT) == products
        until = CUT + dt.timedelta(days=60)
        assert stayed_away(before, {}, one.number, CUT, until).all()
        assert (~stayed_away(after, {}, one.number, CUT, until)).sum() == 3

    def test_features_by_hand(self):
        customer = bought(a_customer(born_on=dt.date(1987, 5, 5)), 160, 100, 100, amount=50)
        a_sale(customer, -20, at=NOON - dt.timedelta(days=90))
        known = features(self.seen(), {}, CUT, [])
        (row,) = known.values
        got = dict(zip(known.names, row, strict=True))
        # 2 March less 100 and 160 days: 22 November and 23 September; 40 and 100 days before the cut
        assert (got["recency"], got["tenure"], got["often"], got["gap"]) == (40, 100, 2, 60)
        assert (got["last_90"], got["last_180"], got["refunds"], got["money"]) == (1, 2, 1, 130)
        assert (got["overdue"], got["birth_band"], got["cases"]) == (
            pytest.approx(40 / 60),
            1985,
            0,
        )
        assert np.isnan(got["last_index"])

    def test_churn_stands_on_each_customer_with_reasons(self, client, world, monkeypatch):
        monkeypatch.setattr(recipe, "FEWEST", 5)
        buyers(160, home_place=world.place("GANGNAM"))
        run = ran("churn")
        assert (run.state, run.failure) == ("finished", "")
        figures_ = run.version.metrics
        assert 0.4 < figures_["auc"] <= 1 and figures_["calibration_error"] < 0.4
        score = Score.objects.filter(model__key="churn").order_by("-value").first()
        assert score.cell == "high" and 0 < score.value < 1
        assert score.reasons and all(r[0] == "churn" for r in score.reasons)
        client.force_login(world.mark)
        for address in (
            "/scores/churn/",
            "/scores/churn/?view=quality",
            "/scores/customers/?model=churn",
        ):
            assert "이탈" in client.get(address).content.decode()
        panel = client.get(f"/scores/customer/{score.customer_id}/").content.decode()
        assert "떠날 수 있음" in panel or "남을 가능성" in panel

    def test_too_few_are_told(self):
        bought(a_customer(), 1, 200, 600)
        assert ran("churn").failure == "too few stayed away or came"
