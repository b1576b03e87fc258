"""Runs of the matching: one at a time, told of as they go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from dangol.core.models import User
from dangol.identity.models import Run, RunKind
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting

LOCK = 0x1DE7
TOO_MANY = 20_000
"""So many records that wait are united together: one by one would take hours."""


class Busy(Exception):
    """Another run is under way."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of the matching, which is given back when the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Busy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def run_new() -> dict[str, int]:
    """Match all records that wait, portion by portion; counts of what came of it."""
    total: dict[str, int] = {"records": 0}
    try:
        with alone():
            while (counts := match_waiting())["records"]:
                for what, number in counts.items():
                    total[what] = total.get(what, 0) + number
    except Busy:
        return total
    if total["records"]:
        now = timezone.now()
        Run.objects.create(kind=RunKind.NEW, begun_at=now, ended_at=now, counts=total)
    return total


def run_full(*, key: str = "", by: User | None = None) -> Run:
    """Match all records against all; a failure is written down and raised again."""
    run = Run.objects.get(pk=key) if key else Run.objects.create(kind=RunKind.FULL, by=by)
    with alone():
        try:
            return match_all(run, by=run.by)
        except Exception as failure:
            run.failure, run.ended_at = str(failure)[:2000], timezone.now()
            run.save(update_fields=["failure", "ended_at"])
            raise
