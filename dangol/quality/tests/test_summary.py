"""The summary says of each figure what it is of."""

import re

from django.utils import timezone

from dangol.customers.actions import add_contact_point
from dangol.customers.models import Check
from dangol.quality.models import TaskOutcome
from dangol.quality.standing import task_figures
from dangol.quality.tasks.actions import close_task, end_task
from dangol.quality.tests.factories import a_point, a_task, checked, looked
from dangol.quality.tried.counting import count_checks


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
