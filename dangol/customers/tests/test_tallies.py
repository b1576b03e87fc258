import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from dangol.customers.actions import add_contact_point, add_customer, check_contact_point
from dangol.customers.models import Check, CheckTally, ContactPoint, Customer
from dangol.customers.tallies import (
    fill_tallies,
    fold_check_tallies,
    recompute_tallies,
    tally_differences,
)

OUTCOMES = ["verified", "wrong", "moved"]


def points_of(world, count=12):
    """Contact points of customers at three sites and at none."""
    homes = [world.place("GANGNAM"), world.place("MAPO"), world.place("HAEUNDAE"), None]
    return [
        add_contact_point(
            add_customer(name="김철수", home_place=homes[n % 4], by=None),
            "phone", f"010-1234-{n:04}", source=["file", "agent", ""][n % 3], by=None,
        )
        for n in range(count)
    ]  # fmt: skip


def check_some(points, draw, count):
    now = timezone.now()
    for _ in range(count):
        at = now - dt.timedelta(hours=draw.randrange(24 * 100))
        check_contact_point(draw.choice(points), draw.choice(OUTCOMES), by=None, at=at)


def totals(span):
    rows = CheckTally.objects.filter(span=span).values_list("checked", "wrong")
    return tuple(map(sum, zip(*rows, strict=True))) if rows else (0, 0)


def test_tallies_equal_the_recomputation_through_corrections_and_deletions(world):
    draw, points = random.Random(7), points_of(world)
    check_some(points, draw, 60)
    assert tally_differences() == []
    for number, check in enumerate(list(Check.objects.order_by("pk")[:40])):
        kind = number % 5
        if kind == 0:
            check.delete()
        elif kind == 1:
            Check.objects.filter(pk=check.pk).update(outcome=draw.choice(OUTCOMES))
        elif kind == 2:
            Check.objects.filter(pk=check.pk).update(home_place=world.place("MAPO"), source="web")
        elif kind == 3:
            Check.objects.filter(pk=check.pk).update(day=check.day - dt.timedelta(days=40))
        else:
            ContactPoint.objects.filter(pk=check.contact_point_id).delete()
        assert tally_differences() == [], kind
    Customer.objects.filter(pk__in=[p.customer_id for p in points[:3]]).delete()
    checks = Check.objects.all()
    expected = (checks.count(), checks.filter(outcome__in=["wrong", "moved"]).count())
    assert expected[0] > 10
    assert tally_differences() == []
    assert totals("day") == totals("month") == expected


def test_a_load_of_many_is_counted_as_one_by_one(world):
    point = points_of(world, 1)[0]
    day = dt.date(2026, 3, 31)
    Check.objects.bulk_create(
        Check(
            contact_point=point,
            outcome=OUTCOMES[n % 3],
            source="file",
            day=day + dt.timedelta(n % 2),
        )
        for n in range(300)
    )
    assert CheckTally.objects.count() == 4
    assert totals("day") == (300, 200)
    assert tally_differences() == []


def test_folding_changes_no_sum_and_a_second_time_nothing(world):
    draw, points = random.Random(3), points_of(world)
    check_some(points, draw, 50)
    Check.objects.filter(outcome="moved").delete()
    before = totals("month"), CheckTally.objects.count()
    fold_check_tallies()
    assert totals("month") == before[0] and CheckTally.objects.count() < before[1]
    assert tally_differences() == []
    kept = set(CheckTally.objects.values_list("pk", flat=True))
    assert fold_check_tallies() == 0
    assert set(CheckTally.objects.values_list("pk", flat=True)) == kept


def test_emptying_and_filling_again_gives_the_same(world):
    check_some(points_of(world), random.Random(5), 30)
    CheckTally.objects.all().delete()
    assert tally_differences() != []
    fill_tallies()
    assert tally_differences() == []
    CheckTally.objects.filter(span="day").update(wrong=F("wrong") + 1)
    assert recompute_tallies() > 0
    assert tally_differences() == [] and recompute_tallies() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE customers_check")
    assert CheckTally.objects.count() == 0


def test_a_check_that_is_rolled_back_is_not_counted(world):
    point = points_of(world, 1)[0]
    with transaction.atomic():
        check_contact_point(point, "wrong", by=None)
        transaction.set_rollback(True)
    assert totals("day") == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_and_folding_between_lose_no_check(world):
    points = points_of(world)

    def work(number):
        draw = random.Random(number)
        try:
            for _ in range(25):
                with transaction.atomic():
                    for point in sorted(draw.sample(points, 2), key=lambda p: p.pk):
                        check_contact_point(point, draw.choice(OUTCOMES), by=None)
                if draw.random() < 0.3:
                    fold_check_tallies()
                if draw.random() < 0.2:
                    some = Check.objects.order_by("?").values("pk")[:2]
                    Check.objects.filter(pk__in=some).delete()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(work, range(4)))
    assert tally_differences() == []
    assert totals("day")[0] == Check.objects.count() > 50
