"""Reads over cases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from dangol.cases.clock import Reading, read_clock
from dangol.cases.models import Case, Category, Stint
from dangol.core.models import User
from dangol.core.roles import Role, roles_with
from dangol.places.models import Place
from dangol.places.scope import scoped
from dangol.places.timetables import timetables


def cases_visible_to(user: User) -> QuerySet[Case]:
    """Cases owned by a site where the person may see cases."""
    return scoped(Case.objects.all(), user, "cases.see", "place")


def open_cases_at(place: Place) -> QuerySet[Case]:
    """Cases not yet closed at a place or below, the most urgent clock first."""
    return (
        Case.objects.filter(closed_at=None, place__lo__range=(place.lo, place.hi))
        .select_related("customer", "place", "category", "assigned_to")
        .order_by("due_at", "opened_at")
    )


def clocks(cases: Iterable[Case], at: dt.datetime) -> dict[uuid.UUID, Reading]:
    """The clock of each case at an instant, with one query for all their stints."""
    listed: Sequence[Case] = list(cases)
    held: dict[uuid.UUID, list[Stint]] = defaultdict(list)
    for stint in Stint.objects.filter(case__in=listed):
        held[stint.case_id].append(stint)
    places = {case.place_id: case.place for case in listed}
    stints = [stint for some in held.values() for stint in some]
    # Nearly every stint lies where its case lies; only a case that moved has others.
    if elsewhere := {stint.place_id for stint in stints} - set(places):
        places |= Place.objects.in_bulk(elsewhere)
    for stint in stints:
        stint.place = places[stint.place_id]
    kept = timetables()
    return {case.pk: read_clock(case, held[case.pk], at, kept) for case in listed}


def categories_in_use() -> QuerySet[Category]:
    """The categories that a new case may have."""
    return Category.objects.filter(ended_at=None).order_by("code")


def people_for(case: Case) -> QuerySet[User]:
    """Who a case of this site can be given to: people there or above whose role works on cases.

    Not agents: they take calls, and a case that one of them held would wait for a shift.
    """
    return User.objects.filter(
        is_active=True,
        grants__revoked_at=None,
        grants__role__in=roles_with("cases.work") - {Role.AGENT},
        grants__place__lo__lte=case.place.lo,
        grants__place__hi__gte=case.place.hi,
    ).distinct()
