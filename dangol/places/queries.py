"""Reads over places: ancestors, calendars, timetables."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from dangol.places.models import Calendar, CalendarException, Place
from dangol.places.scope import places_visible_to, scoped
from dangol.places.working_time import ALL_DAY, Timetable

BACK, AHEAD = dt.timedelta(days=400), dt.timedelta(days=200)


def ancestors(place: Place) -> QuerySet[Place]:
    """The place and everything above it, from the company down."""
    return Place.objects.filter(lo__lte=place.lo, hi__gte=place.hi).order_by("lo")


def sites_within(place: Place) -> QuerySet[Place]:
    """The open sites at or below a place."""
    return Place.objects.filter(place.within, kind="site", closed_at=None)


def calendar_of(place: Place) -> Calendar | None:
    """The place's own calendar, or the nearest one above; None when nobody set one."""
    holder = ancestors(place).exclude(calendar=None).select_related("calendar").last()
    return holder.calendar if holder else None


def timetable_of(place: Place, around: dt.datetime | None = None) -> Timetable:
    """The place's working time from 400 days before to 200 days after an instant (default: now).

    Kept in memory for a minute; a place without any calendar is always open.
    """
    around = around or timezone.now()
    key = f"timetable:{place.pk}:{around:%Y-%m}"
    kept: Timetable | None = cache.get(key)
    if kept is None:
        kept = build_timetable(place, around)
        cache.set(key, kept, 60)
    return kept


def build_timetable(place: Place, around: dt.datetime) -> Timetable:
    """The same, always read afresh."""
    calendar = calendar_of(place)
    exceptions = CalendarException.objects.filter(place__lo__lte=place.lo, place__hi__gte=place.hi)
    by_day = {e.on: e.hours for e in exceptions.order_by("place__lo")}
    return Timetable(
        calendar.hours if calendar else {str(day): ALL_DAY for day in range(7)},
        zone=place.time_zone,
        country=calendar.country if calendar else "",
        exceptions=by_day,
        first=(around - BACK).date(),
        last=(around + AHEAD).date(),
    )


__all__ = [
    "ancestors",
    "build_timetable",
    "calendar_of",
    "places_visible_to",
    "scoped",
    "sites_within",
    "timetable_of",
]
