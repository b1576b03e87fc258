"""EASE: learning one purchase is exactly a refit; asking and learning take less than a millisecond."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import sparse

from dangol.scores.next.ease import KEPT, Ease, ndcg, tuned


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


def test_asking_and_learning_take_less_than_a_millisecond():
    owned = made(3000, 1500)
    model = Ease.fitted(sparse.csr_matrix(owned), 100)
    asked, learned = [], []
    for number in range(40):
        has = np.flatnonzero(owned[number])[:60]
        began = time.perf_counter()
        model.scores(has)
        asked.append(time.perf_counter() - began)
        began = time.perf_counter()
        model.learn(has, int(np.flatnonzero(owned[number] == 0)[0]))
        learned.append(time.perf_counter() - began)
    assert np.median(asked) < 0.001
    assert np.median(learned) < 0.002  # 1 ms on an idle machine; the benchmark says how much


def test_ndcg_by_hand():
    scores = np.array([[3.0, 2, 1, -np.inf], [1, 2, 3, 0]])
    assert ndcg(scores, [np.array([0]), np.array([])], 2) == 1
    half = 1 / np.log2(3)
    assert ndcg(scores, [np.array([1]), np.array([2])], 2) == pytest.approx((half + 1) / 2)
    assert ndcg(scores, [np.array([]), np.array([])]) == 0


def test_the_ridge_is_the_one_that_ranks_best():
    owned = made(400, 40)
    wanted = [np.flatnonzero(row)[:1] for row in owned]
    for row, w in zip(owned, wanted, strict=True):
        row[w] = 0
    ridge, found = tuned(sparse.csr_matrix(owned), wanted)
    assert found[ridge] == max(found.values())
