"""A night ends what nobody need work on any more, and shows the chance of today."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.core.models import AuditEntry
from dangol.customers.models import ContactPoint
from dangol.quality.actions import change_policy
from dangol.quality.models import CorrectionTask, Risk
from dangol.quality.queries import policy_in_use
from dangol.quality.tasks.actions import take_task
from dangol.quality.tasks.ending import end_settled_tasks
from dangol.quality.tasks.making import make_tasks
from dangol.quality.tests.factories import a_point, a_task, looked


@pytest.fixture
def task(world) -> CorrectionTask:
    """One that a night made."""
    a_point(world, "GANGNAM", "address", days=1500)
    looked()
    assert make_tasks(policy_in_use(), timezone.now()) == 1
    return CorrectionTask.objects.get()


def ended(task: CorrectionTask) -> str:
    """What a night makes of it."""
    at = timezone.now()
    assert end_settled_tasks(policy_in_use(), at) in (0, 1)
    assert end_settled_tasks(policy_in_use(), at) == 0
    task.refresh_from_db()
    assert bool(task.closed_at) == bool(task.outcome)
    return task.outcome


def test_what_is_still_probable_goes_on(task):
    assert ended(task) == ""
    Risk.objects.update(chance=policy_in_use().task_from * 0.95)  # wavers around the limit
    assert ended(task) == ""


def test_what_is_clearly_below_the_limit_ends_and_may_come_again(world, task):
    Risk.objects.update(chance=0.1)
    assert ended(task) == "improbable" and task.closed_by is None
    assert AuditEntry.objects.filter(verb="close_correction", subject_id=task.pk).count() == 1
    tomorrow = timezone.now() + dt.timedelta(days=1)
    assert make_tasks(policy_in_use(), tomorrow) == 0
    Risk.objects.update(chance=0.6)  # nobody was asked: it needs no pause
    assert make_tasks(policy_in_use(), tomorrow) == 1


def test_a_higher_limit_ends_what_lies_below_it(world, task):
    change_policy(by=world.anna, task_from=1.0)
    Risk.objects.update(chance=0.5)
    assert ended(task) == "improbable"


def test_somebody_s_own_and_what_was_asked_for_stay(world, task):
    asked = a_task(world, "HAEUNDAE")
    assert asked.asked_by == world.anna
    take_task(task, by=world.grace)
    Risk.objects.update(chance=0.01)
    assert ended(task) == "" and ended(asked) == ""


@pytest.mark.parametrize("state", ["wrong", "moved"])
def test_what_became_known_otherwise_ends(task, state):
    ContactPoint.objects.filter(pk=task.contact_point_id).update(state=state)
    assert ended(task) == state


def test_what_is_out_of_use_ends_even_when_it_was_taken(world, task):
    take_task(task, by=world.grace)
    ContactPoint.objects.filter(pk=task.contact_point_id).update(ended_at=timezone.now())
    assert ended(task) == "gone"


def test_a_customer_of_another_site_is_given_to_that_site(world, task):
    customer = task.contact_point.customer
    customer.home_place = world.place("HAEUNDAE")
    customer.save()
    assert ended(task) == "elsewhere"
    looked()
    assert make_tasks(policy_in_use(), timezone.now() + dt.timedelta(days=1)) == 1
    assert CorrectionTask.objects.get(closed_at=None).place == world.place("HAEUNDAE")


def test_the_chance_of_today_is_shown_with_that_of_then(world, client, task):
    CorrectionTask.objects.update(chance=0.87)
    Risk.objects.update(chance=0.34)
    client.force_login(world.anna)
    assert "34%" in client.get("/quality/tasks/?state=open").content.decode()
    page = client.get(f"/quality/tasks/{task.pk}/").content.decode()
    assert "34%" in page and "87%" in page
    Risk.objects.update(chance=0.87)
    assert client.get(f"/quality/tasks/{task.pk}/").content.decode().count("87%") == 1
    told = client.get("/api/v1/quality/tasks").json()["items"][0]
    assert (told["chance"], told["chance_now"], told["asked_by_id"]) == (0.87, 0.87, None)
