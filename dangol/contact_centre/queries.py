"""Reads of the contact centre: who is doing what, and today's figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from dangol.contact_centre.models import AgentInterval, Call
from dangol.core.models import User
from dangol.core.roles import Role
from dangol.interactions.models import Channel, Interaction
from dangol.places.models import Grant
from dangol.places.scope import scoped


def state_of(agent: User) -> AgentInterval | None:
    """What the agent is doing now; None before the first state."""
    return AgentInterval.objects.filter(agent=agent, ended_at=None).first()


def agents_visible_to(user: User) -> QuerySet[User]:
    """The agents whose grant lies where the person may see agents."""
    grants = Grant.objects.filter(revoked_at=None, role=Role.AGENT)
    return User.objects.filter(
        is_active=True, pk__in=scoped(grants, user, "agents.see").values("user_id")
    ).order_by("name")


def open_calls() -> QuerySet[Call]:
    """Calls that have not ended."""
    return Call.objects.filter(ended_at=None).order_by("created_at")


def start_of_day(at: dt.datetime) -> dt.datetime:
    """Local midnight before an instant."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclasses.dataclass
class Figures:
    """An agent's day: calls, answered calls, and seconds of talk and wrap-up per answered call."""

    calls: int = 0
    answered: int = 0
    talk_seconds: float = 0.0
    wrap_seconds: float = 0.0

    @property
    def handle_seconds(self) -> float:
        """Average handle time: talk and wrap-up of an answered call."""
        return self.talk_seconds + self.wrap_seconds


def figures_of_day(agents: list[uuid.UUID], at: dt.datetime) -> dict[uuid.UUID, Figures]:
    """Today's figures of several agents in one read."""
    span = lambda a, b: ExpressionWrapper(F(b) - F(a), output_field=DurationField())  # noqa: E731
    answered = Q(answered_at__isnull=False)
    rows = (
        Interaction.objects.filter(
            agent__in=agents, channel=Channel.PHONE, queued_at__gte=start_of_day(at),
            queued_at__lte=at,
        )
        .values("agent_id")
        .annotate(
            calls=Count("pk"), taken=Count("pk", filter=answered),
            talk=Avg(span("answered_at", "ended_at"), filter=answered),
            wrap=Avg(span("ended_at", "wrapped_at"), filter=answered),
        )
    )  # fmt: skip
    seconds = lambda value: value.total_seconds() if value else 0.0  # noqa: E731
    return {
        row["agent_id"]: Figures(
            row["calls"], row["taken"], seconds(row["talk"]), seconds(row["wrap"])
        )
        for row in rows
    }


@dataclasses.dataclass
class WallRow:
    """One agent on the wall."""

    agent: User
    interval: AgentInterval | None
    figures: Figures


def wallboard(user: User, at: dt.datetime | None = None) -> list[WallRow]:
    """Every agent in the person's scope: state, since when, today's figures."""
    at = at or timezone.now()
    agents = list(agents_visible_to(user))
    keys = [agent.pk for agent in agents]
    current = {
        interval.agent_id: interval
        for interval in AgentInterval.objects.filter(agent__in=keys, ended_at=None)
    }
    figures = figures_of_day(keys, at)
    return [
        WallRow(agent, current.get(agent.pk), figures.get(agent.pk, Figures())) for agent in agents
    ]
