"""Jobs of segments."""

from __future__ import annotations

import uuid

from django.utils import timezone
from procrastinate import RetryStrategy

from dangol.core.alone import Busy
from dangol.core.jobs import Lane, task
from dangol.segments import refreshing, subscribing
from dangol.segments.models import Refresh
from dangol.warehouse.manifest import NoLake

LATER = RetryStrategy(max_attempts=60, wait=5, retry_exceptions=[Busy, NoLake])


@task(Lane.LONG, name="segments.refresh", queueing_lock="segments.refresh")
def refresh(timestamp: int = 0) -> str:
    """Every minute: count what is no longer as the newest version of the lake says."""
    try:
        run = refreshing.refresh_segments()
    except Busy:
        return "busy"
    except NoLake:
        return "nothing was copied yet"
    return f"{run.done} segments" if run else "nothing changed"


@task(Lane.LONG, name="segments.refresh_one", retry=LATER)
def refresh_one(key: str) -> str:
    """A segment that was just made or changed."""
    run = refreshing.refresh_segments([uuid.UUID(key)])
    return f"{run.done} segments" if run else "counted already"


@task(Lane.LONG, name="segments.refresh_asked", retry=LATER)
def refresh_asked(key: str) -> str:
    """As somebody asked."""
    run = Refresh.objects.filter(pk=key, finished_at=None).first()
    if run is None:
        return "done already"
    refreshing.refresh_segments(run=run)
    return f"{run.done} segments"


@task(Lane.LONG, name="segments.forget_changes", queueing_lock="segments.forget_changes")
def forget_changes(timestamp: int = 0) -> int:
    """Every night: delete old changes that every subscriber has seen."""
    return subscribing.forget_changes(timezone.now())
