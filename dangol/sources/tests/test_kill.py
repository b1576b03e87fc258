"""kill -9 in the middle of a run: the next worker carries on, and every row is there once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from dangol.customers.models import SourceRecord
from dangol.sources.actions import start_run
from dangol.sources.models import LandedRow, Run
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, a_source, put

ROWS = 30_000
WORKER = """
import django, uuid; django.setup()
from dangol.sources.running.carrying import carry_on
carry_on(uuid.UUID("{key}"))
"""


def worker(run: Run) -> subprocess.Popen[bytes]:
    """A worker of its own over the tests' database."""
    said = connection.get_connection_params()
    url = f"postgresql://{said['user']}@/{said['dbname']}?host={said['host']}"
    environment = {
        **os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "dangol.config.settings",
        "DANGOL_INBOX": str(settings.INBOX),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(key=run.pk)], env=environment,
        cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip


def kill_when(process: subprocess.Popen[bytes], run: Run, field: str) -> Run:
    """kill -9 once the worker is somewhere in the middle."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        run.refresh_from_db()
        if 0 < getattr(run, field) < ROWS:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    run.refresh_from_db()
    return run


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing():
    put("people.csv", [HEADINGS, *([str(n), f"이름{n}", "", "", ""] for n in range(ROWS))])
    run = start_run(a_source(), by=None, now=False)
    run = kill_when(worker(run), run, "rows")
    assert run.state == "reading" and 0 < run.rows < ROWS
    assert LandedRow.objects.count() == run.rows and not SourceRecord.objects.exists()
    run = kill_when(worker(run), run, "position")
    assert run.state == "applying" and 0 < run.position < ROWS and run.rows == ROWS
    assert SourceRecord.objects.count() == run.position
    run = carry_on(run.pk)
    assert (run.state, run.new, run.changed, run.refused) == ("finished", ROWS, 0, 0)
    assert SourceRecord.objects.count() == ROWS
    assert not SourceRecord.objects.filter(revision__gt=1).exists()
