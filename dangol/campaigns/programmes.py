"""Writes over programmes and their stages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.campaigns.events import ProgrammePaused, ProgrammeResumed, StagesChanged
from dangol.campaigns.models import Campaign, Stage
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User


class Changed(ValidationError):
    """Somebody else changed the programme meanwhile."""


@transaction.atomic
def open_programme(*, by: User | None, **fields: Any) -> Campaign:
    """Begin a programme; it makes no calls before it has a stage."""
    campaign = Campaign(**fields)
    campaign.full_clean()
    campaign.save(force_insert=True)
    record_change("open_programme", campaign, by=by, changes={"name": [None, campaign.name]})
    return campaign


@transaction.atomic
def change_programme(
    campaign: Campaign, *, by: User | None, seen: int | None = None, **fields: Any
) -> Campaign:
    """Change a programme's rules; refused when it changed since it was seen."""
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if seen is not None and seen != row.revision:
        raise Changed(_("Somebody else changed this programme meanwhile."))
    changes = {k: [getattr(row, k), v] for k, v in fields.items() if getattr(row, k) != v}
    if not changes:
        return row
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision += 1
    if "starts_on" in changes:
        row.made_until = None
    row.full_clean()
    row.save()
    record_change("change_programme", row, by=by, changes=changes)
    return row


@transaction.atomic
def pause(campaign: Campaign, *, by: User, at: dt.datetime | None = None) -> Campaign:
    """Hand out no more calls; a second time changes nothing."""
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if row.paused_at is None:
        row.paused_at, row.paused_by = at or timezone.now(), by
        row.save(update_fields=["paused_at", "paused_by"])
        record_change("pause", row, by=by, changes={"paused_at": [None, row.paused_at]})
        publish(ProgrammePaused(subject_id=row.pk, place_id=row.place_id), by=by, at=row.paused_at)
    return row


@transaction.atomic
def resume(campaign: Campaign, *, by: User, at: dt.datetime | None = None) -> Campaign:
    """Hand out calls again; a second time changes nothing."""
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if row.paused_at is not None:
        record_change("resume", row, by=by, changes={"paused_at": [row.paused_at, None]})
        row.paused_at = row.paused_by = None
        row.save(update_fields=["paused_at", "paused_by"])
        publish(ProgrammeResumed(subject_id=row.pk, place_id=row.place_id), by=by, at=at)
    return row


@transaction.atomic
def add_stage(campaign: Campaign, *, by: User | None, **fields: Any) -> Stage:
    """Add a call to a programme; the days that are still valid are made again for it."""
    row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    fields.setdefault("order", row.stages.filter(ended_at=None).count() + 1)
    stage = Stage(campaign=row, **fields)
    stage.full_clean()
    stage.save(force_insert=True)
    row.made_until = None
    row.save(update_fields=["made_until"])
    record_change("add_stage", row, by=by, changes={"stage": [None, stage.name]})
    publish(StagesChanged(subject_id=row.pk, place_id=row.place_id), by=by)
    return stage


@transaction.atomic
def change_stage(stage: Stage, *, by: User | None, **fields: Any) -> Stage:
    """Change a stage; calls that are already due keep their place in the list."""
    row = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    changes = {k: [getattr(row, k), v] for k, v in fields.items() if getattr(row, k) != v}
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    if changes:
        record_change("change_stage", row, by=by, changes=changes)
        Campaign.objects.filter(pk=row.campaign_id).update(made_until=None)
        publish(StagesChanged(subject_id=row.campaign_id, place_id=row.campaign.place_id), by=by)
    return row


@transaction.atomic
def end_stage(stage: Stage, *, by: User, at: dt.datetime | None = None) -> Stage:
    """Make no more calls of a stage; those already due stay."""
    row = Stage.objects.select_for_update(of=("self",)).get(pk=stage.pk)
    if row.ended_at is None:
        row.ended_at = at or timezone.now()
        row.save(update_fields=["ended_at"])
        record_change("end_stage", row, by=by, changes={"ended_at": [None, row.ended_at]})
    return row
