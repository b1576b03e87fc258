"""A run that Dangol's own database refuses is tried again, and fails visibly when no try is left."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection

from dangol.core.models import Notice
from dangol.sources import jobs
from dangol.sources.actions import start_run
from dangol.sources.jobs import TRIES
from dangol.sources.models import LandedRow, Run
from dangol.sources.running.giving_up import failure_text
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run() -> Run:
    put("people.csv", [HEADINGS, *PEOPLE])
    return start_run(a_source(), by=None, now=False)


def tried(run: Run, before: int) -> None:
    """The job as the worker calls it after so many tries."""
    job = type("Job", (), {"attempts": before})
    jobs.run(type("Context", (), {"job": job}), str(run.pk))


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_after_the_last_try_the_run_has_failed_and_people_are_told(run, world, monkeypatch, kind):
    def refused(key: object) -> None:
        raise kind("no space left on device")

    monkeypatch.setattr(jobs, "carry_on", refused)
    for before in range(TRIES - 1):
        with pytest.raises(kind):
            tried(run, before)
    run.refresh_from_db()
    assert run.ended_at is None and not Notice.objects.exists()
    with pytest.raises(kind):  # the log of whoever runs Dangol holds the rest
        tried(run, TRIES - 1)
    run.refresh_from_db()
    assert run.state == "failed" and "no space left on device" in failure_text(run)
    assert Notice.objects.filter(user=world.dana).count() == 1


def test_a_statement_that_takes_too_long_ends_the_run_and_what_was_read_goes(run, monkeypatch):
    def slow(key: object) -> None:
        LandedRow.objects.create(run_id=run.pk, line=1, cells=["1"])
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 50")
            try:
                cursor.execute("SELECT pg_sleep(5)")
            finally:
                connection.close()

    monkeypatch.setattr(jobs, "carry_on", slow)
    with pytest.raises(OperationalError):
        tried(run, TRIES - 1)
    run.refresh_from_db()
    assert run.state == "failed" and not LandedRow.objects.exists()
    assert "statement timeout" in failure_text(run)
