"""Members of time in two periods side by side: the first with the first, or with the year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from dangol.cubes.asking.periods import Days
from dangol.cubes.subjects.catalogue import Dimension, Kind


def begin_of(level: str, day: dt.date) -> dt.date:
    """The first day of the member of time in which a day lies."""
    if level == "W":
        return day - dt.timedelta(days=day.weekday())
    if level == "M":
        return day.replace(day=1)
    if level == "Q":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if level == "Y" else day


def step(level: str, day: dt.date, count: int) -> dt.date:
    """So many members further."""
    if level in "DW":
        return day + dt.timedelta(days=count * (7 if level == "W" else 1))
    months = {"M": 1, "Q": 3, "Y": 12}[level] * count
    at = day.year * 12 + day.month - 1 + months
    return dt.date(at // 12, at % 12 + 1, 1)


def distance(level: str, a: dt.date, b: dt.date) -> int:
    """How many members b lies after a."""
    if level in "DW":
        return (b - a).days // (7 if level == "W" else 1)
    months = (b.year - a.year) * 12 + b.month - a.month
    return months // {"M": 1, "Q": 3, "Y": 12}[level]


def partner(
    dimension: Dimension, days: Days, before: Days, how: str
) -> Callable[[dt.date], dt.date] | None:
    """From a member of the earlier period to the one it is compared with; None: not of time."""
    if dimension.kind != Kind.TIME or not days[0] or not before[0]:
        return None
    level = dimension.level
    there, here = begin_of(level, before[0]), begin_of(level, days[0])
    count = distance(level, there, here)
    return lambda day: step(level, day, count)
