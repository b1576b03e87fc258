"""The deadline of a correction task is a day and an hour; its clock says that it counts working time."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from dangol.quality.models import CorrectionTask
from dangol.quality.tests.factories import a_task

ADDRESSES = ["/quality/tasks/?state=open", "/quality/tasks/{}/"]


@pytest.fixture
def task(world) -> CorrectionTask:
    """Due in some days."""
    made = a_task(world)
    made.due_at = timezone.now() + dt.timedelta(days=5)
    made.save()
    return made


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_deadline_stands_beside_the_clock(world, client, task, address):
    client.force_login(world.anna)
    page = client.get(address.format(task.pk)).content.decode()
    told = date_format(timezone.localtime(task.due_at), "SHORT_DATETIME_FORMAT")
    assert told in page and 'class="clock"' in page
    assert "남은 근무 시간" in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_task_of_a_site_that_never_opens_has_no_deadline(world, client, task, address):
    CorrectionTask.objects.update(due_at=None)
    client.force_login(world.anna)
    page = client.get(address.format(task.pk)).content.decode()
    assert 'class="clock"' not in page and "남은 근무 시간" not in page
