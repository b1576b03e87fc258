"""Minutes that count: exact, fast arithmetic over opening hours in a place's own time zone.

A `Timetable` is built once for a place and a span of days: the open spans as two sorted arrays of
UTC seconds with running totals. Both questions are then one binary search:

    minutes between two instants      = open(to) − open(from),   O(log days)
    the instant n working minutes on  = inverse of open(·),      O(log days)

Days are cut at local midnight, so that a day of 23 or 25 hours counts its real minutes.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

Span = Sequence[str]
ALL_DAY = [["00:00", "24:00"]]


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """The country's public holidays of a year, substitute days included; none for an empty code."""
    if not country:
        return frozenset()
    name, _, subdivision = country.partition("-")
    return frozenset(holidays.country_holidays(name, subdiv=subdivision or None, years=year))


def knows_holidays_of(country: str) -> bool:
    """Whether a country's code, or an empty one, says when the public holidays are."""
    name, _, subdivision = country.partition("-")
    try:
        if country:
            holidays.country_holidays(name, subdiv=subdivision or None)
    except NotImplementedError:
        return False
    return True


MACHINES_OWN = {"Factory", "localtime", "posixrules"}
"""Names in the folder of time zones that mean nothing elsewhere, and nothing to the database."""


@cache
def known_time_zones() -> frozenset[str]:
    """Every time zone in which a place may lie; the folders are walked once."""
    return frozenset(available_timezones() - MACHINES_OWN)


def _minute_of_day(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


class Timetable:
    """The open spans of one place from `first` through `last` (local days, both included)."""

    def __init__(
        self,
        hours: Mapping[str, Sequence[Span]],
        *,
        zone: str,
        country: str = "",
        exceptions: Mapping[dt.date, Sequence[Span]] | None = None,
        first: dt.date,
        last: dt.date,
    ) -> None:
        tz = ZoneInfo(zone)
        self.first, self.last = first, last
        self.starts: list[float] = []
        self.ends: list[float] = []
        self.totals: list[float] = [0.0]
        day = first
        while day <= last:
            spans = self._spans_of(day, hours, country, exceptions or {})
            for opens, closes in spans:
                start = self._instant(day, opens, tz)
                end = self._instant(day, closes, tz)
                if end > start:
                    self.starts.append(start)
                    self.ends.append(end)
                    self.totals.append(self.totals[-1] + end - start)
            day += dt.timedelta(days=1)

    @staticmethod
    def _spans_of(
        day: dt.date,
        hours: Mapping[str, Sequence[Span]],
        country: str,
        exceptions: Mapping[dt.date, Sequence[Span]],
    ) -> Sequence[Span]:
        if day in exceptions:
            return sorted(exceptions[day], key=list)
        if day in public_holidays(country, day.year):
            return []
        return sorted(hours.get(str(day.weekday()), []), key=list)

    @staticmethod
    def _instant(day: dt.date, text: str, tz: ZoneInfo) -> float:
        days, minute = divmod(_minute_of_day(text), 24 * 60)
        local = dt.datetime.combine(day + dt.timedelta(days=days), dt.time(*divmod(minute, 60)), tz)
        return local.timestamp()

    def _open_until(self, instant: float) -> float:
        """Open seconds from the start of the timetable to the instant."""
        i = bisect_right(self.starts, instant) - 1
        if i < 0:
            return 0.0
        return self.totals[i] + min(instant, self.ends[i]) - self.starts[i]

    def minutes_between(self, start: dt.datetime, end: dt.datetime) -> float:
        """Working minutes in [start, end); negative when end is before start."""
        return (self._open_until(end.timestamp()) - self._open_until(start.timestamp())) / 60

    def after(self, start: dt.datetime, minutes: float) -> dt.datetime:
        """The first instant at which `minutes` working minutes have passed since start.

        Raises ValueError when the timetable ends before.
        """
        target = self._open_until(start.timestamp()) + minutes * 60
        i = bisect_right(self.totals, target) - 1
        if i >= len(self.starts) or (i == len(self.starts) - 1 and target > self.totals[-1]):
            if target == self.totals[-1] and self.ends:
                return dt.datetime.fromtimestamp(max(self.ends[-1], start.timestamp()), dt.UTC)
            raise ValueError("the timetable ends before that many working minutes have passed")
        if target == self.totals[i] and i > 0 and minutes > 0:
            return dt.datetime.fromtimestamp(self.ends[i - 1], dt.UTC)
        at = self.starts[i] + target - self.totals[i]
        return dt.datetime.fromtimestamp(max(at, start.timestamp()), dt.UTC)

    def is_open(self, instant: dt.datetime) -> bool:
        """Whether work is done at the instant."""
        at = instant.timestamp()
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.ends[i]

    def next_open(self, instant: dt.datetime) -> dt.datetime:
        """The instant itself when open, otherwise the next opening; ValueError past the end."""
        at = instant.timestamp()
        if self.is_open(instant):
            return instant
        i = bisect_right(self.starts, at)
        if i >= len(self.starts):
            raise ValueError("the timetable ends before the next opening")
        return dt.datetime.fromtimestamp(self.starts[i], dt.UTC)

    def next_close(self, instant: dt.datetime) -> dt.datetime:
        """The end of the open span that the instant lies in; ValueError when closed."""
        if not self.is_open(instant):
            raise ValueError("the place is closed at that instant")
        i = bisect_right(self.starts, instant.timestamp()) - 1
        while i + 1 < len(self.starts) and self.starts[i + 1] == self.ends[i]:
            i += 1
        return dt.datetime.fromtimestamp(self.ends[i], dt.UTC)

    def before(self, end: dt.datetime, minutes: float) -> dt.datetime:
        """The instant from which `minutes` working minutes lead to the end.

        Raises ValueError when the timetable begins later.
        """
        target = self._open_until(end.timestamp()) - minutes * 60
        if minutes <= 0:
            return end
        i = bisect_right(self.totals, target) - 1
        if target < 0 or i >= len(self.starts):
            raise ValueError("the timetable begins after that many working minutes before")
        return dt.datetime.fromtimestamp(self.starts[i] + target - self.totals[i], dt.UTC)
