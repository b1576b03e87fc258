"""Old runs are forgotten, but none of which something is still asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.sources import jobs
from dangol.sources.models import RefusedRow, Run, TakenFile
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran


@pytest.fixture
def source(db):  # type: ignore[no-untyped-def]
    put("people.csv", [HEADINGS, *PEOPLE])
    return a_source()


def test_of_each_source_the_last_runs_stay_and_those_with_refused_rows(source, monkeypatch):
    monkeypatch.setattr(jobs, "RUNS_KEPT", 3)
    first = ran(source)  # complete, and it took the file
    now = timezone.now()
    old = [Run.objects.create(source=source, ended_at=now) for _ in range(6)]
    RefusedRow.objects.create(run=old[1], line=1, reason="empty, but needed")
    jobs.forget_old_rows()
    kept = set(Run.objects.values_list("pk", flat=True))
    assert kept == {first.pk, old[1].pk, *(run.pk for run in old[3:])}
    assert ran(source).strange["same_file"]["count"] == 1


def test_a_file_that_was_taken_outlives_its_run(source, monkeypatch):
    monkeypatch.setattr(jobs, "RUNS_KEPT", 1)
    ran(source)
    put("people.csv", [HEADINGS, *PEOPLE, ["4", "최지우", "", "", ""]])
    ran(source)
    Run.objects.create(source=source, ended_at=timezone.now(), stopped_at=timezone.now())
    jobs.forget_old_rows()
    assert Run.objects.count() == 2 and TakenFile.objects.filter(run=None).count() == 1


def test_an_open_run_is_never_forgotten(source, monkeypatch):
    monkeypatch.setattr(jobs, "RUNS_KEPT", 0)
    run = Run.objects.create(source=source)
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - dt.timedelta(days=900))
    jobs.forget_old_rows()
    assert Run.objects.filter(pk=run.pk).exists()
