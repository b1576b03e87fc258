"""Runs of the matching: one at a time, told of as they go."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.alone import Busy, alone
from dangol.core.models import User
from dangol.customers.models import SourceRecord
from dangol.identity.matching.kinds import KINDS
from dangol.identity.models import Run, RunKind
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting
from dangol.imports.models import Import

WORK = "identity.matching"
TOO_MANY = 2_000
"""So many records that wait are matched together: one by one would take minutes."""


LONGEST_LOAD = dt.timedelta(hours=1)
"""A load that takes longer holds up nobody."""


def run_new() -> dict[str, int]:
    """Match all records that wait, portion by portion; counts of what came of it."""
    total: dict[str, int] = {"records": 0}
    begun = timezone.now()
    waiting = SourceRecord.objects.filter(unread=True, kind__in=KINDS)
    try:
        if len(waiting.values_list("pk")[: TOO_MANY + 1]) > TOO_MANY:
            return total if loading() else {**total, **run_full().counts}
        with alone(WORK):
            while (counts := match_waiting())["records"]:
                for what, number in counts.items():
                    total[what] = total.get(what, 0) + number
    except Busy:
        return total
    if total["records"]:
        Run.objects.create(
            kind=RunKind.NEW, begun_at=begun, ended_at=timezone.now(), counts=total
        )  # fmt: skip
    return total


def loading() -> bool:
    """Whether a file is being loaded right now: what it brings is compared when it is whole."""
    since = timezone.now() - LONGEST_LOAD
    open_ones = Import.objects.filter(finished_at=None, failed_at=None, cancelled_at=None)
    return open_ones.filter(started_at__gt=since).exists()


def run_full(*, key: str = "", by: User | None = None) -> Run:
    """Match all records against all; a failure is written down and raised again."""
    with alone(WORK):
        run = Run.objects.get(pk=key) if key else Run.objects.create(kind=RunKind.FULL, by=by)
        end_lost_runs(run)
        try:
            return match_all(run, by=run.by)
        except Exception as failure:
            run.failure, run.ended_at = str(failure)[:2000], timezone.now()
            run.save(update_fields=["failure", "ended_at"])
            raise


def end_lost_runs(present: Run) -> None:
    """Runs that began and were never ended: whoever did them is gone, since this one may work."""
    lost = Run.objects.filter(kind=RunKind.FULL, begun_at__isnull=False, ended_at=None)
    words = _("The worker ended in the middle; the run after it did its work.")
    lost.exclude(pk=present.pk).update(ended_at=timezone.now(), failure=words)
