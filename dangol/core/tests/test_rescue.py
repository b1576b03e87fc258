"""Jobs of workers that died."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from dangol.core.jobs import app, rescue_stalled_jobs, task


@task(name="tests.tidy", queueing_lock="tests.tidy")
def tidy() -> None:
    """Asked for again and again; one that waits is enough."""


@task(name="tests.carry")
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
