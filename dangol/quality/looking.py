"""Measuring at once what the night measures: asked for by a person, done by a worker, one at a time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from dangol.core.alone import held
from dangol.core.audit import record_change
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.quality.models import Look

JOB = "quality.look_every_night"
NEWEST = 10
WORK = "quality"
"""The work that is done by one at a time (see core.alone)."""
STEPS: dict[str, str | Promise] = {
    "checks": gettext_lazy("Counting what was tried"),
    "time": gettext_lazy("Timing verifications"),
    "decay": gettext_lazy("Learning how contact points go wrong"),
    "chances": gettext_lazy("Telling each contact point’s chance"),
    "records": gettext_lazy("Looking at every record"),
    "tasks": gettext_lazy("Making the sites’ tasks"),
}
"""What a look does, in its order."""


def looks_now() -> tuple[Look | None, Look | None]:
    """The look that runs now or waits for a worker, and the one that ended last."""
    newest = list(Look.objects.order_by("-created_at")[:NEWEST])
    open_ones = [one for one in reversed(newest) if one.ended_at is None]
    ended = [one for one in newest if one.ended_at]
    last = max(ended, key=lambda one: one.ended_at, default=None)  # type: ignore[arg-type, return-value]
    return next((one for one in open_ones if is_alive(one)), None), last


def is_alive(look: Look) -> bool:
    """Whether somebody works at a look, or will."""
    return bool(look.begun_at and held(WORK)) or waits_for_a_worker(look)


def waits_for_a_worker(look: Look) -> bool:
    """Whether a job will still begin this look."""
    return ProcrastinateJob.objects.filter(
        task_name=JOB, args__key=str(look.pk), status__in=("todo", "doing")
    ).exists()


@transaction.atomic
def ask_for_look(*, by: User | None) -> Look:
    """Have everything measured in the background; one that waits or runs is answered instead."""
    for one in Look.objects.select_for_update().filter(ended_at=None).order_by("created_at"):
        if is_alive(one):
            return one
        # Its worker is gone, or none ever came.
        one.ended_at, one.failure = timezone.now(), "lost"
        one.save(update_fields=["ended_at", "failure"])
    look = Look.objects.create(by=by, asked=True)
    try:
        with transaction.atomic():
            app.configure_task(JOB, queueing_lock=JOB).defer(key=str(look.pk))
    except AlreadyEnqueued:
        # The nightly one waits already; this one follows it under a lock of its own.
        app.configure_task(JOB, queueing_lock=f"{JOB} {look.pk}").defer(key=str(look.pk))
    record_change("ask_for_look", look, by=by)
    return look
