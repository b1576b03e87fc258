"""The matching wakes when a record waits, and not of its own writing."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from dangol.customers.actions import add_customer
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.subscribers import JOB, wake
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_waits(db) -> None:  # type: ignore[no-untyped-def]
    """Tests with commits of their own leave their jobs behind: the queue is not emptied with the rest."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = %s", [JOB])


def waiting() -> int:
    """Jobs of the matching in the queue."""
    return ProcrastinateJob.objects.filter(task_name=JOB, status="todo").count()


def test_a_new_customer_wakes_the_matching_once(django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    with django_capture_on_commit_callbacks(execute=True):
        add_customer(name="홍서연", by=None)
        add_customer(name="김철수", by=None)
    assert waiting() == 1


def test_what_the_matching_writes_wakes_nobody(django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    record(**HONG)
    with django_capture_on_commit_callbacks(execute=True):
        assert match_waiting()["made"] == 1
    assert waiting() == 0


def test_waking_twice_is_one_job() -> None:
    wake()
    wake()
    assert waiting() == 1
