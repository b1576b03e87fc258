"""Running models, as asked and as scheduled."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy

from dangol.core.alone import Busy
from dangol.core.jobs import Lane, task
from dangol.scores.actions import (
    count_open_uses,
    start_due_runs,
    start_failed_runs,
    start_first_runs,
)
from dangol.scores.models import Run
from dangol.scores.running import perform
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake

LATER = RetryStrategy(
    max_attempts=60, wait=20, retry_exceptions=[Busy, OperationalError, InterfaceError]
)
"""A run whose line to the database broke stays open, and is gone on with."""


@task(Lane.LONG, name="scores.run", retry=LATER)
def run(key: str) -> str:
    """Do what somebody, or the schedule, asked for."""
    found = Run.objects.filter(pk=key).select_related("model").first()
    return perform(found).state if found else "gone"


@task(Lane.LONG, name="scores.start_due_runs", queueing_lock="scores.start_due_runs")
def start_due(timestamp: int = 0) -> int:
    """Every hour: what the schedule wants; and what came of what was done with scores."""
    count_open_uses(timezone.now())
    return start_due_runs(timezone.now())


@task(Lane.LONG, name="scores.try_again", queueing_lock="scores.try_again")
def try_again(timestamp: int = 0) -> int:
    """Every five minutes: what found too little, or never ran, runs once the lake has clearly more; what
    failed runs again."""
    try:
        seen = lake()
    except (NoLake, Damaged):
        return 0
    now = timezone.now()
    return start_first_runs(seen, now) + start_failed_runs(now)
