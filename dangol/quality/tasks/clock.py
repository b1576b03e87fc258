"""The clock of a correction task: working time of its site until it is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dangol.places.timetables import Timetables, timetables
from dangol.quality.models import CorrectionTask

DAY = 8 * 3600


@dataclass(frozen=True)
class Left:
    """Working seconds left (negative: over), and whether they run now and until when."""

    seconds: int
    running: bool
    turns_at: dt.datetime | None


def time_left(task: CorrectionTask, at: dt.datetime, kept: Timetables | None = None) -> Left | None:
    """What the clock shows; None for a task that is closed or has no clock."""
    if task.closed_at or task.due_at is None:
        return None
    table = (kept or timetables()).of(task.place, at.year)
    if task.due_at >= at:
        minutes = table.minutes_between(at, task.due_at)
    else:
        minutes = -table.minutes_between(task.due_at, at)
    running = table.is_open(at)
    try:
        turns_at = table.next_close(at) if running else table.next_open(at)
    except ValueError:
        turns_at = None
    return Left(round(minutes * 60), running, turns_at)
