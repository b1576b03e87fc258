"""What to do today: open cases with their clocks."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dangol.board.queries import may_at
from dangol.cases.queries import case_counts, clocks, open_cases_at
from dangol.core.models import User
from dangol.places.models import Place

SHOWN = 8


def duties(user: User, place: Place) -> dict[str, Any]:
    """The most urgent open cases of a place and below, for those who may see cases."""
    if not may_at(user, "cases.see", place):
        return {"counts": None, "cases": []}
    now = timezone.now()
    cases = list(open_cases_at(place)[:SHOWN])
    readings = clocks(cases, now)
    return {
        "counts": case_counts(place, now),
        "cases": [(case, readings[case.pk], round(case.minutes * 15)) for case in cases],
    }
