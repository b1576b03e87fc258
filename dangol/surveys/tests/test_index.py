import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.surveys.index import estimate, nps, promoter_score, rescaled, student_t, weighted_index
from dangol.surveys.shrinkage import shrink


def test_scales_are_put_on_a_hundred():
    assert [rescaled(x, 1, 5) for x in range(1, 6)] == [0, 25_000, 50_000, 75_000, 100_000]
    assert [rescaled(x, 5, 1) for x in (5, 1)] == [0, 100_000]
    assert rescaled(3, 1, 7) == 33_333
    for wrong in (0, 6):
        with pytest.raises(ValueError):
            rescaled(wrong, 1, 5)


@given(st.integers(-10, 10), st.integers(1, 10), st.data())
def test_rescaling_keeps_order_and_ends(low, steps, data):
    high = low + steps
    a, b = (data.draw(st.integers(low, high)) for _ in range(2))
    assert rescaled(low, low, high) == 0 and rescaled(high, low, high) == 100_000
    assert (a < b) == (rescaled(a, low, high) < rescaled(b, low, high))


def test_promoters_minus_detractors_is_twice_the_mean_minus_a_hundred():
    given_ = [10, 9, 8, 7, 6, 3, 0, 10]
    mean = sum(map(promoter_score, given_)) / len(given_) / 1000
    assert nps(mean) == pytest.approx(100 * (3 - 3) / 8)


def test_the_own_index_weighs_what_was_answered():
    weights = {"a": 3, "b": 1, "c": 0}
    assert weighted_index({"a": [100_000], "b": [0], "c": [0]}, weights) == 75_000
    assert weighted_index({"a": [100_000, 0]}, weights) == 50_000
    assert weighted_index({"b": [100_000]}, weights) is None
    assert weighted_index({}, weights) is None


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (29, 2.0452), (999, 1.9623)],
)
def test_students_t_against_the_printed_table(degrees, quantile):
    assert student_t(0.95, degrees) == pytest.approx(quantile, rel=1e-4)


def test_an_interval_from_exact_sums():
    scores = [75_000, 100_000, 50_000, 75_000]
    found = estimate(4, sum(scores), sum(s * s for s in scores))
    assert found.mean == 75.0 and found.variance == pytest.approx(np.var([75, 100, 50, 75], ddof=1))
    half = 3.18245 * math.sqrt(found.variance / 4)
    assert found.low == pytest.approx(75 - half, abs=0.01) and found.high == 100.0
    assert estimate(0, 0, 0) is None
    assert (estimate(1, 80_000, 80_000**2).low, estimate(1, 80_000, 80_000**2).high) == (0.0, 100.0)


@given(st.lists(st.integers(0, 100_000), min_size=2, max_size=40))
def test_the_interval_holds_the_mean_and_the_variance_is_the_samples(scores):
    found = estimate(len(scores), sum(scores), sum(s * s for s in scores))
    assert found.low <= found.mean + 1e-9 and found.mean <= found.high + 1e-9
    assert found.variance == pytest.approx(np.var(np.array(scores) / 1000, ddof=1), abs=1e-6)


def sums(groups):
    return zip(*((len(g), sum(g), sum(x * x for x in g)) for g in groups), strict=True)


groups_of_scores = st.lists(
    st.lists(st.integers(0, 100).map(lambda x: 1000 * x), max_size=12), min_size=1, max_size=12
)


@given(groups_of_scores)
def test_shrunken_means_lie_between_the_raw_mean_and_the_mean_of_all(groups):
    found = shrink(*sums(groups))
    for group, value, rank in zip(groups, found.estimate, found.rank, strict=True):
        if group:
            raw = sum(group) / len(group) / 1000
            assert min(raw, found.mean) - 1e-6 <= value <= max(raw, found.mean) + 1e-6
            assert 1 <= rank <= len(groups)
        else:
            assert rank == 0


def test_fewer_answers_are_drawn_further_and_rank_after_many_good_ones():
    usual = [
        [1000 * x for x in (100, 75, 50, 100, 75, 75 + shift)] * 10 for shift in (-5, 0, 5)
    ] * 4
    good = [1000 * x for x in (100, 100, 75, 100, 100, 75)] * 10
    lucky = [100_000, 100_000]
    found = shrink(*sums([*usual, good, lucky]))
    best, luck = len(usual), len(usual) + 1
    assert found.raw[luck] > found.raw[best]
    assert found.estimate[luck] < found.estimate[best]
    assert found.rank[best] == 1 and found.rank[luck] == 2


def test_simulated_sites_are_estimated_better_than_by_raw_means():
    """James and Stein's promise: a smaller total error, on sites whose truth is known."""
    draw = np.random.default_rng(7)
    truth = draw.normal(75, 5, 400)
    counts = draw.integers(1, 15, 400)
    groups = [
        [int(1000 * x) for x in np.clip(draw.normal(t, 18, n), 0, 100)]
        for t, n in zip(truth, counts, strict=True)
    ]
    found = shrink(*sums(groups))
    assert ((found.estimate - truth) ** 2).mean() < 0.5 * ((found.raw - truth) ** 2).mean()
    assert 3 < math.sqrt(found.between) < 7
