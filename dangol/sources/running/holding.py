"""Who carries a run on: the last that began; every other stops at its next batch."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from dangol.sources.models import Run

TICK = dt.timedelta(microseconds=1)


class Stopped(Exception):
    """The run was stopped, or another worker carries it on."""


@transaction.atomic
def take_over(key: uuid.UUID) -> Run:
    """Carry a run on from where it stands; Stopped when it has ended or waits for an answer."""
    run = Run.objects.select_for_update(of=("self",)).select_related("source", "by").get(pk=key)
    if run.ended_at or (run.asked_at and not run.allowed_at):
        raise Stopped
    now = timezone.now()
    if run.state in {"waiting", "waits"}:
        run.begun_at = now
    run.token = max(now, (run.token or now) + TICK)
    run.save()
    return run


def hold(key: uuid.UUID, token: dt.datetime | None) -> Run:
    """The run, locked for this transaction, if it is still ours."""
    run = Run.objects.select_for_update(of=("self",)).select_related("source", "by").get(pk=key)
    if run.token != token or run.ended_at:
        raise Stopped
    return run
