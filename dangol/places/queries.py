"""Reads over places: ancestors, calendars, timetables."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from dangol.places.models import Calendar, Place
from dangol.places.scope import places_visible_to, scoped
from dangol.places.timetables import timetables
from dangol.places.working_time import Timetable


def ancestors(place: Place) -> QuerySet[Place]:
    """The place and everything above it, from the company down."""
    return Place.objects.filter(lo__lte=place.lo, hi__gte=place.hi).order_by("lo")


def calendar_of(place: Place) -> Calendar | None:
    """The place's own calendar, or the nearest one above; None when nobody set one."""
    holder = ancestors(place).exclude(calendar=None).select_related("calendar").last()
    return holder.calendar if holder else None


def timetable_of(place: Place, around: dt.datetime | None = None) -> Timetable:
    """The place's working time from the year before an instant to the year after (default: now).

    A place without any calendar is always open.
    """
    return timetables(exact=True).of(place, (around or timezone.now()).year)


__all__ = [
    "ancestors",
    "calendar_of",
    "places_visible_to",
    "scoped",
    "timetable_of",
]
