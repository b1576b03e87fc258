"""The product's own recurring jobs, beside the sources: what runs when, how long it took, what failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dangol.sources.models import JobTime
from dangol.sources.scheduling.job_words import JOBS
from dangol.sources.scheduling.timing import next_moment
from dangol.sources.words import duration_words, schedule_words

LAST = """
SELECT d.task_name, to_timestamp(max(d.defer_timestamp)),
    EXISTS (SELECT 1 FROM procrastinate_jobs j
            WHERE j.task_name = d.task_name AND j.status = 'doing')
FROM procrastinate_periodic_defers d GROUP BY d.task_name
"""

_lent: dict[str, Callable[[], str]] = {}


def lend_failures(name: str, told: Callable[[], str]) -> None:
    """An app whose recurring job only begins work says what of that work failed."""
    _lent[name] = told


@dataclass(frozen=True)
class Recurring:
    """One recurring job as it stands."""

    name: str
    title: str
    schedule: str
    cron: str
    last_at: dt.datetime | None
    next_at: dt.datetime | None
    took: str
    failure: str
    """Why its last run, or the work that it began, failed; empty when nothing did."""
    running: bool


def recurring_jobs() -> list[Recurring]:
    """Every recurring job, what is next first."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        last = {name: rest for name, *rest in cursor.fetchall()}
    times = {time.name: time for time in JobTime.objects.all()}
    now, found = timezone.now(), []
    for name, cron in settings.RECURRING.items():
        at, running = last.get(name, (None, False))
        time = times.get(name)
        found.append(
            Recurring(
                name, str(JOBS[name]), schedule_words(cron), cron, at, next_moment(cron, now),
                duration_words(time.seconds if time else None), failure_of(name, time),
                running,
            )
        )  # fmt: skip
    return sorted(found, key=lambda job: job.next_at or now)


def failure_of(name: str, time: JobTime | None) -> str:
    """Why a job failed itself, else what it began."""
    failure = time.failure if time else ""
    return failure or (_lent[name]() if name in _lent else "")


def timed(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Around each job of a worker: how long a recurring one took, and whether it failed."""
    name, begun, failure = context.job.task_name, timezone.now(), ""
    if name not in settings.RECURRING:
        return call_next()
    try:
        return call_next()
    except Exception as raised:
        failure = f"{type(raised).__name__}: {raised}"[:300].replace("\x00", "")
        raise
    finally:
        seconds = (timezone.now() - begun).total_seconds()
        said = {"begun_at": begun, "seconds": seconds, "failure": failure}
        JobTime.objects.update_or_create(name=name, defaults=said)
