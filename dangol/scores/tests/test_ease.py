"""EASE: learning one purchase is exactly a refit; what came lately may weigh more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from dangol.scores.next.ease import KEPT, Ease
from dangol.scores.next.history import Firsts, later, weights
from dangol.scores.next.testing import best_of, judged, ndcg, tuned


def made(customers: int, products: int, seed: int = 1) -> np.ndarray:
    draw = np.random.default_rng(seed)
    tastes = draw.random((5, products)) ** 3
    return (
        draw.random((customers, products)) < tastes[draw.integers(0, 5, customers)] * 0.4
    ).astype(float)


def closed_form(owned: np.ndarray, ridge: float) -> np.ndarray:
    inverse = np.linalg.inv(owned.T @ owned + ridge * np.eye(owned.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def test_the_closed_form():
    owned = made(200, 30)
    assert Ease.fitted(sparse.csr_matrix(owned), 20).matrix() == pytest.approx(
        closed_form(owned, 20)
    )


def test_learning_purchases_one_by_one_is_a_refit():
    """More purchases than are kept apart, new customers without anything among them."""
    owned = np.vstack([made(150, 25), np.zeros((5, 25))])
    model, draw = Ease.fitted(sparse.csr_matrix(owned), 10), np.random.default_rng(3)
    for _event in range(KEPT + 20):
        customer = int(draw.integers(100, len(owned)))
        product = int(draw.choice(np.flatnonzero(owned[customer] == 0)))
        model.learn(np.flatnonzero(owned[customer]), product)
        owned[customer, product] = 1
    has = np.flatnonzero(owned[3])
    wanted = (owned @ closed_form(owned, 10))[3]
    said = model.scores(has)
    free = np.flatnonzero(owned[3] == 0)
    assert said[free] == pytest.approx(wanted[free], rel=1e-8)
    assert np.isneginf(said[has]).all()
    best = int(free[np.argmax(wanted[free])])
    assert model.weights(has, best).sum() == pytest.approx(wanted[best])
    assert model.matrix() == pytest.approx(closed_form(owned, 10), rel=1e-7, abs=1e-12)


def test_what_somebody_has_says_nothing_new():
    model = Ease.fitted(sparse.csr_matrix(made(50, 10)), 5)
    before = model.matrix().copy()
    model.learn(np.array([2, 3]), 3)
    assert (model.matrix() == before).all()


def test_a_weighted_question_is_the_weighted_sum_of_rows():
    owned = made(200, 30)
    model = Ease.fitted(sparse.csr_matrix(owned), 20)
    has, weight = np.array([3, 9, 20]), np.array([1.0, 0.5, 0.25])
    question = np.zeros(30)
    question[has] = weight
    wanted = question @ closed_form(owned, 20)
    free = np.setdiff1d(np.arange(30), has)
    assert model.scores(has, weight)[free] == pytest.approx(wanted[free])
    owned[7, 11], new = 1, np.flatnonzero(owned[7])
    model.learn(new[new != 11], 11)
    wanted = question @ closed_form(owned, 20)
    assert model.scores(has, weight)[free] == pytest.approx(wanted[free])


def test_how_many_came_later_is_counted_by_moments_not_by_rows():
    customer = np.array([0, 0, 0, 0, 2, 2])
    moment = np.array([5, 5, 6, 9, 1, 1])
    assert later(customer, moment).tolist() == [2, 2, 1, 0, 0, 0]
    assert weights(np.array([0, 1, 2]), 1).tolist() == [1, 0.5, 0.25]
    assert weights(np.array([0, 1, 2]), None).tolist() == [1, 1, 1]


def test_ndcg_by_hand():
    scores = np.array([[3.0, 2, 1, -np.inf], [1, 2, 3, 0]])
    assert ndcg(scores, [np.array([0]), np.array([])], 2) == 1
    half = 1 / np.log2(3)
    assert ndcg(scores, [np.array([1]), np.array([2])], 2) == pytest.approx((half + 1) / 2)
    assert ndcg(scores, [np.array([]), np.array([])]) == 0


def chains(customers: int, products: int, days: int) -> Firsts:
    """Each customer walks along a ring of products, one a day: only the last says what comes next."""
    draw = np.random.default_rng(5)
    start = draw.integers(0, products, customers)
    customer = np.repeat(np.arange(customers), days)
    day = np.tile(np.arange(days), customers)
    product = (np.repeat(start, days) + day + (draw.random(len(day)) < 0.05)) % products
    kept = np.unique(customer * products + product, return_index=True)[1]
    kept.sort()
    customer, day, product = customer[kept], day[kept], product[kept]
    return Firsts(
        customer, product, day * 86_400, day, np.arange(customers), np.arange(products)
    )  # fmt: skip


def test_the_best_setting_is_the_one_that_ranks_best_and_the_test_is_of_later_days():
    found = chains(300, 40, 14)
    kept = found.day <= 9
    wanted = [
        found.product[(found.customer == c) & (found.day > 9) & (found.day <= 11)]
        for c in range(300)
    ]
    said = tuned(found, kept, wanted)
    assert said[best_of(said)] == max(said.values())
    metrics, report = judged(found, said, 11, 13)
    plain, recent, popular = report["candidates"]
    assert [c["name"] for c in report["candidates"]] == ["ease", "ease+recent", "popular"]
    assert recent["ndcg_10"] > plain["ndcg_10"] > popular["ndcg_10"]
    assert metrics["ndcg_10"] == recent["ndcg_10"]
    assert report["found"] == sorted(report["found"]) and report["found"][-1] <= 1
