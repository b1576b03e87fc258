"""Jobs of the matching."""

from __future__ import annotations

from procrastinate import RetryStrategy

from dangol.core.jobs import task
from dangol.identity.actions import Busy, run_full, run_new
from dangol.identity.audits.costs import count_costs
from dangol.identity.audits.drawing import draw_audit

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


@task(name="identity.check_quality", queueing_lock="identity.check_quality")
def check_quality(timestamp: int = 0) -> str:
    """Every Monday: a sample of automatic decisions, and what finding candidates costs."""
    drawn = draw_audit()
    return f"{len(count_costs())} ways counted, {'drawn' if drawn else 'nothing drawn'}"
