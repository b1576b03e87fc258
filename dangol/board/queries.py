"""Reads for boards: whose they are, and what they show beside the standing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dangol.core.models import User
from dangol.places.models import Place
from dangol.places.scope import places_visible_to, ranges
from dangol.surveys.index import UNIT
from dangol.surveys.queries import daily_sums

TREND = 90
WEEK, MONTH = 7, 30
DENSE = 3
"""Answers a day from which the mean of a week is told; below, the mean of a month."""


def boards_visible_to(user: User) -> QuerySet[Place]:
    """The places whose boards the person may see, from the highest down."""
    return places_visible_to(user, "board.see").filter(closed_at=None).order_by("lo")


def own_board(user: User) -> Place | None:
    """The board that the person calls home: the highest place of the own grants."""
    return boards_visible_to(user).first()


def may_at(user: User, ability: str, place: Place) -> bool:
    """Whether the person holds the ability at the place itself and everywhere below it."""
    return any(lo <= place.lo and place.hi <= hi for lo, hi in ranges(user, ability))


Course = list[tuple[dt.date, float | None]]


def trend(place: Place, today: dt.date) -> tuple[int, dict[str, Course]]:
    """For each process the mean of the days up to each of the last ninety; and how many days those are.

    Seven days where answers are many, thirty where they are few; None without answers.
    """
    first = today - dt.timedelta(days=TREND + MONTH - 2)
    sums: dict[str, dict[dt.date, tuple[int, int]]] = {}
    for process, day, n, total, _squares in daily_sums(place, first=first, last=today):
        sums.setdefault(process, {})[day] = (n, total)
    days = [first + dt.timedelta(days=n) for n in range(TREND + MONTH - 1)]
    # A day counts up to the limit only: one busy day does not make a sparse place dense.
    answers = sum(min(n, DENSE) for known in sums.values() for n, _total in known.values())
    span = WEEK if answers >= DENSE * (TREND + MONTH) / 2 else MONTH
    return span, {
        p: list(zip(days, means([known.get(day, (0, 0)) for day in days], span), strict=True))[
            -TREND:
        ]
        for p, known in sums.items()
    }


def means(sums: list[tuple[int, int]], span: int) -> list[float | None]:
    """For each day, given (answers, total), the mean in points over the `span` days up to it."""
    counts = list(accumulate((n for n, _total in sums), initial=0))
    totals = list(accumulate((total for _n, total in sums), initial=0))
    found: list[float | None] = []
    for until in range(1, len(counts)):
        since = max(0, until - span)
        n = counts[until] - counts[since]
        found.append(round((totals[until] - totals[since]) / n / UNIT, 1) if n else None)
    return found


def heat_days(
    places: Iterable[uuid.UUID], process: str, days: list[dt.date]
) -> dict[tuple[uuid.UUID, dt.date], tuple[int, float]]:
    """(place, day) → (answers, mean in points); one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place_id, day, n, total FROM surveys_indexcell WHERE place_id = ANY(%s)"
            " AND process = %s AND item = '' AND day BETWEEN %s AND %s AND n > 0",
            [list(places), process, days[0], days[-1]],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {(place, day): (n, round(total / n / UNIT, 1)) for place, day, n, total in rows}
