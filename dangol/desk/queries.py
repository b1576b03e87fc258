"""Reads of the desk."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from dangol.contact_centre.queries import start_of_day
from dangol.core.models import User
from dangol.customers.models import ContactPoint
from dangol.desk.models import Handling
from dangol.quality.asking import likeliest_first, mark_asks, with_chances

PHASES = {
    "read": gettext_lazy("Reading"),
    "ring": gettext_lazy("Ringing"),
    "talk": gettext_lazy("Talking"),
    "hold": gettext_lazy("On hold"),
    "wrap": gettext_lazy("Wrap-up"),
}


def open_handling(agent: User) -> Handling | None:
    """What lies on the agent's desk now."""
    lying = Handling.objects.filter(agent=agent, finished_at=None)
    # Most looks find an empty desk: planning the join of thirteen tables for nothing is the dearest part.
    key = lying.values_list("pk", flat=True).first()
    if key is None:
        return None
    return (
        lying.filter(pk=key)
        .select_related(
            "target__customer", "target__stage__questionnaire", "target__campaign__place",
            "target__thread", "target__place", "target__transaction", "interaction__call",
            "interaction__contact_point", "response__version",
        )
        .first()
    )  # fmt: skip


def contact_points_of(handling: Handling) -> list[ContactPoint]:
    """Ways to reach the customer: usable ones first, the preferred before others.

    `ask` says of those that are most probably wrong how probable it is: the call asks for them.
    """
    rows = ContactPoint.objects.filter(customer=handling.target.customer_id, ended_at=None)
    usable = Q(state__in=["unverified", "verified"])
    points: list[ContactPoint] = list(
        with_chances(rows)
        .annotate(usable=usable)
        .order_by("-kind", "-usable", "-preferred", "-checked_at", "pk")
    )
    mark_asks(points)
    return points


def points_and_asks(handling: Handling) -> dict[str, list[ContactPoint]]:
    """The ways to reach the customer, and which of them the call asks for, the likeliest wrong first."""
    points = contact_points_of(handling)
    return {"points": points, "asks": likeliest_first(points)}


@dataclasses.dataclass
class Today:
    """An agent's day at the desk: calls, how many were reached, and average seconds of each phase."""

    calls: int = 0
    reached: int = 0
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)

    @property
    def handle_seconds(self) -> float:
        """Average seconds from the screen's opening to its end."""
        return sum(self.seconds.values())

    @property
    def phases(self) -> list[tuple[str, float]]:
        """Each phase in words with its average seconds."""
        return [(str(PHASES[phase]), seconds) for phase, seconds in self.seconds.items()]


def today_of(agent: User, at: dt.datetime | None = None) -> Today:
    """The agent's figures since local midnight."""
    rows = Handling.objects.filter(
        agent=agent, opened_at__gte=start_of_day(at or timezone.now()), finished_at__isnull=False
    ).exclude(outcome="")
    averages = {phase: Avg(F(f"{phase}_seconds")) for phase in PHASES}
    reached = Count("pk", filter=Q(outcome="done"))
    found = rows.aggregate(calls=Count("pk"), reached=reached, **averages)
    seconds = {phase: found[phase] or 0.0 for phase in PHASES}
    return Today(found["calls"], found["reached"], seconds)
