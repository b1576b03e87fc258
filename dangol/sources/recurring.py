"""The product's own recurring jobs, beside the sources: what runs when, and what failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dangol.sources.timing import next_moment
from dangol.sources.words import schedule_words

LAST = """
SELECT d.task_name, to_timestamp(max(d.defer_timestamp)),
    (SELECT count(*) FROM procrastinate_jobs j WHERE j.task_name = d.task_name AND j.status = 'failed'),
    (SELECT extract(epoch FROM now() - min(e.at)) FROM procrastinate_jobs j
     JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'started'
     WHERE j.task_name = d.task_name AND j.status = 'doing')
FROM procrastinate_periodic_defers d GROUP BY d.task_name
"""


@dataclass(frozen=True)
class Recurring:
    """One recurring job as it stands."""

    name: str
    schedule: str
    cron: str
    last_at: dt.datetime | None
    next_at: dt.datetime | None
    failed: int
    running: float | None
    """Since how many seconds it has been at work."""


def recurring_jobs() -> list[Recurring]:
    """Every recurring job, what is next first."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        last = {name: rest for name, *rest in cursor.fetchall()}
    now, found = timezone.now(), []
    for name, cron in settings.RECURRING.items():
        at, failed, running = last.get(name, (None, 0, None))
        found.append(
            Recurring(
                name, schedule_words(cron), cron, at, next_moment(cron, now), failed,
                float(running) if running is not None else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda job: job.next_at or now)
