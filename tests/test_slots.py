"""No number of long jobs keeps the short ones waiting: seen from outside, in the worker as it is run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued

from dangol.customers.actions import add_customer
from dangol.sources.models import JobTime
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.models import Subscriber

pytestmark = pytest.mark.django_db(transaction=True)
SHORT = ["cases.escalate_due_cases", "contact_centre.follow_calls", "core.rescue_stalled_jobs",
         "sources.start_due_runs", "sources.deliver", "identity.match_new", "campaigns.make_due_calls"]  # fmt: skip
PATIENCE = 60


def address() -> str:
    """Where the tests' own database is."""
    said = connection.get_connection_params()
    return f"postgresql://{said['user']}@/{said['dbname']}?host={said['host']}&port={said.get('port') or 5432}"


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """A line of somebody else, who holds what jobs need until it ends."""
    with psycopg.connect(address()) as line:
        yield line
        line.rollback()


@pytest.fixture
def worker(tmp_path: Path, other: psycopg.Connection) -> Iterator[subprocess.Popen[bytes]]:
    """`dangol work` on the tests' database; ended before what it waits for is."""
    environment = {**os.environ, "DATABASE_URL": address(), "DANGOL_LAKE": str(tmp_path / "lake"),
                   "DANGOL_OUTBOX": str(tmp_path / "outbox")}  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "dangol", "work"], env=environment)
    yield process
    process.kill()
    process.wait()


def doing(name: str) -> int:
    """How many jobs of a name are under way."""
    return ProcrastinateJob.objects.filter(task_name=name, status="doing").count()


def until(told, patience: float = PATIENCE) -> bool:  # type: ignore[no-untyped-def]
    """Whether something came true in time."""
    end = time.monotonic() + patience
    while not (true := told()) and time.monotonic() < end:
        time.sleep(0.1)
    return bool(true)


def ask(name: str) -> None:
    """A job, where none waits already."""
    with suppress(AlreadyEnqueued):
        app.configure_task(name).defer()


def not_done(since: float) -> list[str]:
    """The short jobs that nobody did since then."""
    moment = timezone.datetime.fromtimestamp(since, timezone.get_current_timezone())
    done = JobTime.objects.filter(begun_at__gte=moment, failure="").values_list("name", flat=True)
    timed = set(SHORT) - set(done) - {"core.rescue_stalled_jobs"}
    waits = ProcrastinateJob.objects.filter(task_name="core.rescue_stalled_jobs")
    return sorted(timed | set(waits.values_list("task_name", flat=True)))


def test_long_jobs_in_every_slot_hold_up_no_short_one(other, worker) -> None:  # type: ignore[no-untyped-def]
    other.execute("LOCK TABLE imports_import IN ACCESS EXCLUSIVE MODE")
    for _each in range(4):
        app.configure_task("imports.load").defer(key=str(uuid.uuid4()))
    assert until(lambda: doing("imports.load") == 2, 60)
    since = time.time()
    for name in SHORT:
        ask(name)
    until(lambda: not not_done(since))
    assert not_done(since) == [] and doing("imports.load") == 2
    other.rollback()
    worker.terminate()
    assert worker.wait(PATIENCE) == 0 and not ProcrastinateWorker.objects.exists()
    assert doing("imports.load") == 0, "what was under way came to its end"


def test_files_for_two_systems_take_one_slot(other, world, worker) -> None:  # type: ignore[no-untyped-def]
    for name in ("erp", "shop"):
        said = {"way": "file", "address": name, "schedule": "* * * * *"}
        subscribe(name=name, entity="customer", by=None, **said)
    Subscriber.objects.update(next_at=timezone.now())
    add_customer(name="김철수", by=None)
    other.execute("SELECT 1 FROM sources_subscriber FOR UPDATE")
    ask("sources.drop_files")
    assert until(lambda: doing("sources.drop_files") == 1, 60)
    ask("sources.drop_files")
    since = time.time()
    for name in SHORT:
        ask(name)
    until(lambda: not not_done(since))
    assert not_done(since) == [] and doing("sources.drop_files") == 1
