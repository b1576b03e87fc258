import datetime as dt
import math

import pytest
from django.utils import timezone

from dangol.customers.actions import add_contact_point, add_customer, check_contact_point
from dangol.customers.freshness import LINE, Rate, freshness_of
from dangol.customers.models import Customer


@pytest.fixture
def checked(world):
    """Three checks in 강남 (one wrong), one in 해운대 (wrong), one a year and more ago."""
    now = timezone.now()

    def check(code, source, outcome, at=now):
        customer = add_customer(name="김철수", home_place=world.place(code), by=None)
        point = add_contact_point(customer, "phone", "010-1234-5678", source=source, by=None)
        check_contact_point(point, outcome, by=None, at=at)

    check("GANGNAM", "file", "verified")
    check("GANGNAM", "file", "wrong")
    check("GANGNAM", "agent", "verified")
    check("HAEUNDAE", "agent", "moved")
    check("GANGNAM", "file", "wrong", now - dt.timedelta(days=400))
    return now


def counts(pairs):
    return {str(key): (rate.wrong, rate.checked) for key, rate in pairs}


def test_wrong_and_checked_are_counted_by_source_site_and_month(world, checked):
    found = freshness_of(world.anna, 365, checked)
    assert (found.overall.wrong, found.overall.checked) == (2, 4)
    assert counts(found.by_source) == {"file": (1, 2), "agent": (1, 2)}
    assert counts(found.by_site) == {"강남지점": (1, 3), "해운대서비스센터": (1, 1)}
    assert [rate.checked for _month, rate in found.by_month] == [4]


def test_another_branch_is_not_counted(world, checked):
    assert counts(freshness_of(world.grace, 365, checked).by_site) == {"강남지점": (1, 3)}
    assert counts(freshness_of(world.eve, 365, checked).by_site) == {"해운대서비스센터": (1, 1)}


def test_nothing_checked_is_no_rate(world):
    found = freshness_of(world.anna, 30, timezone.now())
    assert found.overall.share is None and found.by_site == []


def test_a_new_check_counts_at_once(world, checked):
    assert freshness_of(world.anna, 365, checked).overall.checked == 4
    customer = add_customer(name="이영희", home_place=world.place("MAPO"), by=None)
    point = add_contact_point(customer, "phone", "010-2222-3333", by=None)
    check_contact_point(point, "verified", by=None)
    assert freshness_of(world.anna, 365, timezone.now()).overall.checked == 5


def test_the_past_stays_with_the_site_that_had_the_customer_then(world, checked):
    Customer.objects.filter(home_place=world.place("GANGNAM")).update(
        home_place=world.place("MAPO")
    )
    assert counts(freshness_of(world.anna, 365, checked).by_site)["강남지점"] == (1, 3)


def test_a_span_that_begins_in_a_month_counts_only_its_days_of_it(world):
    customer = add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)
    point = add_contact_point(customer, "phone", "010-1234-5678", by=None)
    # In Seoul these are the last minute before and the first of 12 May: thirty days to 10 June.
    for at in ("2026-05-11T14:59Z", "2026-05-11T15:00Z", "2026-06-01T03:00Z", "2026-06-10T03:00Z"):
        check_contact_point(point, "verified", by=None, at=dt.datetime.fromisoformat(at))
    found = freshness_of(world.anna, 30, dt.datetime(2026, 6, 10, 5, tzinfo=dt.UTC))
    assert found.overall.checked == 3
    assert [(m.month, rate.checked) for m, rate in found.by_month] == [(5, 1), (6, 2)]


@pytest.mark.parametrize("checked", [1, 2, 3, 4, 5, 6, 25])
def test_one_wrong_check_is_never_surely_above_the_line(checked):
    rate = Rate(1, checked)
    assert rate.verdict == "watch" and rate.bounds[0] < LINE


def test_the_bounds_are_the_exact_ones():
    # Clopper and Pearson: for 0 of n the upper is 1 − .025^(1/n), for 1 of n the lower 1 − .975^(1/n)
    assert Rate(0, 10).bounds == pytest.approx((0, 1 - 0.025 ** (1 / 10)))
    assert Rate(1, 4).bounds == pytest.approx((1 - 0.975 ** (1 / 4), 0.805880), abs=1e-6)
    assert Rate(10, 10).bounds == pytest.approx((0.025 ** (1 / 10), 1))
    assert Rate(0, 0).bounds == (0.0, 1.0)


@pytest.mark.parametrize("checked", [2, 4, 6, 10, 25, 100, 500])
def test_what_lies_at_the_line_is_seldom_called_sure(checked):
    said = {wrong: Rate(wrong, checked).verdict for wrong in range(checked + 1)}
    chance = {k: math.comb(checked, k) * LINE**k * (1 - LINE) ** (checked - k) for k in said}
    for verdict in ("good", "bad"):
        assert sum(chance[k] for k in said if said[k] == verdict) <= 0.025


def test_the_verdict_is_where_the_bounds_lie():
    for wrong, checked in ((2, 4), (0, 121), (0, 122), (30, 1000), (45, 1000), (15, 1000)):
        low, high = Rate(wrong, checked).bounds
        assert Rate(wrong, checked).verdict == (
            "good" if high <= LINE else "bad" if low > LINE else "watch"
        )
    assert [Rate(0, n).verdict for n in (121, 122)] == ["watch", "good"]
    assert Rate(2, 4).verdict == "bad"
