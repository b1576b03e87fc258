"""Runs that somebody asks for."""

from __future__ import annotations

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from dangol.core.audit import record_change
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.identity.models import Run, RunKind


@transaction.atomic
def ask_for_run(*, by: User | None) -> Run:
    """Have all records matched against all in the background; one that waits or runs is answered
    instead of another."""
    under_way = (
        Run.objects.select_for_update().filter(kind=RunKind.FULL, ended_at=None).order_by("-created_at").first()
    )  # fmt: skip
    if under_way:
        return under_way
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
