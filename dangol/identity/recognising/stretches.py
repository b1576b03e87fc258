"""A stretch of matching one by one: from the first record that waits until none does, told as a run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection

from django.db import IntegrityError, OperationalError
from django.utils import timezone

from dangol.core.anew import lost_a_race
from dangol.customers.records.models import SourceRecord
from dangol.identity.models import Run, RunKind
from dangol.identity.recognising.candidates import TO_MATCH
from dangol.identity.recognising.new_records import AT_ONCE, match_waiting
from dangol.identity.recognising.progress import count

log = logging.getLogger(__name__)
MOST = 10_000
"""So far the records that still wait are counted for how far the run is."""
SHORT = 0.5
"""Seconds that a portion takes, about: who merges or undoes by hand waits for it."""
LOOK = 5.0
"""Seconds after which a stretch looks whether to end."""


def still_waiting(most: int = MOST, but: Collection[str] = ()) -> int:
    """How many records wait, up to so many, but of some sources."""
    rows = SourceRecord.objects.filter(TO_MATCH).exclude(source__in=but)
    return len(rows.values_list("pk")[:most])


def match_stretch(
    but: Collection[str] = (), enough: Callable[[], bool] = lambda: False
) -> Run | None:
    """Match all records that wait, portion by portion, and keep how far that is; None for nothing.

    Records of the sources `but` are left for later. When it is `enough` the stretch ends with a
    portion. Records that fail are told in the run; the next comparison of all records takes them in.
    """
    run = Run.objects.create(
        kind=RunKind.NEW, begun_at=timezone.now(), step="match", total=still_waiting(but=but)
    )
    failures: list[str] = []
    limit, look = AT_ONCE, time.monotonic() + LOOK
    try:
        began = time.monotonic()
        while records := (counts := match_waiting(limit, failures=failures, but=but))["records"]:
            count(run, counts)
            run.done += records
            run.total = max(run.total, run.done + still_waiting(but=but))
            run.save(update_fields=["counts", "done", "total"])
            limit = as_many_as_fit((time.monotonic() - began) / records)
            if (began := time.monotonic()) >= look:
                if enough():
                    break
                look = began + LOOK
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


def as_many_as_fit(seconds: float) -> int:
    """How many records make a portion, where one takes so long."""
    return max(1, min(AT_ONCE, int(SHORT / max(seconds, 0.001))))
