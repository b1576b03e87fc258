"""Reads over programmes, due calls and decisions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.core.cache import caches
from django.db.models import Q, QuerySet, Sum

from dangol.campaigns.hours import may_call
from dangol.campaigns.models import Attempt, Campaign, Decision, Stage, Tally, Target
from dangol.core.models import User
from dangol.core.roles import Role
from dangol.interactions.models import Outcome
from dangol.places.models import Grant, Place
from dangol.places.scope import places_visible_to, scoped
from dangol.ui.lists.counting import Count, count_up_to


def programmes_visible_to(user: User, ability: str = "programmes.see") -> QuerySet[Campaign]:
    """The programmes of the places where the person holds the ability."""
    return scoped(Campaign.objects.all(), user, ability)


def targets_visible_to(user: User, ability: str = "programmes.see") -> QuerySet[Target]:
    """The due calls of the programmes that the person may see."""
    rows = Target.objects.filter(campaign__in=programmes_visible_to(user, ability).order_by())
    return rows.select_related("customer", "stage", "place", "campaign", "leased_by")


def decisions_visible_to(user: User) -> QuerySet[Decision]:
    """Why customers were chosen or not, in the programmes that the person may see."""
    rows = Decision.objects.filter(campaign__in=programmes_visible_to(user).order_by())
    return rows.select_related("customer", "stage")


def stages_of(campaign: Campaign) -> QuerySet[Stage]:
    """A programme's stages in order, ended ones left out."""
    return campaign.stages.filter(ended_at=None).select_related("product", "place", "questionnaire")


def running_programmes(at: dt.datetime) -> QuerySet[Campaign]:
    """The programmes that hand out calls: begun, not ended, not paused; the first comes first."""
    day = at.astimezone(ZoneInfo("Asia/Seoul")).date()
    rows = Campaign.objects.filter(paused_at=None, starts_on__lte=day + dt.timedelta(days=1))
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day - dt.timedelta(days=1)))
    return rows.select_related("place").order_by("priority", "created_at", "pk")


def time_zones() -> list[str]:
    """The time zones in which we have places; kept for a minute."""
    kept = caches["process"]
    zones: list[str] | None = kept.get("campaigns:zones")
    if zones is None:
        zones = sorted(set(Place.objects.order_by().values_list("time_zone", flat=True).distinct()))
        kept.set("campaigns:zones", zones, 60)
    return zones


@dataclasses.dataclass(frozen=True)
class Slot:
    """A programme in a time zone whose calling hours are open now."""

    campaign: Campaign
    zone: str
    day: dt.date


def open_slots(agent: User, at: dt.datetime) -> list[Slot]:
    """Where an agent may call now, best programme first."""
    running = list(running_programmes(at))
    mine = places_visible_to(agent, "desk.work").filter(pk__in={c.place_id for c in running})
    places = set(mine.values_list("pk", flat=True))
    slots = []
    for campaign in running:
        if campaign.place_id not in places:
            continue
        for zone in time_zones():
            day = at.astimezone(ZoneInfo(zone)).date()
            begun = campaign.starts_on <= day and (not campaign.ends_on or day <= campaign.ends_on)
            if begun and may_call(campaign.hours, campaign.country, zone, at):
                slots.append(Slot(campaign, zone, day))
    return slots


def calls_waiting(agent: User, at: dt.datetime) -> Count | None:
    """How many calls an agent could be given now, counted up to 10,000; None outside calling hours."""
    slots = open_slots(agent, at)
    if not slots:
        return None
    here = Q(pk__in=[])
    for slot in slots:
        here |= Q(campaign=slot.campaign, zone=slot.zone)
    waiting = Target.objects.filter(here, next_at__lte=at, finished_at=None)
    return count_up_to(waiting.filter(Q(assigned_to=None) | Q(assigned_to=agent)))


@dataclasses.dataclass
class Progress:
    """Kept counts of a programme."""

    open: int = 0
    done: int = 0
    reached: int = 0
    dropped: int = 0

    @property
    def made(self) -> int:
        """All calls that ever fell due."""
        return self.open + self.done + self.dropped

    @property
    def finished_share(self) -> float:
        """Part of the due calls that came to their end, 0 to 1."""
        return (self.done + self.dropped) / self.made if self.made else 0.0


def progress_of(campaigns: list[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """Progress of several programmes in one read of kept counts."""
    rows = (
        Tally.objects.filter(stage__campaign__in=campaigns)
        .values_list("stage__campaign", "result")
        .annotate(amount=Sum("amount"))
    )
    found = {key: Progress() for key in campaigns}
    for campaign, result, amount in rows:
        progress = found[campaign]
        if not result:
            progress.open += amount
        elif result in Outcome.values:
            progress.done += amount
            progress.reached += amount if result == Outcome.DONE else 0
        else:
            progress.dropped += amount
    return found


def attempts_between(campaign: Campaign, start: dt.datetime, end: dt.datetime) -> QuerySet[Attempt]:
    """The tries of a programme in a span of time."""
    return Attempt.objects.filter(campaign=campaign, at__gte=start, at__lt=end)


def agents() -> QuerySet[User]:
    """Who may be given calls: the active people who hold the role of agent."""
    held = Grant.objects.filter(role=Role.AGENT, revoked_at=None).values("user")
    return User.objects.filter(pk__in=held, is_active=True)
