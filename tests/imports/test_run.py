"""A run that is stopped, killed, cancelled or doubled: each row once, each batch whole."""

import dataclasses
import datetime as dt
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from dangol.customers.models import Customer
from dangol.imports import actions, kinds
from dangol.imports.models import Import, Memory, RefusedRow, SeenKey
from dangol.imports.running import run_file
from dangol.imports.tests.factories import counts, loaded, uploaded


def people(count):
    rows = (f"C{i},고객{i},010-{i // 10_000:04}-{i % 10_000:04}" for i in range(count))
    return "고객번호,이름,휴대폰\n" + "\n".join(rows) + "\n"


@pytest.fixture
def small_batches(monkeypatch):
    kind = dataclasses.replace(kinds.KINDS["customers"], batch_rows=10)
    monkeypatch.setitem(kinds.KINDS, "customers", kind)


class Crash(Exception):
    """Something that nobody foresaw."""


def crash_at(position):
    def tell(run):
        if run.position >= position:
            raise Crash

    return tell


def test_a_run_goes_on_where_it_stopped(db, small_batches):
    run = uploaded("customers", people(35) + "C0,다시,\n")
    actions.start_import(run, by=None, now=False)
    with pytest.raises(Crash):
        run_file(run.pk, dry=False, tell=crash_at(20))
    assert (Customer.objects.count(), Import.objects.get().position) == (20, 20)
    run = run_file(run.pk, dry=False)
    assert counts(run) == (35, 0, 0, 1)
    assert RefusedRow.objects.get().facts == {"key": "C0", "line": 2}
    assert Customer.objects.count() == 35
    assert SeenKey.objects.count() == 0


def test_a_batch_that_fails_leaves_nothing_behind(db, small_batches, monkeypatch):
    kind = kinds.KINDS["customers"]

    def store(batch):
        kind.store(batch)
        if Customer.objects.count() > 15:
            raise Crash

    monkeypatch.setitem(kinds.KINDS, "customers", dataclasses.replace(kind, store=store))
    run = uploaded("customers", people(35))
    actions.start_import(run, by=None, now=False)
    with pytest.raises(Crash):
        run_file(run.pk, dry=False)
    assert (Customer.objects.count(), Import.objects.get().position) == (10, 10)


def test_cancelling_stops_after_the_batch_and_the_rest_can_be_loaded_later(db, small_batches):
    run = uploaded("customers", people(35))
    actions.start_import(run, by=None, now=False)

    def tell(now):
        if now.position == 20:
            actions.cancel_import(now, by=None)

    stopped = run_file(run.pk, dry=False, tell=tell)
    assert (stopped.state, Customer.objects.count()) == ("cancelled", 20)
    actions.start_import(run, by=None, now=False)
    assert counts(run_file(run.pk, dry=False)) == (35, 0, 0, 0)
    with pytest.raises(ValidationError):
        actions.start_import(run, by=None, now=False)


def test_a_second_worker_takes_over_and_the_first_stops(db, small_batches):
    run = uploaded("customers", people(35))
    actions.start_import(run, by=None, now=False)
    other = []

    def tell(now):
        if now.position == 10 and not other:
            other.append(run_file(run.pk, dry=False))

    run_file(run.pk, dry=False, tell=tell)
    assert counts(other[0]) == (35, 0, 0, 0)
    assert counts(Import.objects.get()) == (35, 0, 0, 0)
    assert Customer.objects.count() == 35


@pytest.mark.django_db(transaction=True)
def test_a_load_killed_with_9_goes_on_and_every_row_is_there_once(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(people(60_000))
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    command = [sys.executable, "-m", "dangol", "load", "customers", str(path), "--source", "crm"]
    child = subprocess.Popen(
        command, env={**os.environ, "DATABASE_URL": address, "DANGOL_VAR": str(project.VAR)}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not Import.objects.filter(position__gt=0).exists():
        assert child.poll() is None, child.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    run = Import.objects.get()
    assert 0 < run.position < 60_000
    assert Customer.objects.count() == run.new == run.position
    assert counts(run_file(run.pk, dry=False)) == (60_000, 0, 0, 0)
    assert Customer.objects.count() == 60_000


def test_columns_are_remembered_for_the_next_file_of_the_source(db):
    content = "nr;wer\n1;김철수\n"
    run = uploaded("customers", content)
    assert run.mapping == {}
    actions.set_mapping(run, {"key": "nr", "name": "wer"}, by=None)
    assert uploaded("customers", content).mapping == {"key": "nr", "name": "wer"}
    assert uploaded("customers", content, source="other").mapping == {}
    assert Memory.objects.count() == 1


def test_a_mapping_that_cannot_work_is_refused(db):
    run = uploaded("customers", people(1))
    for wrong in ({"key": "고객번호"}, {"name": "없는 열"}, {"name": "이름", "nothing": "이름"}):
        with pytest.raises(ValidationError):
            actions.set_mapping(run, wrong, by=None)


def test_one_value_can_stand_for_all_rows(db):
    run = loaded("customers", people(2), mapping={"tier": {"value": "VIP"}})
    assert counts(run) == (2, 0, 0, 0)
    assert set(Customer.objects.values_list("tier", flat=True)) == {"VIP"}


def test_files_are_deleted_after_thirty_days_and_counts_stay(db):
    from dangol.imports.running import text_file

    run = loaded("customers", people(2))
    path = text_file(run)
    assert path.exists()
    assert actions.delete_old_files(timezone.now() + dt.timedelta(days=29)) == 0
    assert actions.delete_old_files(timezone.now() + dt.timedelta(days=31)) == 1
    assert not path.exists()
    kept = Import.objects.get()
    assert kept.file_deleted_at is not None
    assert counts(kept) == (2, 0, 0, 0)
