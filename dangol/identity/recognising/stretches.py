"""A stretch of matching one by one: from the first record that waits until none does, told as a run."""

from __future__ import annotations

import logging

from django.db import IntegrityError, OperationalError
from django.utils import timezone

from dangol.core.anew import lost_a_race
from dangol.customers.records.models import SourceRecord
from dangol.identity.models import Run, RunKind
from dangol.identity.recognising.candidates import TO_MATCH
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.recognising.progress import count

log = logging.getLogger(__name__)
MOST = 10_000
"""So far the records that still wait are counted for how far the run is."""


def still_waiting(most: int = MOST) -> int:
    """How many records wait, up to so many."""
    rows = SourceRecord.objects.filter(TO_MATCH)
    return len(rows.values_list("pk")[:most])


def match_stretch() -> Run | None:
    """Match all records that wait, portion by portion, and keep how far that is; None for nothing.

    Records that fail are told in the run; the next comparison of all records takes them in.
    """
    run = Run.objects.create(
        kind=RunKind.NEW, begun_at=timezone.now(), step="match", total=still_waiting()
    )
    failures: list[str] = []
    try:
        while (counts := match_waiting(failures=failures))["records"]:
            count(run, counts)
            run.done += counts["records"]
            run.total = max(run.total, run.done + still_waiting())
            run.save(update_fields=["counts", "done", "total"])
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
