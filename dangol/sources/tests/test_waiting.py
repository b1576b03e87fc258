"""A file that is not whole: one run waits for it, takes it once it is quiet, or fails and says so."""

from __future__ import annotations

import os
import time
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dangol.core.models import Notice
from dangol.customers.models import SourceRecord
from dangol.sources.actions import pause_source, stop_run
from dangol.sources.connecting.folder import SETTLED
from dangol.sources.jobs import start_due_runs
from dangol.sources.models import LandedRow, Run, Source
from dangol.sources.queries import sources_with_standing
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.giving_up import PATIENCE, failure_text
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran


def unclosed(path: Path, *, since: float = 0) -> None:
    """Take the last line end away; `since` seconds ago."""
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    os.utime(path, (time.time() - since,) * 2)


def test_a_file_without_its_last_line_end_is_taken_once_it_is_quiet(db):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    unclosed(path, since=SETTLED - 60)
    assert ran(source).state == "waits"
    os.utime(path, (time.time() - SETTLED - 1,) * 2)
    run = ran(source)
    assert (run.state, run.new, run.refused) == ("finished", 3, 0)
    assert run.strange["not_closed"]["count"] == 1
    assert SourceRecord.objects.get(key="3").values["born_on"] == "1975-06-15"


def test_it_does_not_block_the_newer_files(db):
    old = put("day1.csv", [HEADINGS, *PEOPLE])
    source = a_source(full=False)
    unclosed(old, since=3600)
    put("day2.csv", [HEADINGS, ["4", "최지우", "", "", ""]])
    assert ran(source).new == 4


def test_a_row_that_is_cut_off_is_refused_and_named(db):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    path.write_bytes(path.read_bytes()[: -len(",ms@daum.example,750615\n")])
    os.utime(path, (time.time() - SETTLED - 1,) * 2)
    run = ran(source)
    assert (run.new, run.refused) == (2, 1)
    assert run.refused_rows.get().reason == "the file ends in the middle of this line"
    assert not SourceRecord.objects.filter(key="3").exists()


def test_waiting_is_one_run_however_often_it_looks(world):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(schedule="0 2 * * *")
    unclosed(path)
    for number in range(1, 6):
        Source.objects.update(next_at=timezone.now())
        assert start_due_runs() == 1
        run = carry_on(Run.objects.get().pk)  # there is one alone
        assert run.strange["half_written"]["count"] == number
    [found] = sources_with_standing(world.anna)
    assert (run.state, found.standing) == ("waits", "waits")
    assert not LandedRow.objects.exists() and not Notice.objects.exists()
    unclosed(path, since=SETTLED + 1)
    assert carry_on(run.pk).new == 3
    source.refresh_from_db()
    assert source.runs.count() == 1


def test_its_page_says_that_it_waits_and_it_can_be_stopped(world, client):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    unclosed(path)
    run = ran(source)
    client.force_login(world.anna)
    page = client.get(reverse("sources:run", args=[source.pk, run.pk])).content.decode()
    assert "1분마다 다시 확인" in page and reverse("sources:stop", args=[source.pk, run.pk]) in page
    assert stop_run(run, by=world.anna).state == "stopped"


def test_a_file_that_is_never_finished_fails_and_people_are_told(world):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(schedule="0 2 * * *")
    unclosed(path)
    for _number in range(PATIENCE):
        assert not Notice.objects.exists()
        run = ran(source)
    assert run.state == "failed" and "people.csv" in failure_text(run)
    assert Notice.objects.filter(user=world.anna, url__contains=str(run.pk)).exists()
    assert Run.objects.count() == 1 and not SourceRecord.objects.exists()


def test_a_source_that_is_paused_meanwhile_waits_no_longer_than_others(world):
    path = put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(schedule="0 2 * * *")
    pause_source(source, by=None)
    unclosed(path)
    run = ran(source)
    for _number in range(PATIENCE - 1):
        assert run.state == "waits" and not Notice.objects.exists()
        Source.objects.update(next_at=timezone.now())
        assert start_due_runs() == 1
        run = carry_on(run.pk)
    assert run.state == "failed" and Notice.objects.filter(user=world.anna).exists()
    Source.objects.update(next_at=timezone.now())
    assert start_due_runs() == 0 and Run.objects.count() == 1


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx"])
def test_a_damaged_file_that_nobody_writes_to_fails_at_once(world, name):
    book = openpyxl.Workbook()
    for row in [HEADINGS, *PEOPLE]:
        book.active.append(row)
    book.save(Path(settings.INBOX) / "people.xlsx")
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(place=name)
    path = Path(settings.INBOX) / name
    path.write_bytes(path.read_bytes()[:100] if name.endswith("x") else b"")
    assert ran(source).state == "waits"
    os.utime(path, (time.time() - SETTLED - 1,) * 2)
    run = ran(source)
    assert run.state == "failed" and name in failure_text(run)
    assert Notice.objects.filter(user=world.anna).exists()
