"""How a programme stands: today's outcomes by hour and by agent, and when it will be done."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour

from dangol.campaigns.hours import spans_of
from dangol.campaigns.models import Campaign, Target
from dangol.campaigns.queries import Progress, attempts_between
from dangol.interactions.models import Outcome
from dangol.ui.lists.counting import Count as Capped
from dangol.ui.lists.counting import count_up_to

PACE_DAYS = 7
MOST_DAYS = 3650


def day_of(campaign: Campaign, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The local day of an instant, as two instants."""
    zone = ZoneInfo(campaign.place.time_zone)
    start = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + dt.timedelta(days=1)


def outcomes_by_hour(campaign: Campaign, at: dt.datetime) -> dict[str, list[int]]:
    """Tries of the day for each outcome, in the 24 hours of the programme's place."""
    start, end = day_of(campaign, at)
    hour = ExtractHour("at", tzinfo=ZoneInfo(campaign.place.time_zone))
    rows = attempts_between(campaign, start, end).annotate(hour=hour)
    found: dict[str, list[int]] = {outcome: [0] * 24 for outcome in Outcome.values}
    for outcome, at_hour, count in rows.values_list("outcome", "hour").annotate(n=Count("pk")):
        found[outcome][at_hour] += count
    return {outcome: hours for outcome, hours in found.items() if any(hours)}


@dataclasses.dataclass
class AgentRow:
    """One agent's day in a programme."""

    name: str
    tries: int
    done: int

    @property
    def share(self) -> float:
        """Part of the tries that were done, in percent."""
        return 100 * self.done / self.tries if self.tries else 0.0


def per_agent(campaign: Campaign, at: dt.datetime) -> list[AgentRow]:
    """Today's tries by agent, the most first."""
    start, end = day_of(campaign, at)
    rows = (
        attempts_between(campaign, start, end)
        .values_list("agent_id", "agent__name")
        .annotate(tries=Count("pk"), done=Count("pk", filter=Q(outcome=Outcome.DONE)))
        .order_by("-tries")[:50]
    )
    return [AgentRow(name or "–", tries, done) for _key, name, tries, done in rows]


def finished_a_day(campaign: Campaign, at: dt.datetime) -> float:
    """Due calls that came to an end, on an average calling day of the last week."""
    start, end = day_of(campaign, at)
    since = start - dt.timedelta(days=PACE_DAYS)
    days = calling_days(campaign, since.date(), PACE_DAYS)
    ended = attempts_between(campaign, since, start).filter(
        outcome__in=[Outcome.DONE, Outcome.REFUSED, Outcome.MOVED, Outcome.WRONG_NUMBER]
    )
    return ended.count() / days if days else 0.0


def calling_days(campaign: Campaign, first: dt.date, count: int) -> int:
    """Days with calling hours among `count` days."""
    days = (first + dt.timedelta(days=n) for n in range(count))
    return sum(bool(spans_of(campaign.hours, campaign.country, day)) for day in days)


def projected_finish(
    campaign: Campaign, progress: Progress, pace: float, at: dt.datetime
) -> dt.date | None:
    """The calling day on which the open calls will be done at the present pace; None without one."""
    if campaign.daily_capacity is not None:
        pace = min(pace, campaign.daily_capacity)
    if pace <= 0 or progress.open <= 0:
        return None
    day = at.astimezone(ZoneInfo(campaign.place.time_zone)).date()
    left = float(progress.open)
    for _n in range(MOST_DAYS):
        if spans_of(campaign.hours, campaign.country, day):
            left -= pace
        if left <= 0:
            return day
        day += dt.timedelta(days=1)
    return None


def due_now(campaign: Campaign, at: dt.datetime) -> Capped:
    """Calls that wait to be made now, counted up to 10,000."""
    waiting = Target.objects.filter(
        campaign=campaign, next_at__lte=at, finished_at=None, assigned_to=None
    )
    return count_up_to(waiting)
