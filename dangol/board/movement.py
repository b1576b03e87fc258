"""Which places move fastest: the last two weeks against the two before."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from typing import NamedTuple

from django.db import connection

from dangol.places.models import Place
from dangol.surveys.index import estimate

SPAN = 14
LEAST = 3
"""Answers that each of the two spans must have."""


class Movement(NamedTuple):
    """How far a site's mean moved, and how sure that is."""

    place: uuid.UUID
    before: float
    now: float
    sure: float
    """The change in standard errors (Welch 1947): chance alone rarely goes past 2."""


TWO_SPANS = """
    SELECT c.place_id, c.day > %(middle)s, sum(n)::bigint, sum(total)::bigint, sum(squares)::bigint
    FROM surveys_indexcell c JOIN places_place p ON p.id = c.place_id
    WHERE c.item = '' AND c.process = %(process)s AND c.day > %(first)s AND c.day <= %(last)s
        AND c.n > 0 AND p.kind = 'site' AND p.closed_at IS NULL AND p.lo BETWEEN %(lo)s AND %(hi)s
    GROUP BY 1, 2
"""


def fastest_moving(place: Place, process: str, today: dt.date, count: int = 10) -> list[Movement]:
    """The sites at or below a place whose index moved most surely, up or down; one query."""
    span = dt.timedelta(days=SPAN)
    given = {"process": process, "lo": place.lo, "hi": place.hi, "last": today,
             "middle": today - span, "first": today - 2 * span}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TWO_SPANS, given)
        spans = {(row[0], row[1]): estimate(*row[2:]) for row in cursor.fetchall()}
    found = []
    for key in {key for key, _late in spans}:
        before, now = spans.get((key, False)), spans.get((key, True))
        if before and now and min(before.n, now.n) >= LEAST:
            error = math.sqrt(before.variance / before.n + now.variance / now.n)
            if error > 0 and before.mean != now.mean:
                found.append(Movement(key, before.mean, now.mean, (now.mean - before.mean) / error))
    return sorted(found, key=lambda m: -abs(m.sure))[:count]
