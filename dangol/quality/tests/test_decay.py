import datetime as dt
import math

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from dangol.customers.actions import add_contact_point
from dangol.customers.models import ContactPoint
from dangol.quality.actions import change_policy
from dangol.quality.asking import mark_asks, with_chances
from dangol.quality.decay.hazard import Layout, chances, learn, loss
from dangol.quality.decay.learning import learn_decay
from dangol.quality.decay.observations import Observations, observations
from dangol.quality.decay.priors import KINDS, YEARLY, hazard
from dangol.quality.decay.testing import auc, back_test
from dangol.quality.models import Risk, Standing
from dangol.quality.tests.factories import a_point, checked, looked


def generated(n: int, rates: dict[str, float], seed: int = 3) -> Observations:
    """Checks of values that go wrong at known rates; 1 in 50 was wrong from the start."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, len(KINDS), n)
    source = rng.integers(0, 2, n)
    again = (rng.random(n) < 0.5).astype(float)
    years = rng.exponential(0.8, n)
    pace = np.array([rates[k] for k in KINDS])[kind] * np.where(source == 1, 2.0, 1.0)
    chance = -np.expm1(-(pace * years + (1 - again) * 0.02))
    spent = np.stack(
        [np.minimum(years, 1), np.clip(years - 1, 0, 2), np.maximum(years - 3, 0)], axis=1
    )
    wrong = (rng.random(n) < chance).astype(float)
    late = rng.random(n) < 0.25
    return Observations(kind, source, again, spent, late, np.ones(n), wrong, ["a", "b"])


RATES = {"phone": 0.05, "email": 0.2, "address": 0.4}


def test_known_rates_are_found_within_their_error():
    seen = generated(40_000, RATES)
    fit = learn(seen)
    for kind in KINDS:
        value, error = fit.usual(seen)["k"][kind]
        truth = math.log(RATES[kind]) + math.log(2) / 2  # half the checks are of twice the pace
        assert abs(value - truth) < 3 * error + 0.05, kind
        assert error < 0.25
    told = fit.told()
    assert told["s"]["b"][0] - told["s"]["a"][0] == pytest.approx(math.log(2), abs=0.12)


def test_few_checks_hardly_move_the_published_rates():
    none = generated(0, RATES)
    fit = learn(none)
    assert fit.theta == pytest.approx(Layout(["a", "b"]).centre)
    one = learn(generated(1, RATES))
    for at, kind in enumerate(KINDS):
        assert abs(one.theta[at] - math.log(hazard(YEARLY[kind]))) < 0.35


def test_the_gradient_is_that_of_the_loss():
    seen, layout = generated(300, RATES), Layout(["a", "b"])
    theta = layout.centre + 0.1
    _value, slope = loss(theta, layout, seen)
    for at in range(layout.size):
        step = np.zeros(layout.size)
        step[at] = 1e-6
        rise = loss(theta + step, layout, seen)[0] - loss(theta - step, layout, seen)[0]
        assert slope[at] == pytest.approx(rise / 2e-6, rel=1e-4, abs=1e-5)


def test_the_test_of_later_checks_is_calibrated_and_better_than_one_rate():
    told = back_test(generated(30_000, RATES))
    assert told is not None
    assert abs(told["expected"] - told["wrong"]) < 4 * math.sqrt(told["wrong"])
    assert told["brier"] < told["brier_usual"] and told["auc"] > 0.7
    outside = [row for row in told["tenths"] if not row[2] <= row[0] <= row[3]]
    assert len(outside) <= 3  # of ten, each with intervals of 95%


def test_too_few_checks_are_no_test():
    assert back_test(generated(60, RATES)) is None


def test_the_area_under_the_curve_counts_ties_half():
    said = np.array([0.1, 0.1, 0.9])
    assert auc(said, np.array([1.0, 1, 0]), np.array([0.0, 0, 2])) == 1.0
    assert auc(np.array([0.3, 0.3]), np.array([1.0, 0]), np.array([0.0, 1])) == 0.5
    assert auc(said, np.array([1.0, 1, 1]), np.zeros(3)) is None


def test_checks_become_observations_from_the_last_time_it_was_right(world):
    point = a_point(world, "GANGNAM", "address", days=730)
    checked(point, "verified", days=365)
    checked(point, "moved", days=0)
    checked(point, "wrong", days=0)  # the same day says one thing, the last one
    seen = observations()
    assert seen.tried.sum() == 2 and seen.wrong.sum() == 1
    again = seen.again == 1
    assert seen.years[again][0] == pytest.approx(1.0, abs=0.03)
    assert seen.spent[again][0][1] == pytest.approx(1.0, abs=0.03)  # its second year
    assert seen.wrong[again].sum() == 1 and seen.wrong[~again].sum() == 0


def test_chances_in_the_database_are_those_of_the_model(world):
    old = a_point(world, "GANGNAM", "address", days=1500, source="event")
    young = a_point(world, "GANGNAM", "address", days=5, source="event")
    sure = checked(a_point(world, "GANGNAM", "phone", days=800), "verified", days=100)
    looked()
    chance = dict(Risk.objects.values_list("contact_point_id", "chance"))
    model = learn_decay()
    pace = math.exp(model.parameters["k"]["address"][0]) * math.exp(
        model.parameters["s"].get("event", [0.0])[0]
    )
    first = math.exp(model.parameters["i"]["address"][0])
    ages = [1.0, *(math.exp(model.parameters["a"][b][0]) for b in ("1.0", "3.0"))]
    years = 1500 / 365.25
    whole = pace * (ages[0] + 2 * ages[1] + (years - 3) * ages[2]) + first
    assert chance[old.pk] == pytest.approx(1 - math.exp(-whole), rel=1e-3)
    assert chance[young.pk] < 0.05 < chance[sure.pk] + 0.05 < chance[old.pk]


def test_what_is_known_to_be_wrong_or_ended_has_no_chance(world):
    wrong = checked(a_point(world), "wrong")
    ended = a_point(world)
    ended.ended_at = timezone.now()
    ended.save()
    looked()
    assert not Risk.objects.filter(pk__in=[wrong.pk, ended.pk]).exists()
    standing = Standing.objects.get(kind="phone")
    assert (standing.points, standing.known_wrong) == (1, 1)


def test_a_check_tells_the_chance_anew_at_once(world):
    point = a_point(world, "GANGNAM", "address", days=1200)
    looked()
    assert Risk.objects.get(pk=point.pk).chance > 0.4
    checked(point, "verified")
    assert Risk.objects.get(pk=point.pk).chance < 0.01
    checked(point, "moved")
    assert not Risk.objects.filter(pk=point.pk).exists()


def test_a_call_asks_for_the_most_probable_ones_only(world):
    point = a_point(world, "GANGNAM", "address", days=1500)
    customer = point.customer
    add_contact_point(customer, "phone", "010-7777-1234", by=None)
    mail = add_contact_point(customer, "email", "old@example.org", by=None)
    type(mail).objects.filter(pk=mail.pk).update(created_at=point.created_at)
    looked()
    change_policy(by=world.anna, ask_most=1)
    points = list(with_chances(customer.contact_points.all()))
    mark_asks(points)
    assert [p.pk for p in points if p.ask] == [point.pk]
    change_policy(by=world.anna, ask_most=5)
    points = list(with_chances(customer.contact_points.all()))
    mark_asks(points)
    assert {p.pk for p in points if p.ask} == {point.pk, mail.pk}  # the phone is new


def test_a_second_night_writes_only_what_moved(world):
    from dangol.quality.decay.applying import tell_chances

    a_point(world, days=300)
    model = learn_decay()
    at = timezone.now()
    assert tell_chances(model, at, timezone.localdate()) == 1
    assert tell_chances(model, at, timezone.localdate()) == 0


def test_one_kind_of_one_source_is_enough(world):
    for n in range(12):
        checked(a_point(world, days=400), "wrong" if n < 3 else "verified")
    model = learn_decay()
    assert (model.checks, model.wrong) == (12, 3)
    seen = observations()
    said = chances(learn(seen), seen)
    assert 0.05 < float((said * seen.tried).sum() / seen.tried.sum()) < 0.5


def test_chances_of_one_contact_point_are_told_by_index(world):
    """What a check and a call ask for must not read the table."""
    point = a_point(world)
    looked()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT chance FROM quality_risk r JOIN customers_contactpoint p"
            " ON p.id = r.contact_point_id WHERE p.customer_id = %s AND p.ended_at IS NULL",
            [point.customer_id],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan


def test_an_unknown_age_is_that_of_the_known_ones_and_not_new(world):
    for _n in range(5):
        a_point(world, "GANGNAM", "address", days=900)
    undated, dated, by_hand = (
        a_point(world, "GANGNAM", "address", source="erp") for _n in range(3)
    )
    ContactPoint.objects.filter(pk=undated.pk).update(undated=True)
    old = timezone.now() - dt.timedelta(days=1500)
    ContactPoint.objects.filter(pk=dated.pk).update(said_since=old)
    looked()
    risks = Risk.objects.in_bulk()
    assert risks[undated.pk].right_at is None and risks[undated.pk].chance > 0.15
    assert risks[dated.pk].chance > risks[undated.pk].chance > 4 * risks[by_hand.pk].chance
    assert risks[dated.pk].right_at == old
    checked(undated, "verified")
    assert Risk.objects.get(pk=undated.pk).chance < 0.01
