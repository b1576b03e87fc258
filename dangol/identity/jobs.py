"""Jobs of the matching."""

from __future__ import annotations

from procrastinate import RetryStrategy

from dangol.core.jobs import task
from dangol.identity.actions import Busy, run_full, run_new

LATER = RetryStrategy(max_attempts=60, wait=5, retry_exceptions=[Busy])


@task(name="identity.match_new", queueing_lock="identity.match_new")
def match_new(timestamp: int = 0) -> str:
    """Every few seconds and whenever a source said something: records that wait find their customer."""
    counts = run_new()
    return f"{counts['records']} records"


@task(name="identity.match_all", queueing_lock="identity.match_all", retry=LATER)
def match_all(timestamp: int = 0, key: str = "") -> str:
    """Every night, or as somebody asked: all records against all."""
    run = run_full(key=key)
    return f"{run.counts.get('records', 0)} records read"
