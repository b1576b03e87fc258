"""Jobs of workers that died."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from dangol.core.jobs import Lane, app, put_into_lanes, rescue_stalled_jobs, task


@task(Lane.LONG, name="tests.tidy", queueing_lock="tests.tidy")
def tidy() -> None:
    """Asked for again and again; one that waits is enough."""


@task(Lane.QUICK, name="tests.carry")
def carry(number: int) -> None:
    """Each one counts."""


def died(name: str) -> int:
    """A job that a worker took who is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"
            " WHERE task_name = %s AND status = 'todo' RETURNING id", [name],
        )  # fmt: skip
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_dead_job_whose_like_waits_holds_up_no_other():
    app.configure_task("tests.tidy").defer()
    first = died("tests.tidy")
    app.configure_task("tests.tidy").defer()
    app.configure_task("tests.carry").defer(number=7)
    other = died("tests.carry")
    assert async_to_sync(rescue_stalled_jobs.func)() == 2
    ours = ProcrastinateJob.objects.filter(task_name__startswith="tests.")
    states = dict(ours.values_list("pk", "status"))
    assert states.pop(first) == "aborted"
    assert states[other] == "todo" and set(states.values()) == {"todo"}
    ProcrastinateJob.objects.filter(task_name__startswith="tests.")._raw_delete("default")


@pytest.mark.django_db
def test_what_recurs_never_takes_a_second_slot_and_waits_for_no_dead_rescue():
    assert tidy.lock == "tests.tidy" and carry.lock is None
    assert rescue_stalled_jobs.lock is None and rescue_stalled_jobs.queueing_lock


@pytest.mark.django_db
def test_jobs_that_an_older_version_left_come_into_their_lane():
    old = app.configure_task("tests.tidy", queue="default").defer()
    right = app.configure_task("tests.carry").defer(number=1)
    unknown = app.configure_task("tests.gone", queue="elsewhere").defer()
    assert put_into_lanes() == 1
    lanes = dict(ProcrastinateJob.objects.values_list("pk", "queue_name"))
    assert (lanes[old], lanes[right], lanes[unknown]) == ("long", "default", "elsewhere")
