"""Runs of the matching: one at a time, told of as they go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from procrastinate.contrib.django.models import ProcrastinateJob

from dangol.core.alone import Busy, alone, held
from dangol.core.models import User
from dangol.identity.audits.counting import ask_for_figures, count_figures
from dangol.identity.learned import records_known
from dangol.identity.models import Run, RunKind
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.late import Beside
from dangol.identity.recognising.stretches import ALL, crowds, match_stretch, still_waiting
from dangol.imports.models import Import
from dangol.sources.models import Run as SourceRun

JOB = "identity.match_all"
WORK, ONE_BY_ONE = "identity.matching", "identity.matching_one_by_one"
"""Comparing all records, and matching one by one: two works, since the second goes on beside the first
once that has read."""
TOO_MANY, SHARE = 2_000, 50
"""More records that wait than this, and than one in so many of those known, are matched together: one
by one they would take longer."""


LONGEST_LOAD = dt.timedelta(hours=1)
"""A load that takes longer holds up nobody."""


def run_new() -> dict[str, int]:
    """Match all records that wait, portion by portion; counts of what came of it.

    Where more wait than are matched sooner together, all records are compared instead, once those
    that are being loaded are whole; records of other sources do not wait for that, and those of
    small sources not for the comparison. What comes while one is under way is matched beside it.
    """
    counts: dict[str, int] = {"records": 0}
    if not still_waiting(1) or all_asked() and not held(WORK):
        return counts
    with suppress(Busy):
        with alone(ONE_BY_ONE):
            whole = match_one_by_one(counts)
        if counts["records"]:
            ask_for_figures()
        if whole:
            add(counts, run_full().counts)
    return counts


def match_one_by_one(counts: dict[str, int]) -> bool:
    """Match what need not wait to be compared together; whether all records are to be compared then.

    A crowd is matched one by one only while it would wait for sources that are being loaded.
    """
    beside = under_way()
    end_lost_runs(kinds=[RunKind.NEW] if beside else tuple(RunKind))
    while True:
        new = beside.new if beside else ALL
        crowd = still_waiting(TOO_MANY + 1, new) > TOO_MANY and together(new)
        but = loading() if crowd else frozenset()
        rest = new & ~Q(source__in=but)
        whole = crowd and not but and not beside
        now = small_of(rest) if whole or crowd and beside else rest
        if now is None or not still_waiting(1, now):
            return whole
        run = match_stretch(now, partial(is_enough, now), beside)
        add(counts, run.counts if run else {})
        if run is None or not crowd or not small_wait(rest):
            return whole and not all_asked()


def small_of(which: Q) -> Q | None:
    """Of records that wait, those of small sources; None where no source is larger than others."""
    behind = crowds(which)
    return which & ~Q(source__in=behind) if behind else None


def small_wait(which: Q) -> bool:
    """Whether records of small sources wait beside those of larger ones."""
    small = small_of(which)
    return small is not None and bool(still_waiting(1, small))


def is_enough(which: Q) -> bool:
    """Whether a stretch ends: a comparison of all records was asked for, or takes less by now."""
    return all_asked() or together(which) and not small_wait(which)


def under_way() -> Beside | None:
    """The comparison of all records that is being made. Raises Busy where it just begins or ends."""
    if not held(WORK):
        return None
    run = Run.objects.filter(kind=RunKind.FULL, begun_at__isnull=False, ended_at=None)
    if begun := run.order_by("-begun_at").values_list("begun_at", flat=True).first():
        return Beside(begun)
    raise Busy(WORK)


def add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    """Add what came of one more run."""
    for what, number in more.items():
        counts[what] = counts.get(what, 0) + number


def all_asked() -> bool:
    """Whether a comparison of all records waits for its turn: it takes in what is new."""
    return ProcrastinateJob.objects.filter(task_name=JOB, status="todo").exists()


def together(which: Q = ALL) -> bool:
    """Whether comparing all records takes less than matching those of `which` that wait one by one."""
    many = max(TOO_MANY, records_known() // SHARE)
    return still_waiting(many + 1, which) > many


def loading() -> frozenset[str]:
    """The sources that are being loaded right now, by file or by themselves: what they bring is
    compared when it is whole."""
    since = timezone.now() - LONGEST_LOAD
    open_ones = Import.objects.filter(finished_at=None, failed_at=None, cancelled_at=None)
    applying = SourceRun.objects.filter(ended_at=None, read_at__gt=since)
    files = open_ones.filter(started_at__gt=since).values_list("source", flat=True)
    return frozenset(files) | frozenset(applying.values_list("source__system", flat=True))


def run_full(*, key: str = "", by: User | None = None) -> Run:
    """Match all records against all; a failure is written down and raised again.

    Nothing is matched one by one while it reads what waits; then it may be, beside it.
    """
    with alone(WORK), ExitStack() as reading:
        reading.enter_context(alone(ONE_BY_ONE))
        run = Run.objects.get(pk=key) if key else Run.objects.create(kind=RunKind.FULL, by=by)
        end_lost_runs(run)
        try:
            done = match_all(run, by=run.by, read=reading.close)
        except Exception as failure:
            run.failure, run.ended_at = str(failure)[:2000], timezone.now()
            run.save(update_fields=["failure", "ended_at"])
            raise
    count_figures()
    return done


def end_lost_runs(present: Run | None = None, kinds: Collection[str] = tuple(RunKind)) -> None:
    """Runs that began and were never ended: whoever did them is gone, since this one may work."""
    lost = Run.objects.filter(begun_at__isnull=False, ended_at=None, kind__in=kinds)
    words = gettext_noop("The worker ended in the middle; the run after it did its work.")
    if present:
        lost = lost.exclude(pk=present.pk)
    lost.update(ended_at=timezone.now(), failure=words)
