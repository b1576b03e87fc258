"""Runs: never two at once for one model, taken up again after a crash, and a failure keeps what was there."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from dangol.core.alone import Busy
from dangol.scores import running
from dangol.scores.actions import ask_for_run
from dangol.scores.jobs import run as job
from dangol.scores.jobs import try_again
from dangol.scores.lack import Lack
from dangol.scores.models import ModelVersion, Run, Score, ScoreModel
from dangol.scores.rfm.recipe import RFM
from dangol.scores.running import perform
from dangol.scores.tests.factories import bought, ran
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer

pytestmark = pytest.mark.usefixtures("lake_folder")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_one_model_at_once(monkeypatch):
    bought(a_customer(), 1)
    copy_changes()
    asked = ask_for_run(ScoreModel.objects.get(key="rfm"), by=None)
    inside, go, refused = threading.Event(), threading.Event(), []
    real = RFM.score

    def slow(self, *given):  # the first worker waits inside until the second has been refused
        inside.set()
        go.wait(20)
        return real(self, *given)

    monkeypatch.setattr(RFM, "score", slow)

    def first() -> None:
        perform(Run.objects.get(pk=asked.pk))
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(20)
    with pytest.raises(Busy):
        perform(Run.objects.get(pk=asked.pk))
    refused.append(True)
    assert ask_for_run(asked.model, by=None).pk == asked.pk
    go.set()
    thread.join()
    assert (Run.objects.get().state, Score.objects.count(), ModelVersion.objects.count()) == (
        "finished",
        1,
        1,
    )


@pytest.mark.django_db
def test_a_run_that_died_after_learning_does_not_learn_again(monkeypatch):
    bought(a_customer(), 1)
    copy_changes()
    asked = ask_for_run(ScoreModel.objects.get(key="rfm"), learn=True, by=None)

    def dies(*_given, **_named):
        raise SystemExit  # as when the process is killed: nothing after it runs

    monkeypatch.setattr(running, "write_scores", dies)
    with pytest.raises(SystemExit):
        perform(asked)
    asked.refresh_from_db()
    assert (asked.state, asked.learned_at is None, Score.objects.count()) == ("running", False, 0)
    monkeypatch.undo()
    monkeypatch.setattr(RFM, "learn", dies)
    assert job(key=str(asked.pk)) == "finished"
    assert Score.objects.count() == 1


@pytest.mark.django_db
def test_a_failure_says_why_and_the_scores_before_stay(monkeypatch):
    bought(a_customer(), 1)
    ran("rfm")

    def full(*_given):
        raise OSError("no space left on device")

    monkeypatch.setattr(RFM, "score", full)
    with pytest.raises(OSError):
        ran("rfm")
    last = Run.objects.first()
    assert (last.state, last.failure) == ("failed", "OSError: no space left on device")
    assert Score.objects.count() == 1
    monkeypatch.undo()
    assert ran("rfm").state == "finished"


@pytest.mark.django_db
def test_an_empty_lake_is_told(settings, tmp_path):
    settings.LAKE = tmp_path / "none"
    done = perform(ask_for_run(ScoreModel.objects.get(key="rfm"), by=None))
    assert (done.state, done.failure) == ("lacking", Lack.LAKE)


@pytest.mark.django_db
def test_what_found_too_little_runs_by_itself_once_there_is_clearly_more():
    ScoreModel.objects.exclude(key="rfm").update(score_every="", learn_every="")
    assert [ran(key).state for key in ("rfm", "value")] == ["lacking", "lacking"]
    assert try_again() == 0
    bought(a_customer(), 1)
    copy_changes()
    assert try_again() == 1
    assert try_again() == 0 and Run.objects.count() == 3  # it waits already
    again = perform(Run.objects.get(finished_at=None))
    assert (again.model.key, again.state) == ("rfm", "finished")
    assert try_again() == 0


@pytest.mark.django_db
def test_what_never_ran_waits_for_the_first_facts_and_no_hour_longer():
    copy_changes()
    assert try_again() == 0
    bought(a_customer(), 1)
    copy_changes()
    scheduled = ScoreModel.objects.exclude(score_every="", learn_every="").count()
    assert try_again() == scheduled == Run.objects.filter(finished_at=None).count()


@pytest.mark.django_db
def test_a_little_more_is_not_worth_another_try():
    customer = a_customer()
    for ago in range(1, 21):
        bought(customer, ago)
    ScoreModel.objects.exclude(key="value").update(score_every="", learn_every="")
    assert ran("value").state == "lacking"
    bought(customer, 21)
    copy_changes()
    assert try_again() == 0
    for ago in range(22, 25):
        bought(customer, ago)
    copy_changes()
    assert try_again() == 1
