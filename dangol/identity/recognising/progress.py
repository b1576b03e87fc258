"""What a run of all records keeps and tells of how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from dangol.identity.models import Run

Tell = Callable[[Run], None]


def begun(run: Run) -> dt.datetime:
    """When the run began: what changes later waits for the next one."""
    assert run.begun_at is not None
    return run.begun_at


def telling(run: Run, tell: Tell) -> Callable[[int, int], None]:
    """Keeps how far the present step is, and tells it."""

    def told(done: int, total: int) -> None:
        run.done, run.total = done, total
        run.save(update_fields=["done", "total"])
        tell(run)

    return told


def count(run: Run, more: Mapping[str, float]) -> None:
    """Add to what the run has counted."""
    run.counts |= {what: run.counts.get(what, 0) + number for what, number in more.items()}
