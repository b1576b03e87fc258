"""Reads over answers and index cells."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from dangol.core.models import User
from dangol.places.models import Place
from dangol.places.scope import scoped
from dangol.surveys.models import Answer, InvitationLink, Response, Survey
from dangol.surveys.tokens import hash_of

MONTH = 30
"""Days of the longer period on boards, today included."""


def surveys_visible_to(user: User) -> QuerySet[Survey]:
    """Surveys belong to the whole company: whoever may see surveys sees all."""
    rows = Survey.objects.select_related("questionnaire")
    return rows if user.can("surveys.see") else rows.none()


def responses_visible_to(user: User, ability: str = "answers.see") -> QuerySet[Response]:
    """Responses of the places where the person may see answers, or do what is named.

    `own` is the respondent's index row.
    """
    rows = Response.objects.annotate(
        own=FilteredRelation("answers", condition=Q(answers__question=""))
    )
    return scoped(rows, user, ability, "place")


def link_of(token: str) -> InvitationLink | None:
    """The personal link of a token."""
    rows = InvitationLink.objects.select_related(
        "response__version",
        "response__survey__questionnaire",
        "response__customer",
        "response__place",
    )
    return rows.filter(token_hash=hash_of(token)).first()


class Sums(NamedTuple):
    """Exact sums of one place and process: of today, and of the days up to today."""

    place: uuid.UUID
    process: str
    today: tuple[int, int, int]
    period: tuple[int, int, int]


# Which day it is, is asked once for each place, not for each of its cells.
PERIOD_SUMS = """
    WITH days AS MATERIALIZED (
        SELECT id, (%(at)s::timestamptz AT TIME ZONE time_zone)::date AS today FROM places_place
    )
    SELECT c.place_id, c.process,
           coalesce(sum(n) FILTER (WHERE c.day = t.today), 0)::bigint,
           coalesce(sum(total) FILTER (WHERE c.day = t.today), 0)::bigint,
           coalesce(sum(squares) FILTER (WHERE c.day = t.today), 0)::bigint,
           sum(n)::bigint, sum(total)::bigint, sum(squares)::bigint
    FROM surveys_indexcell c JOIN days t ON t.id = c.place_id
    WHERE c.item = '' AND c.n > 0 AND c.day BETWEEN %(first)s AND %(last)s
        AND c.day > t.today - %(days)s AND c.day <= t.today {only}
    GROUP BY c.place_id, c.process
"""


def period_sums(
    *,
    at: dt.datetime | None = None,
    days: int = MONTH,
    places: Iterable[uuid.UUID] | None = None,
) -> list[Sums]:
    """The sums of today and of the last `days` days, today where each place is; one query."""
    at = at or timezone.now()
    given: dict[str, Any] = {
        "at": at,
        "days": days,
        "first": at.date() - dt.timedelta(days=days + 1),
        "last": at.date() + dt.timedelta(days=1),
    }
    only = ""
    if places is not None:
        only, given["places"] = "AND c.place_id = ANY(%(places)s)", list(places)
    with connection.cursor() as cursor:
        cursor.execute(PERIOD_SUMS.format(only=only), given)
        return [Sums(r[0], r[1], tuple(r[2:5]), tuple(r[5:8])) for r in cursor.fetchall()]


def daily_sums(
    place: Place, *, first: dt.date, last: dt.date, item: str = ""
) -> list[tuple[Any, ...]]:
    """(process, day, n, total, squares) of one place for each day that has answers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT process, day, n, total, squares FROM surveys_indexcell WHERE place_id = %s"
            " AND item = %s AND day BETWEEN %s AND %s AND n > 0 ORDER BY process, day",
            [place.pk, item, first, last],
        )
        return cursor.fetchall()


def item_sums(
    places: Iterable[uuid.UUID], *, first: dt.date, last: dt.date
) -> dict[tuple[uuid.UUID, str, str], tuple[int, int, int]]:
    """(place, process, item) → (n, total, squares) over the days; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place_id, process, item, sum(n)::bigint, sum(total)::bigint,"
            " sum(squares)::bigint FROM surveys_indexcell WHERE place_id = ANY(%s) AND item <> ''"
            " AND day BETWEEN %s AND %s AND n > 0 GROUP BY place_id, process, item",
            [list(places), first, last],
        )
        return {(p, process, item): (n, t, sq) for p, process, item, n, t, sq in cursor.fetchall()}


def latest_voices(place: Place, count: int = 8) -> list[Answer]:
    """The newest words of customers at a place and below, with their responses."""
    # Where nothing lies below, an index of the place itself leads to its newest; above, there are
    # so many answers that the newest of the whole company are soon enough the place's own.
    here = (
        {"response__place": place}
        if place.lo == place.hi
        else {"response__place__in": Place.objects.filter(place.within).values("pk")}
    )
    rows = Answer.objects.filter(
        **here,
        response__withdrawn_at=None,
        response__completed_at__isnull=False,
    ).exclude(text="")
    return list(
        # the very order of an index, so that the newest are read first and nothing is sorted
        rows.select_related("response__place", "response__customer").order_by(
            F("response__completed_at").desc(nulls_last=True), "-response_id", "-pk"
        )[:count]
    )
