"""Jobs kept in PostgreSQL and enqueued in the caller's own transaction (procrastinate)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django import app


def task(*args: Any, **kwargs: Any) -> Callable[..., Any]:
    """Declare a job; see procrastinate's App.task for the arguments."""
    return app.task(*args, **kwargs)


@task(name="core.rescue_stalled_jobs", queueing_lock="core.rescue_stalled_jobs", pass_context=False)
async def rescue_stalled_jobs(timestamp: int = 0) -> int:
    """Give the jobs of workers that died back to the queue; how many.

    A job must therefore be safe to run again, as every job here is.
    """
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


__all__ = ["app", "rescue_stalled_jobs", "task"]
