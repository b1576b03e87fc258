"""Measuring at once: what the night does, by whom it may be asked, never twice at once, with progress."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from dangol.core.alone import Busy, alone, held
from dangol.quality import nightly
from dangol.quality.looking import JOB, STEPS, WORK, ask_for_look, looks_now
from dangol.quality.models import Look, Measure
from dangol.quality.tests.factories import a_point

pytestmark = pytest.mark.django_db


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(task_name=JOB).values_list("args", flat=True))


def test_a_press_has_everything_measured_by_the_nights_own_job(client, world) -> None:
    a_point(world)
    client.force_login(world.dana)
    page = client.get(reverse("quality:summary")).content.decode()
    assert "지금 측정" in page
    client.post(reverse("quality:looks"))
    look = Look.objects.get()
    assert jobs() == [{"key": str(look.pk)}] and looks_now()[0] == look
    part = client.get(reverse("quality:looks"))
    assert "<progress" in part.content.decode() and "HX-Refresh" not in part.headers
    nightly.look(str(look.pk))
    look.refresh_from_db()
    assert look.ended_at and (look.done, look.failure) == (len(STEPS), "")
    assert Measure.objects.exists() and looks_now()[0] is None


def test_at_its_end_the_page_is_read_anew(client, world) -> None:
    client.force_login(world.dana)
    answer = client.get(reverse("quality:looks"))
    assert answer.headers["HX-Refresh"] == "true"


def test_asked_twice_it_is_one(world) -> None:
    first = ask_for_look(by=world.dana)
    assert ask_for_look(by=world.anna) == first and len(jobs()) == 1


def test_who_may_only_see_asks_for_nothing(client, world) -> None:
    client.force_login(world.grace)
    assert "지금 측정" not in client.get(reverse("quality:summary")).content.decode()
    assert client.post(reverse("quality:looks")).status_code == 403
    assert not Look.objects.exists() and jobs() == []


def test_a_look_whose_worker_is_gone_holds_up_no_other(world) -> None:
    lost = Look.objects.create(begun_at=timezone.now(), step="records", done=4)
    assert looks_now()[0] is None
    again = ask_for_look(by=world.dana)
    lost.refresh_from_db()
    assert again != lost and lost.failure == "lost" and lost.ended_at


def test_a_look_that_fails_says_so_and_the_job_fails(monkeypatch, client, world) -> None:
    def broken(today) -> None:
        raise RuntimeError("no clock")

    monkeypatch.setattr(nightly, "measure_verification_time", broken)
    with pytest.raises(RuntimeError):
        nightly.look()
    found = looks_now()[1]
    assert found is not None and (found.step, found.failure) == ("time", "RuntimeError: no clock")
    client.force_login(world.dana)
    assert "no clock" in client.get(reverse("quality:summary")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_beside_another_one_it_waits_its_turn() -> None:
    begun, go = Event(), Event()

    def work() -> None:
        with alone(WORK):
            begun.set()
            go.wait(10)
        connection.close()

    thread = Thread(target=work)
    thread.start()
    begun.wait(10)
    running = Look.objects.create(begun_at=timezone.now())
    try:
        assert held(WORK) and looks_now()[0] == running
        with pytest.raises(Busy):
            nightly.look()
        assert Look.objects.count() == 1
    finally:
        go.set()
        thread.join()
    assert not held(WORK)
