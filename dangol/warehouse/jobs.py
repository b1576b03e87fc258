"""The lake's recurring work, and work that somebody asked for."""

from __future__ import annotations

from procrastinate import RetryStrategy

from dangol.core.alone import Busy
from dangol.core.jobs import Lane, task
from dangol.warehouse import actions, compacting
from dangol.warehouse.models import Run

LATER = RetryStrategy(max_attempts=60, wait=10, retry_exceptions=[Busy])


@task(Lane.LONG, name="warehouse.copy_changes", queueing_lock="warehouse.copy_changes")
def copy_changes(timestamp: int = 0) -> str:
    """Every half minute: what changed goes into the lake; a run under way is left to finish."""
    try:
        run = actions.copy_changes()
    except Busy:
        return "busy"
    return f"version {run.version}" if run else "nothing changed"


@task(Lane.LONG, name="warehouse.rebuild", retry=LATER)
def rebuild(key: str, tables: list[str]) -> str:
    """Make tables anew, as somebody asked."""
    run = Run.objects.filter(pk=key, finished_at=None).first()
    if run is None:
        return "done already"
    actions.rebuild_tables(run, tables)
    return f"version {run.version}"


@task(Lane.LONG, name="warehouse.compact", queueing_lock="warehouse.compact")
def compact(timestamp: int = 0) -> str:
    """Every ten minutes: merge small files, forget old versions."""
    try:
        run = compacting.compact()
    except Busy:
        return "busy"
    return f"version {run.version}" if run else "nothing to merge"


@task(Lane.LONG, name="warehouse.check", queueing_lock="warehouse.check", retry=LATER)
def check(timestamp: int = 0) -> str:
    """Every night: read every file, and make damaged ones anew."""
    run = actions.repair()
    return f"version {run.version}" if run else "every file is whole"
