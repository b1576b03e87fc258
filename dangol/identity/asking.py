"""Runs that somebody asks for."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from dangol.core.audit import record_change
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.identity.models import Run, RunKind


@transaction.atomic
def ask_for_run(*, by: User | None) -> Run:
    """Have all records matched against all in the background; one that waits or runs is answered
    instead of another."""
    unended = Run.objects.select_for_update().filter(kind=RunKind.FULL, ended_at=None)
    for under_way in unended.order_by("-created_at"):
        if under_way.begun_at or waits_for_a_worker(under_way):
            return under_way
        # Nobody will ever begin it: its job was given up, or it never had one.
        under_way.ended_at, under_way.failure = (
            timezone.now(),
            gettext_noop("No worker ever began it."),
        )
        under_way.save(update_fields=["ended_at", "failure"])
    run = Run.objects.create(kind=RunKind.FULL, by=by)
    try:
        with transaction.atomic():
            app.configure_task("identity.match_all", queueing_lock="identity.match_all").defer(
                key=str(run.pk)
            )
    except AlreadyEnqueued:
        # The nightly run waits already; this one follows it under a lock of its own.
        app.configure_task(
            "identity.match_all", queueing_lock=f"identity.match_all {run.pk}"
        ).defer(key=str(run.pk))
    record_change("ask_for_run", run, by=by)
    return run


def waits_for_a_worker(run: Run) -> bool:
    """Whether a job will still begin this run."""
    return ProcrastinateJob.objects.filter(
        task_name="identity.match_all", args__key=str(run.pk), status__in=("todo", "doing")
    ).exists()
