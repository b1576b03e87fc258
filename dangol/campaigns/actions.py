"""The agent's side of a programme: claim, keep, give back, record, and what is done with due calls."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.campaigns.events import TargetFinished
from dangol.campaigns.hours import next_calling_time
from dangol.campaigns.models import (
    LATER,
    PROMISED,
    Allowance,
    Attempt,
    Campaign,
    Decision,
    Reason,
    Stage,
    Target,
)  # fmt: skip
from dangol.campaigns.queries import Slot, open_slots
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.queries import usable_phones
from dangol.interactions.models import Interaction, Outcome

LEASE = dt.timedelta(minutes=3)
"""A desk renews every few seconds; one that is silent for so long has crashed."""


@transaction.atomic
def claim_next(agent: User, *, at: dt.datetime | None = None) -> Target | None:
    """Hand the best due call to an agent; two agents never get the same. None: nothing is due."""
    at = at or timezone.now()
    key = claim_in(open_slots(agent, at), agent.pk, at)
    if key is None:
        return None
    return Target.objects.select_related("customer", "stage", "campaign", "thread", "place").get(
        pk=key
    )


def claim_in(slots: list[Slot], agent_id: uuid.UUID, at: dt.datetime) -> uuid.UUID | None:
    """The claim itself: one round trip to the database."""
    if not slots:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT campaigns_claim(%s, %s, make_interval(secs => %s), %s::uuid[], %s::text[], %s::date[],"
            " %s::int[], %s::int[], %s::int[])",
            [
                agent_id, at, LEASE.total_seconds(),
                [s.campaign.pk for s in slots], [s.zone for s in slots], [s.day for s in slots],
                [s.campaign.daily_capacity for s in slots],
                [s.campaign.quarantine_days for s in slots],
                [s.campaign.valid_days for s in slots],
            ],
        )  # fmt: skip
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def renew_lease(target: Target, agent: User, *, at: dt.datetime | None = None) -> bool:
    """The desk is alive: keep the call a little longer; False when it is no longer the agent's."""
    at = at or timezone.now()
    held = Target.objects.filter(pk=target.pk, leased_by=agent, finished_at=None)
    return bool(held.update(next_at=Greatest("next_at", at + LEASE)))


def _locked(target: Target) -> Target:
    return Target.objects.select_for_update(of=("self",)).select_related("campaign", "stage").get(
        pk=target.pk
    )  # fmt: skip


@transaction.atomic
def release(target: Target, agent: User, *, at: dt.datetime | None = None) -> bool:
    """Give a call back that was not tried; only who holds it can, and a second time changes nothing."""
    at, row = at or timezone.now(), _locked(target)
    if row.leased_by_id != agent.pk or row.finished_at:
        return False
    if row.leased_at:
        used = Allowance.objects.filter(
            campaign=row.campaign, on=_day(row, row.leased_at), used__gt=0
        )
        used.update(used=F("used") - 1)
    row.leased_by, row.leased_at, row.next_at = None, None, at
    row.save(update_fields=["leased_by", "leased_at", "next_at"])
    return True


def _day(row: Target, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(row.zone)).date()


@transaction.atomic
def record_outcome(
    target: Target,
    outcome: str,
    *,
    interaction: Interaction,
    by: User | None,
    at: dt.datetime | None = None,
    call_back_at: dt.datetime | None = None,
) -> Target:
    """Write one try and decide: finished, or when to try again; the same conversation counts once."""
    at, outcome = at or timezone.now(), Outcome(outcome)
    if outcome == Outcome.CALL_BACK and (call_back_at is None or call_back_at <= at):
        raise ValidationError({"call_back_at": _("Say when to call back, later than now.")})
    row = _locked(target)
    _attempt, fresh = Attempt.objects.get_or_create(
        interaction=interaction,
        defaults={
            "target": row, "campaign": row.campaign, "stage": row.stage,
            "agent": by, "outcome": outcome, "at": at,
        },
    )  # fmt: skip
    if not fresh or row.finished_at:
        return row
    row.attempts_made += 1
    row.leased_by, row.leased_at = None, None
    again = _next_try(row, outcome, at, call_back_at)
    if again is None:
        _finish(row, _result(row, outcome), at=at, by=by)
        if str(outcome) in row.stage.waits and row.attempts_made >= row.stage.max_attempts:
            _say_why(row, Reason.ATTEMPTS_SPENT, at)
    else:
        row.next_at = again
        if outcome == Outcome.CALL_BACK:
            row.level, row.assigned_to = PROMISED, None
    row.save()
    return row


