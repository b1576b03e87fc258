"""Jobs kept in PostgreSQL and enqueued in the caller's own transaction (procrastinate)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from asgiref.sync import sync_to_async
from croniter import croniter
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Where a job waits. Each lane has slots of its own in the worker, so that no job ever waits
    for one of another lane; the values are the names of the queues."""

    QUICK = "default"
    """Over in seconds however large the company is, and somebody waits for it."""
    STEADY = "steady"
    """Somebody waits for it, and it may last: each of these has a slot of its own."""
    SENDING = "sending"
    """Waits for systems of others, which may be slow."""
    LONG = "long"
    """All else: it may take minutes, or nobody waits for it."""


def task(lane: Lane, *, name: str, **options: Any) -> Callable[..., Any]:
    """Declare a job of a lane; see procrastinate's App.task for the options.

    Of what has a `queueing_lock` one job waits and one works at most, unless it says `lock=None`:
    what comes again and again never takes a second slot.
    """
    options.setdefault("lock", options.get("queueing_lock"))
    return app.task(queue=lane.value, name=name, **options)


@task(
    Lane.QUICK, name="core.rescue_stalled_jobs", queueing_lock="core.rescue_stalled_jobs",
    lock=None, pass_context=False,
)  # fmt: skip
async def rescue_stalled_jobs(timestamp: int = 0) -> int:
    """Give the jobs of workers that died back to the queue; how many.

    A job must therefore be safe to run again, as every job here is. Where its like waits in the
    queue already, that one does the work, and the dead one is ended. Has no lock, for it may
    itself have died.
    """
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)
    await sync_to_async(put_into_lanes)()
    return len(stalled)


PUT = """
UPDATE procrastinate_jobs job SET queue_name = declared.lane
FROM unnest(%s::text[], %s::text[]) AS declared (name, lane)
WHERE job.task_name = declared.name AND job.status = 'todo' AND job.queue_name <> declared.lane
"""


def put_into_lanes() -> int:
    """Jobs that another version of the product left wait in the lane that is theirs now; how many."""
    lanes = {name: declared.queue for name, declared in app.tasks.items()}
    with connection.cursor() as cursor:
        cursor.execute(PUT, [list(lanes), list(lanes.values())])
        return int(cursor.rowcount)


def one_by_one[Item, Result](items: Iterable[Item], step: Callable[[Item], Result]) -> list[Result]:
    """Do a step for every item; what each gave.

    One that fails is written down and holds up no other. Raises ExceptionGroup at the end, so
    that the job counts as failed.
    """
    results, failures = [], []
    for item in items:
        try:
            results.append(step(item))
        except Exception as failure:
            log.exception("%s failed for %s", getattr(step, "__qualname__", step), item)
            failures.append(failure)
    if failures:
        raise ExceptionGroup("some items failed; all others are done", failures)
    return results


def next_time(name: str, after: dt.datetime) -> dt.datetime:
    """When a recurring job runs next; its line is meant where the company is."""
    line = croniter(settings.RECURRING[name], timezone.localtime(after))
    moment: dt.datetime = line.get_next(dt.datetime)
    return moment


__all__ = [
    "Lane",
    "app",
    "next_time",
    "one_by_one",
    "put_into_lanes",
    "rescue_stalled_jobs",
    "task",
]
