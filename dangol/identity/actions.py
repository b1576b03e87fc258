"""Runs of the matching: one at a time, told of as they go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext_noop
from procrastinate.contrib.django.models import ProcrastinateJob

from dangol.core.alone import Busy, alone
from dangol.core.models import User
from dangol.identity.audits.counting import ask_for_figures, count_figures
from dangol.identity.learned import records_known
from dangol.identity.models import Run, RunKind
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.stretches import match_stretch, still_waiting
from dangol.imports.models import Import
from dangol.sources.models import Run as SourceRun

WORK, ALL = "identity.matching", "identity.match_all"
TOO_MANY, SHARE = 2_000, 50
"""More records that wait than this, and than one in so many of those known, are matched together: one
by one they would take longer."""


LONGEST_LOAD = dt.timedelta(hours=1)
"""A load that takes longer holds up nobody."""


def run_new() -> dict[str, int]:
    """Match all records that wait, portion by portion; counts of what came of it.

    Where more wait than are matched sooner together, all records are compared instead, once those
    that are being loaded are whole; records of other sources do not wait for that.
    """
    none: dict[str, int] = {"records": 0}
    if all_asked() or not (waiting := still_waiting(TOO_MANY + 1)):
        return none
    crowd = waiting > TOO_MANY and together()
    but = loading() if crowd else frozenset()
    if but and not still_waiting(1, but):
        return none
    try:
        if crowd and not but:
            return {**none, **run_full().counts}
        with alone(WORK):
            end_lost_runs()
            run = match_stretch(but, lambda: all_asked() or together(but))
    except Busy:
        return none
    if run is None:
        return none
    ask_for_figures()
    return dict(run.counts)


def all_asked() -> bool:
    """Whether a comparison of all records waits for its turn: it takes in what is new."""
    return ProcrastinateJob.objects.filter(task_name=ALL, status="todo").exists()


def together(but: Collection[str] = ()) -> bool:
    """Whether comparing all records takes less than matching those that wait one by one."""
    many = max(TOO_MANY, records_known() // SHARE)
    return still_waiting(many + 1, but) > many


def loading() -> frozenset[str]:
    """The sources that are being loaded right now, by file or by themselves: what they bring is
    compared when it is whole."""
    since = timezone.now() - LONGEST_LOAD
    open_ones = Import.objects.filter(finished_at=None, failed_at=None, cancelled_at=None)
    applying = SourceRun.objects.filter(ended_at=None, read_at__gt=since)
    files = open_ones.filter(started_at__gt=since).values_list("source", flat=True)
    return frozenset(files) | frozenset(applying.values_list("source__system", flat=True))


def run_full(*, key: str = "", by: User | None = None) -> Run:
    """Match all records against all; a failure is written down and raised again."""
    with alone(WORK):
        run = Run.objects.get(pk=key) if key else Run.objects.create(kind=RunKind.FULL, by=by)
        end_lost_runs(run)
        try:
            done = match_all(run, by=run.by)
        except Exception as failure:
            run.failure, run.ended_at = str(failure)[:2000], timezone.now()
            run.save(update_fields=["failure", "ended_at"])
            raise
    count_figures()
    return done


def end_lost_runs(present: Run | None = None) -> None:
    """Runs that began and were never ended: whoever did them is gone, since this one may work."""
    lost = Run.objects.filter(begun_at__isnull=False, ended_at=None)
    words = gettext_noop("The worker ended in the middle; the run after it did its work.")
    if present:
        lost = lost.exclude(pk=present.pk)
    lost.update(ended_at=timezone.now(), failure=words)
