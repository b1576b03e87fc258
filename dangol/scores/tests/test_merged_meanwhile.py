"""Who is merged away while scores are written has none; a run that fails is told and tried again."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dangol.core.models import Notice
from dangol.customers.models import Customer
from dangol.identity.merging.actions import merge_customers
from dangol.scores.actions import start_failed_runs
from dangol.scores.jobs import try_again
from dangol.scores.models import Run, Score, ScoreModel
from dangol.scores.rfm.recipe import RFM
from dangol.scores.tests.factories import bought, ran
from dangol.sources.scheduling.recurring import recurring_jobs
from tests.lake.factories import a_customer

pytestmark = pytest.mark.usefixtures("lake_folder")


@contextmanager
def merging_before(statement: str, stays: Customer, goes: Customer) -> Iterator[None]:
    """Somebody else merges two customers just before a statement is run."""
    merged: list[threading.Thread] = []

    def merge() -> None:
        merge_customers(stays, goes, by=None)
        connection.close()

    def before(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.strip().startswith(statement) and not merged:
            merged.append(threading.Thread(target=merge))
            merged[0].start()
            merged[0].join(20)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield
    assert merged and not Customer.objects.filter(pk=goes.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["INSERT INTO scores_score", "DELETE FROM scores_score"])
def test_who_is_merged_away_while_scores_are_written_is_left_out(statement):
    kim, twin = (bought(a_customer(name=name), 1, 30) for name in ("김단골", "김단골"))
    with merging_before(statement, kim, twin):
        run = ran("rfm")
    assert (run.state, run.changed) == ("finished", 1)
    assert [score.customer_id for score in Score.objects.all()] == [kim.pk]


@pytest.fixture
def broken(world, monkeypatch):
    """The first run failed."""

    def full(*_given):
        raise OSError("no space left on device")

    bought(a_customer(), 1)
    ScoreModel.objects.exclude(key="rfm").update(score_every="", learn_every="")
    monkeypatch.setattr(RFM, "score", full)
    with pytest.raises(OSError):
        ran("rfm")
    return monkeypatch


@pytest.mark.django_db
def test_who_may_have_scores_run_is_told_once_of_a_failure(world, broken):
    told = Notice.objects.values_list("user__name", "text", "url")
    assert {name for name, *_rest in told} == {world.anna.name, world.mark.name, world.alan.name}
    assert {rest for _name, *rest in map(tuple, told) for rest in [tuple(rest)]} == {
        ("RFM: 실행에 실패했어요. OSError: no space left on device", "/scores/rfm/?view=versions")
    }
    with pytest.raises(OSError):
        ran("rfm")
    assert Notice.objects.count() == 3


@pytest.mark.django_db
def test_a_run_that_failed_is_begun_again_later_each_time(broken):
    now = timezone.now()
    assert [start_failed_runs(now + dt.timedelta(minutes=m)) for m in (4, 6)] == [0, 1]
    Run.objects.filter(finished_at=None).update(finished_at=now, failure="OSError: again")
    assert [start_failed_runs(now + dt.timedelta(minutes=m)) for m in (6, 9, 11)] == [0, 0, 1]
    Run.objects.filter(finished_at=None).update(finished_at=now)
    assert start_failed_runs(now + dt.timedelta(days=9)) == 0


@pytest.mark.django_db
def test_the_job_of_every_five_minutes_begins_what_failed(broken):
    assert try_again() == 0
    Run.objects.update(finished_at=timezone.now() - dt.timedelta(minutes=6))
    assert (try_again(), try_again()) == (1, 0)


@pytest.mark.django_db
def test_the_page_of_jobs_says_which_score_failed(broken):
    failures = {job.name: job.failure for job in recurring_jobs() if job.failure}
    assert failures == {"scores.start_due_runs": "RFM: OSError: no space left on device"}
    broken.undo()
    ran("rfm")
    assert not any(job.failure for job in recurring_jobs())
