"""Jobs kept in PostgreSQL and enqueued in the caller's own transaction (procrastinate)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any

from croniter import croniter
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

log = logging.getLogger(__name__)


def task(*args: Any, **kwargs: Any) -> Callable[..., Any]:
    """Declare a job; see procrastinate's App.task for the arguments."""
    return app.task(*args, **kwargs)


@task(name="core.rescue_stalled_jobs", queueing_lock="core.rescue_stalled_jobs", pass_context=False)
async def rescue_stalled_jobs(timestamp: int = 0) -> int:
    """Give the jobs of workers that died back to the queue; how many.

    A job must therefore be safe to run again, as every job here is. Where its like waits in the
    queue already, that one does the work, and the dead one is ended.
    """
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)
    return len(stalled)


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


__all__ = ["app", "next_time", "one_by_one", "rescue_stalled_jobs", "task"]
