"""The case's clock: working minutes, derived from who held the case when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dangol.cases.models import Case, Holder, Priority, Stint
from dangol.places.timetables import Timetables, timetables
from dangol.places.working_time import Timetable

COUNTED = {Holder.SITE, Holder.HEAD_OFFICE}
WARN_AT = 0.75
"""Share of the allowed minutes after which people are warned."""
SPEED = {Priority.LOW: 2.0, Priority.NORMAL: 1.0, Priority.HIGH: 0.5, Priority.URGENT: 0.25}


@dataclass(frozen=True)
class Reading:
    """What the clock shows at an instant; minutes are working minutes."""

    used: float
    left: float
    running: bool
    open_now: bool
    turns_at: dt.datetime | None
    """When the calendar opens or closes next; the shown clock starts or stands still then."""

    @property
    def seconds_left(self) -> int:
        """The figure that ticks on the screen."""
        return round(self.left * 60)


def allowed_minutes(category_minutes: int, priority: int) -> int:
    """The category's minutes at this priority: low doubles, high halves, urgent quarters."""
    return max(1, round(category_minutes * SPEED[Priority(priority)]))


def minutes_by_holder(
    stints: Iterable[Stint], at: dt.datetime, kept: Timetables | None = None
) -> dict[str, float]:
    """Working minutes that each party held the case, up to an instant."""
    kept = kept or timetables()
    held: dict[str, float] = defaultdict(float)
    for stint in stints:
        until = min(stint.to_at or at, at)
        if until > stint.from_at:
            timetable = kept.of(stint.place, stint.from_at.year)
            held[stint.holder] += timetable.minutes_between(stint.from_at, until)
    return dict(held)


def used_minutes(stints: Iterable[Stint], at: dt.datetime, kept: Timetables | None = None) -> float:
    """Working minutes that count against the promise: the customer's own time does not."""
    held = minutes_by_holder(stints, at, kept)
    return sum(held.get(holder, 0.0) for holder in COUNTED)


def read_clock(
    case: Case, stints: Iterable[Stint], at: dt.datetime, kept: Timetables | None = None
) -> Reading:
    """The clock at an instant; whoever reads many gives the timetables that all of them share."""
    kept = kept or timetables()
    used = used_minutes(stints, at, kept)
    running = case.closed_at is None and case.resolved_at is None and case.holder in COUNTED
    timetable = kept.of(case.place, at.year)
    open_now = timetable.is_open(at)
    turns = (timetable.next_close(at) if open_now else opens_at(timetable, at)) if running else None
    return Reading(used, case.minutes - used, running, open_now, turns)


def opens_at(timetable: Timetable, at: dt.datetime) -> dt.datetime | None:
    """The next opening; None when the calendar knows of none."""
    try:
        return timetable.next_open(at)
    except ValueError:
        return None


def runs_out(timetable: Timetable, at: dt.datetime, left: float) -> dt.datetime | None:
    """When so many minutes are left or overdrawn; None when the calendar holds no such day.

    A site that never opens must not cost the customer's answer that opened the case.
    """
    if left > 0:
        try:
            return timetable.after(at, left)
        except ValueError:
            return None
    try:
        return timetable.before(at, -left)
    except ValueError:
        return at


def set_deadlines(case: Case, stints: Iterable[Stint], at: dt.datetime) -> None:
    """Write onto the case when its clock will warn and run out if nothing changes."""
    if case.closed_at or case.resolved_at or case.holder not in COUNTED:
        case.due_at = case.warn_at = None
        return
    kept = timetables(exact=True)
    left = case.minutes - used_minutes(stints, at, kept)
    timetable = kept.of(case.place, at.year)
    case.due_at = runs_out(timetable, at, left)
    case.warn_at = runs_out(timetable, at, left - case.minutes * (1 - WARN_AT))
