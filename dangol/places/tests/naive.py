"""The naive minute loop: what working minutes mean, one minute at a time. Slow, plainly right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import holidays

Hours = Mapping[str, Sequence[Sequence[str]]]
ONE = dt.timedelta(minutes=1)


def works_at(
    instant: dt.datetime, hours: Hours, zone: ZoneInfo, free: holidays.HolidayBase,
    exceptions: Mapping[dt.date, Sequence[Sequence[str]]],
) -> bool:  # fmt: skip
    """Whether the minute that begins at the instant is a working minute, by the wall clock there."""
    local = instant.astimezone(zone)
    day, clock = local.date(), local.strftime("%H:%M")
    spans = exceptions.get(day)
    if spans is None:
        spans = [] if day in free else hours.get(str(day.weekday()), [])
    return any(opens <= clock < closes for opens, closes in spans)


def minutes_between(
    start: dt.datetime, end: dt.datetime, hours: Hours, *, zone: str, country: str = "",
    exceptions: Mapping[dt.date, Sequence[Sequence[str]]] | None = None,
) -> int:  # fmt: skip
    """Working minutes from start to end, both on whole minutes."""
    place = ZoneInfo(zone)
    free = holidays.country_holidays(country) if country else holidays.HolidayBase()
    count, at = 0, start.astimezone(dt.UTC)
    while at < end:
        count += works_at(at, hours, place, free, exceptions or {})
        at += ONE
    return count
