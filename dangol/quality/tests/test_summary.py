"""The summary says of each figure what it is of."""

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import override

from dangol.customers.actions import add_contact_point
from dangol.customers.freshness import Rate
from dangol.customers.models import Check
from dangol.quality.models import TaskOutcome
from dangol.quality.standing import Expected, expected_now, task_figures, together, whole_parts
from dangol.quality.tasks.actions import close_task, end_task
from dangol.quality.tests.factories import a_point, a_task, checked, looked
from dangol.quality.tried.counting import count_checks
from dangol.quality.views import course


def told(client) -> str:
    """The words of the summary, without its tags."""
    page = client.get("/quality/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def put_right(point):
    """The same customer has a verified value of the kind since."""
    checked(point, "wrong")
    new = add_contact_point(point.customer, "phone", "010-7777-1234", by=None)
    return checked(new, "verified")


def closed_tasks(world) -> None:
    """One found wrong without a new value, one right, one not reached, two that nobody needs any more."""
    for outcome in ("wrong", "verified", "unreached"):
        close_task(a_task(world), outcome, by=world.grace)
    for outcome in (TaskOutcome.GONE, TaskOutcome.IMPROBABLE):
        end_task(a_task(world), outcome, by=None, at=timezone.now())


def test_each_figure_of_the_tasks_says_of_which_tasks_it_is(world, client):
    closed_tasks(world)
    found = task_figures(world.anna, timezone.now())
    assert (found.closed, found.found.checked, found.unreached, found.unchecked) == (5, 2, 1, 2)
    client.force_login(world.anna)
    page = told(client)
    assert "확인 2 · 연락 안 됨 1 · 필요 없어져 끝남 2" in page
    assert "확인한 2건 가운데 1건(50.0%)" in page
    assert "틀린 1건 가운데 0건이 과제로 바른 값을 얻음" in page
    assert "최근 30일의 과제만" in page


def test_what_was_corrected_stands_beside_all_that_was_found_wrong_in_the_same_months(
    world, client
):
    put_right(a_point(world))
    checked(a_point(world), "wrong")
    looked()
    count_checks()
    assert Check.objects.filter(outcome="wrong").count() == 2
    client.force_login(world.anna)
    assert "12개월의 모든 확인: 틀린 2건 가운데 1건이 바른 값으로 정정됨" in told(client)


def test_a_replaced_contact_point_is_in_use_at_once(world):
    tasks = [a_task(world) for _n in range(2)]
    before = expected_now(world.grace)["address"]
    close_task(tasks[0], "moved", by=world.grace, new_value="(04001) 서울 마포구 월드컵로 7 202호")
    after = expected_now(world.grace)["address"]
    assert (before.points, after.points) == (2, 2) and after.guessed < before.guessed


def test_the_parts_of_what_is_expected_add_up_to_the_whole():
    kinds = {
        "address": Expected(20, 0, 4.7), "email": Expected(20, 0, 2.6), "phone": Expected(20, 1, 0.55)
    }  # fmt: skip
    assert round(together(kinds).guessed) == 8
    assert whole_parts(kinds) == {"address": 5, "email": 3, "phone": 0}
    assert whole_parts({}) == {}


def test_a_month_without_checks_is_a_gap_in_the_chart(world):
    rates = [(dt.date(2025, 11, 1), Rate(1, 4)), (dt.date(2026, 2, 1), Rate(0, 3))]
    drawn = course(rates, [])
    assert drawn["x"] == ["2025년 11월", "2025년 12월", "2026년 1월", "2026년 2월"]
    assert drawn["series"][0]["data"] == [25.0, None, None, 0.0]
    assert drawn["series"][1]["data"][1:3] == [None, None]
    with override("en"):
        assert course(rates, [])["x"][0] == "November 2025"
    assert course([], [])["x"] == []
