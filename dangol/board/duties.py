"""What to do today: open cases with their clocks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Window
from django.utils import timezone

from dangol.board.queries import may_at
from dangol.cases.clock import Reading
from dangol.cases.models import Case
from dangol.cases.queries import clocks, open_cases_at
from dangol.core.models import User
from dangol.places.models import Place

SHOWN = 8
LOOKED_AT = 40
"""The first by the wall clock, of which those with the least working time are shown."""


def duties(user: User, place: Place) -> dict[str, Any]:
    """The most urgent open cases of a place and below, for those who may see cases."""
    if not may_at(user, "cases.see", place):
        return {"counts": None, "cases": []}
    now = timezone.now()
    # The counts ride on the rows: one question instead of two.
    tests = {
        "open": Q(resolved_at=None),
        "overdue": Q(due_at__lte=now),
        "soon": Q(due_at__gt=now, warn_at__lte=now),
        "resolved": Q(resolved_at__isnull=False),
    }
    totals = {f"all_{name}": Window(Count("pk", filter=test)) for name, test in tests.items()}
    cases = list(open_cases_at(place).annotate(**totals)[:LOOKED_AT])
    readings = clocks(cases, now) if cases else {}
    # Working minutes differ from wall clock from site to site: in the order of what is shown.
    cases.sort(key=lambda case: left(case, readings[case.pk]))
    return {
        "counts": {n: getattr(cases[0], f"all_{n}") if cases else 0 for n in tests},
        "cases": [(case, readings[case.pk], round(case.minutes * 15)) for case in cases[:SHOWN]],
    }


def left(case: Case, reading: Reading) -> tuple[bool, float]:
    """What a case is ordered by: the seconds its clock shows; one that waits for the customer last."""
    return case.due_at is None, reading.seconds_left


COUNTS = """
    WITH own AS (
        SELECT p.lo,
               count(*) FILTER (WHERE c.resolved_at IS NULL) AS open,
               count(*) FILTER (WHERE c.due_at <= %(at)s) AS overdue,
               count(*) FILTER (WHERE c.due_at > %(at)s AND c.warn_at <= %(at)s) AS soon,
               count(*) FILTER (WHERE c.resolved_at IS NOT NULL) AS resolved
        FROM cases_case c JOIN places_place p ON p.id = c.place_id
        WHERE c.closed_at IS NULL GROUP BY p.lo
    )
    SELECT w.id, coalesce(sum(own.open), 0)::int, coalesce(sum(own.overdue), 0)::int,
           coalesce(sum(own.soon), 0)::int, coalesce(sum(own.resolved), 0)::int
    FROM places_place w LEFT JOIN own ON own.lo BETWEEN w.lo AND w.hi
    WHERE w.id = ANY(%(places)s) GROUP BY w.id
"""


def case_counts_by_place(
    places: Iterable[uuid.UUID], at: dt.datetime
) -> dict[uuid.UUID, dict[str, int]]:
    """The counts of many places at once, each with everything below it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"at": at, "places": list(places)})
        names = ("open", "overdue", "soon", "resolved")
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}
