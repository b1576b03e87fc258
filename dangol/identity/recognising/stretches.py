"""A stretch of matching one by one: from the first record that waits until none does, told as a run."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import IntegrityError, OperationalError
from django.db.models import Count, Q
from django.utils import timezone

from dangol.core.anew import lost_a_race
from dangol.customers.records.models import SourceRecord
from dangol.identity import portions
from dangol.identity.models import Run, RunKind
from dangol.identity.portions import Pace
from dangol.identity.recognising.candidates import TO_MATCH
from dangol.identity.recognising.late import Beside
from dangol.identity.recognising.new_records import AT_ONCE, match_waiting
from dangol.identity.recognising.progress import count

log = logging.getLogger(__name__)
MOST = 10_000
"""So far the records that still wait are counted for how far the run is."""
LOOK = 5.0
"""Seconds after which a stretch looks whether to end, and who waits."""
FEW = 200
"""The smallest sources go first, as long as no more records than this wait of them together."""
ALL = Q()


def still_waiting(most: int = MOST, which: Q = ALL) -> int:
    """How many records wait, or of `which` of them, up to so many."""
    return len(SourceRecord.objects.filter(TO_MATCH & which).values_list("pk")[:most])


def crowds(which: Q = ALL) -> frozenset[str]:
    """The sources that wait behind others: all but the smallest. None where all are small."""
    asked = SourceRecord.objects.filter(TO_MATCH & which).values("source")
    sizes = asked.annotate(many=Count("pk")).values_list("many", "source")
    behind, together = set(), 0
    for many, source in sorted(sizes):
        together += many
        if together > FEW:
            behind.add(source)
    return frozenset(behind)


def match_stretch(
    which: Q = ALL,
    enough: Callable[[], bool] = lambda: False,
    beside: Beside | None = None,
) -> Run | None:
    """Match all records that wait, or `which` of them, portion by portion, small sources first, and keep
    how far that is; None for nothing.

    When it is `enough` the stretch ends with a portion. Records that fail are told in the run; the
    next comparison of all records takes them in.
    """
    run = Run.objects.create(
        kind=RunKind.NEW, begun_at=timezone.now(), step="match", total=still_waiting(which=which)
    )
    failures: list[str] = []
    try:
        _match_portions(run, which, enough, beside, failures)
    except (OperationalError, IntegrityError) as failure:
        if not lost_a_race(failure):
            failures.append(str(failure))
            raise
        log.info("the stretch ends: others write of the same customers; the next one goes on")
    except Exception as failure:
        failures.append(str(failure))
        raise
    finally:
        run.failure, run.ended_at, run.step = "\n".join(failures)[:2000], timezone.now(), ""
        run.save()
    if run.done:
        return run
    run.delete()  # somebody edits the only customer who waits: left for the next time
    return None


def _match_portions(
    run: Run, which: Q, enough: Callable[[], bool], beside: Beside | None, failures: list[str]
) -> None:
    pace, behind, look = Pace(AT_ONCE), crowds(which), portions.clock() + LOOK
    while counts := match_next(pace, which, behind, beside, failures):
        count(run, counts)
        run.done += counts["records"]
        run.total = max(run.total, run.done + still_waiting(which=which))
        run.save(update_fields=["counts", "done", "total"])
        if portions.clock() >= look:
            if enough():
                return
            behind, look = crowds(which), portions.clock() + LOOK


def match_next(
    pace: Pace, which: Q, behind: frozenset[str], beside: Beside | None, failures: list[str]
) -> dict[str, int] | None:
    """Match the next portion: of those who wait behind nobody, else of all; None when nothing is left."""
    first = [~Q(source__in=behind)] if behind else []
    for ahead in (*first, ALL):
        asked = which & ahead & (beside.new if beside else ALL)
        if behind and not still_waiting(1, asked):
            continue
        left = len(beside.left) if beside else 0
        counts = match_waiting(pace.limit, failures=failures, which=asked, beside=beside, pace=pace)
        tried = counts["records"] + (len(beside.left) - left if beside else 0)
        if tried:
            pace.ended(tried)
            return counts
    return None
