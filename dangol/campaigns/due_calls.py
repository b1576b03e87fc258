"""Calls fall due: from transactions by the day, and from resolved cases at once."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from dangol.campaigns.events import DueCallsMade
from dangol.campaigns.hours import next_calling_time, opening
from dangol.campaigns.making import make_day
from dangol.campaigns.models import PROMISED, Campaign, Decision, Purpose, Reason, Stage, Target
from dangol.core.events import publish
from dangol.core.jobs import one_by_one
from dangol.interactions.models import Thread

ONE_DAY = dt.timedelta(days=1)


def make_due_calls(at: dt.datetime | None = None) -> dict[uuid.UUID, tuple[int, int]]:
    """Make every programme's calls that fell due by an instant; twice or late gives the same list.

    Returns (chosen, skipped) for each programme. Programmes are made one by one, each in its
    own transaction, so that one is never held up by another.
    """
    at = at or timezone.now()
    running = Campaign.objects.filter(starts_on__lte=at.date() + ONE_DAY)
    running = running.exclude(purpose=Purpose.CONFIRMATION)
    keys = list(running.order_by("priority", "pk").values_list("pk", flat=True))
    return dict(one_by_one(keys, lambda key: (key, make_programme(key, at))))


@transaction.atomic
def make_programme(campaign_id: uuid.UUID, at: dt.datetime) -> tuple[int, int]:
    """The same for one programme, day by day from where the last run stopped."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("place").get(
        pk=campaign_id
    )  # fmt: skip
    today = at.astimezone(ZoneInfo(campaign.place.time_zone)).date()
    last = min(today, campaign.ends_on or today)
    day = max(campaign.starts_on, today - dt.timedelta(days=campaign.valid_days))
    if campaign.made_until:
        # The day itself and the one before are looked at again: transactions still arrive.
        day = max(day, campaign.made_until - ONE_DAY)
    span = (campaign.place.lo, campaign.place.hi) if campaign.place.parent_id else None
    chosen = skipped = 0
    while day <= last:
        yes, no = make_day(
            campaign.pk, day, at=at, quarantine_days=campaign.quarantine_days, span=span,
            opens=opening(campaign.hours, day), zone=campaign.place.time_zone,
        )  # fmt: skip
        chosen, skipped, day = chosen + yes, skipped + no, day + ONE_DAY
    campaign.made_until = last
    campaign.save(update_fields=["made_until"])
    if campaign.ends_on and campaign.ends_on < today:
        give_up_rest(campaign, at)
    fold_tallies(campaign.pk)
    if chosen or skipped:
        event = DueCallsMade(
            subject_id=campaign.pk, place_id=campaign.place_id, chosen=chosen, skipped=skipped
        )
        publish(event, by=None, at=at)
    return chosen, skipped


def give_up_rest(campaign: Campaign, at: dt.datetime) -> None:
    """The programme is over: whoever was not called is told so in the list."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH ended AS (
                 UPDATE campaigns_target SET finished_at = %(at)s, result = %(result)s,
                        leased_by_id = NULL, leased_at = NULL
                 WHERE campaign_id = %(campaign)s AND finished_at IS NULL
                   AND NOT (leased_by_id IS NOT NULL AND next_at > %(at)s)
                 RETURNING *)
               INSERT INTO campaigns_decision (id, created_at, campaign_id, stage_id, customer_id,
                   transaction_id, target_id, chosen, reason, facts, at, making)
               SELECT uuidv7(), %(at)s, campaign_id, stage_id, customer_id, transaction_id, id,
                      false, %(result)s, jsonb_build_object('due_on', due_on,
                      'ends_on', %(ends_on)s::date), %(at)s, false FROM ended""",
            {
                "at": at, "campaign": campaign.pk, "ends_on": campaign.ends_on,
                "result": Reason.PROGRAMME_ENDED.value,
            },
        )  # fmt: skip


def fold_tallies(campaign_id: uuid.UUID) -> None:
    """Add the small counts of a programme up, so that reading them stays short."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH gone AS (
                 DELETE FROM campaigns_tally WHERE stage_id IN
                   (SELECT id FROM campaigns_stage WHERE campaign_id = %s)
                 RETURNING stage_id, result, amount)
               INSERT INTO campaigns_tally (stage_id, result, amount)
               SELECT stage_id, result, sum(amount) FROM gone GROUP BY 1, 2
               HAVING sum(amount) <> 0""",
            [campaign_id],
        )


@transaction.atomic
def make_again_from(first_at: dt.datetime) -> int:
    """Transactions came late: programmes look again at the due days that they may belong to."""
    rewound = 0
    rows = Campaign.objects.select_for_update(of=("self",)).filter(made_until__isnull=False)
    for campaign in rows.order_by("pk"):
        soonest = campaign.stages.filter(ended_at=None).aggregate(days=Min("days_after"))["days"]
        if soonest is None:
            continue
        day = first_at.date() + dt.timedelta(days=soonest)
        if day < campaign.made_until:
            campaign.made_until = day
            campaign.save(update_fields=["made_until"])
            rewound += 1
    return rewound


@transaction.atomic
def make_confirmation(
    *, case_id: uuid.UUID, thread_id: uuid.UUID, occasion: uuid.UUID, at: dt.datetime
) -> Target | None:
    """A case was resolved: ask its customer at once, in the first confirmation programme that runs."""
    thread = Thread.objects.select_related("place", "customer").get(pk=thread_id)
    stage = confirmation_stage(thread, at)
    if stage is None:
        return None
    open_one = Target.objects.filter(stage=stage, subject_id=case_id, finished_at=None).first()
    if open_one:
        return open_one
    campaign, zone = stage.campaign, thread.place.time_zone if thread.place else "Asia/Seoul"
    due = next_calling_time(campaign.hours, campaign.country, zone, at)
    target, fresh = Target.objects.get_or_create(
        stage=stage, occasion=occasion,
        defaults={
            "campaign": campaign, "customer": thread.customer, "thread": thread,
            "transaction_id": thread.transaction_id, "place": thread.place, "subject_id": case_id,
            "due_on": due.astimezone(ZoneInfo(zone)).date(), "due_at": at, "next_at": at,
            "level": PROMISED, "zone": zone,
        },
    )  # fmt: skip
    if fresh:
        Decision.objects.create(
            campaign=campaign, stage=stage, customer=thread.customer, target=target, chosen=True,
            reason=Reason.CHOSEN, at=at, making=False, facts={"case": str(case_id)},
        )  # fmt: skip
    return target


def confirmation_stage(thread: Thread, at: dt.datetime) -> Stage | None:
    """The first stage of the best running confirmation programme that covers the thread's place."""
    day = at.date()
    stages = Stage.objects.filter(
        ended_at=None,
        campaign__purpose=Purpose.CONFIRMATION,
        campaign__starts_on__lte=day + ONE_DAY,
    ).select_related("campaign__place")
    for stage in stages.order_by("campaign__priority", "campaign__created_at", "order"):
        campaign, place = stage.campaign, thread.place
        over = campaign.ends_on and campaign.ends_on < day
        covers = campaign.place.parent_id is None or (
            place is not None and campaign.place.lo <= place.lo <= campaign.place.hi
        )
        if covers and not over:
            return stage
    return None
