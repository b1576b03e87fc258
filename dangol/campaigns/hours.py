"""Calling hours: when a customer of a time zone may be called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from dangol.places.working_time import public_holidays

Hours = Mapping[str, Sequence[Sequence[str]]]
LOOK_AHEAD_DAYS = 30


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def spans_of(hours: Hours, country: str, day: dt.date) -> list[tuple[int, int]]:
    """The calling spans of a local day in minutes; none on public holidays."""
    if day in public_holidays(country, day.year):
        return []
    return sorted((_minute(a), _minute(b)) for a, b in hours.get(str(day.weekday()), []))


def may_call(hours: Hours, country: str, zone: str, at: dt.datetime) -> bool:
    """Whether a customer of the zone may be called at the instant."""
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    return any(a <= minute < b for a, b in spans_of(hours, country, local.date()))


def next_calling_time(hours: Hours, country: str, zone: str, at: dt.datetime) -> dt.datetime:
    """The instant itself if calls are allowed then, else the next opening; itself if none comes."""
    tz = ZoneInfo(zone)
    local = at.astimezone(tz)
    for ahead in range(LOOK_AHEAD_DAYS):
        day = local.date() + dt.timedelta(days=ahead)
        for opens, closes in spans_of(hours, country, day):
            start = dt.datetime.combine(day, dt.time(), tz) + dt.timedelta(minutes=opens)
            end = dt.datetime.combine(day, dt.time(), tz) + dt.timedelta(minutes=closes)
            if local < end:
                return max(start, local).astimezone(dt.UTC)
    return at


def opening(hours: Hours, day: dt.date) -> str:
    """When calls of a weekday begin, HH:MM; 09:00 on a day without calls."""
    spans = sorted(hours.get(str(day.weekday()), []))
    return spans[0][0] if spans else "09:00"
