"""The working time of places, kept in memory: what many places share is built once.

A thousand sites share a handful of calendars, so a list of fifty clocks costs two queries a
minute and a look into a table for each.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Hashable
from secrets import token_hex
from typing import Any

from django.core.cache import cache

from dangol.places.models import Calendar, CalendarException, Place
from dangol.places.working_time import ALL_DAY, Timetable

SECONDS_KEPT = 60
MARK = "places:timetables"
"""While this stands in the cache, what is kept is true; a changed calendar clears it."""


class Timetables:
    """Every calendar and every day that differs, read once; timetables made as they are asked for."""

    def __init__(self) -> None:
        self.mark = token_hex(8)
        self.until = time.monotonic() + SECONDS_KEPT
        holders = Place.objects.exclude(calendar=None).select_related("calendar").order_by("lo")
        self.holders: list[tuple[int, int, Calendar | None]] = [
            (p.lo, p.hi, p.calendar) for p in holders
        ]
        rows = CalendarException.objects.order_by("place__lo").values_list(
            "place__lo", "place__hi", "on", "hours"
        )
        self.exceptions: list[tuple[int, int, dt.date, Any]] = list(rows)
        self.by_place: dict[tuple[uuid.UUID, int], Timetable] = {}
        self.shared: dict[Hashable, Timetable] = {}

    def of(self, place: Place, year: int) -> Timetable:
        """The place's working time from the year before to the year after."""
        found = self.by_place.get((place.pk, year))
        if found is None:
            found = self.by_place[place.pk, year] = self.made(place, year)
        return found

    def made(self, place: Place, year: int) -> Timetable:
        """The same, shared by all places that work alike."""
        calendar = None
        for lo, hi, held in self.holders:
            if lo <= place.lo <= hi:
                calendar = held
        differing = {on: hours for lo, hi, on, hours in self.exceptions if lo <= place.lo <= hi}
        alike = tuple(sorted((on, str(hours)) for on, hours in differing.items()))
        key = (calendar.pk if calendar else None, place.time_zone, alike, year)
        if key not in self.shared:
            self.shared[key] = Timetable(
                calendar.hours if calendar else {str(day): ALL_DAY for day in range(7)},
                zone=place.time_zone,
                country=calendar.country if calendar else "",
                exceptions=differing,
                first=dt.date(year - 1, 1, 1),
                last=dt.date(year + 1, 12, 31),
            )
        return self.shared[key]


_kept: Timetables | None = None


def timetables() -> Timetables:
    """What is kept, or read afresh: after a minute, and at once when a calendar changed here."""
    global _kept
    kept = _kept
    if kept is None or kept.until < time.monotonic() or cache.get(MARK) != kept.mark:
        kept = _kept = Timetables()
        cache.set(MARK, kept.mark, SECONDS_KEPT * 2)
    return kept