def _next_try(
    row: Target, outcome: str, at: dt.datetime, call_back_at: dt.datetime | None
) -> dt.datetime | None:
    """When to try again after this outcome; None when the call is over."""
    campaign, stage = row.campaign, row.stage
    if outcome == Outcome.CALL_BACK:
        again = call_back_at
    elif outcome == Outcome.WRONG_NUMBER and usable_phones(row.customer_id).exists():
        again = at
    elif str(outcome) in stage.waits:
        again = at + dt.timedelta(minutes=stage.waits[outcome])
    else:
        return None
    if outcome != Outcome.CALL_BACK and row.attempts_made >= stage.max_attempts:
        return None
    again = next_calling_time(campaign.hours, campaign.country, row.zone, again or at)
    if campaign.ends_on and _day(row, again) > campaign.ends_on:
        return None
    return again


def _result(row: Target, outcome: str) -> str:
    return str(outcome) if outcome != Outcome.CALL_BACK else Reason.PROGRAMME_ENDED


def _finish(row: Target, result: str, *, at: dt.datetime, by: User | None) -> None:
    """The due call has come to its end."""
    row.finished_at, row.finished_by, row.result = at, by, result
    row.leased_by, row.leased_at = None, None
    event = TargetFinished(
        subject_id=row.pk, thread_id=row.thread_id, customer_id=row.customer_id,
        place_id=row.place_id, campaign_id=row.campaign_id, result=result,
    )  # fmt: skip
    publish(event, by=by, at=at)


@transaction.atomic
def drop(
    target: Target, *, by: User | None, at: dt.datetime | None = None, reason: str = Reason.DROPPED
) -> bool:
    """Take a due call off the list; one that an agent holds, or that is finished, stays."""
    at, row = at or timezone.now(), _locked(target)
    if row.finished_at or (row.leased_by_id and row.next_at > at):
        return False
    _finish(row, Reason(reason), at=at, by=by)
    row.save()
    _say_why(row, reason, at)
    if by:
        record_change("drop_target", row, by=by, changes={"result": ["", str(reason)]})
    return True


def _say_why(row: Target, reason: str, at: dt.datetime) -> None:
    """Write why a due call came to its end without the customer."""
    Decision.objects.create(
        campaign=row.campaign, stage=row.stage, customer_id=row.customer_id,
        transaction_id=row.transaction_id, target=row, chosen=False, reason=reason, at=at,
        making=False, facts={"due_on": row.due_on.isoformat()},
    )  # fmt: skip


def keys_of(row: Target) -> dict[str, str | None]:
    """Whose call it is, and of which stage, as the trail keeps it."""
    agent = row.assigned_to_id
    return {"assigned_to": str(agent) if agent else None, "stage": str(row.stage_id)}


@transaction.atomic
def hand_over(
    targets: Iterable[uuid.UUID],
    *,
    by: User,
    at: dt.datetime | None = None,
    agent: User | None = None,
    stage: Stage | None = None,
) -> int:
    """Give waiting calls to an agent, to another programme's stage, or (neither) back to everybody."""
    at = at or timezone.now()
    rows = Target.objects.select_for_update(of=("self",)).filter(
        pk__in=list(targets), finished_at=None
    )
    moved = 0
    for row in rows.order_by("pk"):
        if row.leased_by_id and row.next_at > at:
            continue
        before = keys_of(row)
        if stage is not None:
            if (
                Target.objects.filter(stage=stage, occasion=row.occasion)
                .exclude(pk=row.pk)
                .exists()
            ):
                continue
            row.stage, row.campaign = stage, stage.campaign
        row.assigned_to = agent
        row.save(update_fields=["stage", "campaign", "assigned_to"])
        changes = {name: [before[name], after] for name, after in keys_of(row).items()}
        record_change("hand_over", row, by=by, changes=changes)
        moved += 1
    return moved


@transaction.atomic
def reprioritise(targets: Iterable[uuid.UUID], level: int, *, by: User) -> int:
    """Let waiting calls come sooner or later within their programme; promised ones stay first."""
    if level not in range(PROMISED + 1, LATER + 1):
        raise ValidationError({"level": _("Choose sooner, ordinary or later.")})
    rows = Target.objects.filter(pk__in=list(targets), finished_at=None, level__gt=PROMISED)
    keys = list(rows.values_list("pk", flat=True))
    for row in Target.objects.filter(pk__in=keys):
        record_change("reprioritise", row, by=by, changes={"level": [row.level, level]})
    return Target.objects.filter(pk__in=keys).update(level=level)


__all__ = [
    "Campaign",
    "claim_next",
    "drop",
    "hand_over",
    "record_outcome",
    "release",
    "renew_lease",
]
