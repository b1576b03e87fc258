"""The working time of places, kept in memory: what many places share is built once.

A thousand sites share a handful of calendars, so a list of fifty clocks costs two queries a
minute and a look into a table for each.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Hashable
from typing import Any

from dangol.core.revisions import revise, revision_of
from dangol.places.models import Calendar, CalendarException, Place
from dangol.places.working_time import ALL_DAY, Timetable

SECONDS_KEPT, SECONDS_UNCHECKED = 60, 1
REVISION = "places.timetables"
"""A changed calendar, a moved place and a day that differs revise it."""


class Timetables:
    """Every calendar and every day that differs, read once; timetables made as they are asked for."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        self.checked = time.monotonic()
        self.until = self.checked + SECONDS_KEPT
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


def timetables(*, exact: bool = False) -> Timetables:
    """What is kept, or read afresh: after a minute, and when a calendar changed in any process.

    Pages may be a second behind; who writes a clock down asks for the exact ones.
    """
    global _kept
    kept, now = _kept, time.monotonic()
    if kept and not exact and now < kept.checked + SECONDS_UNCHECKED:
        return kept
    revision = revision_of(REVISION)
    if kept is None or kept.until < now or revision != kept.revision:
        kept = _kept = Timetables(revision)
    kept.checked = now
    return kept


def revise_timetables() -> None:
    """Hours changed: every process reads them again once this is committed."""
    global _kept
    revise(REVISION)
    _kept = None
