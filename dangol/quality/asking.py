"""What a call should verify: the contact points of one customer that are most probably wrong."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dangol.customers.models import ContactPoint
from dangol.quality.models import Policy


def with_chances(rows: QuerySet[ContactPoint]) -> QuerySet[ContactPoint]:
    """Contact points with their chances and what the policy asks, in the query that reads them.

    For the desk: it costs no question more.
    """
    newest, usual = Policy.objects.order_by("-created_at", "-pk"), Policy()
    return rows.annotate(
        chance=F("risk__chance"),
        ask_from=Coalesce(Subquery(newest.values("ask_from")[:1]), usual.ask_from),
        ask_most=Coalesce(Subquery(newest.values("ask_most")[:1]), int(usual.ask_most)),
    )


def mark_asks(points: Iterable[ContactPoint]) -> None:
    """Write `ask` onto those to be verified on this call, in words; empty onto the others."""
    rows = list(points)
    probable = [
        p
        for p in rows
        if p.chance is not None and p.chance >= p.ask_from and p.state not in {"wrong", "moved"}  # type: ignore[attr-defined]
    ]
    probable.sort(key=lambda p: -p.chance)  # type: ignore[attr-defined]
    asked = {p.pk for p in probable[: rows[0].ask_most]} if rows else set()  # type: ignore[attr-defined]
    for point in rows:
        point.ask = f"{point.chance:.0%}" if point.pk in asked else ""  # type: ignore[attr-defined]


def likeliest_first(points: Iterable[ContactPoint]) -> list[ContactPoint]:
    """Those that the call asks for, the one first that is most probably wrong."""
    asked = [p for p in points if p.ask]  # type: ignore[attr-defined]
    return sorted(asked, key=lambda p: -p.chance)  # type: ignore[attr-defined]
