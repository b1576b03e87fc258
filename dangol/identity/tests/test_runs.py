"""Runs of the matching: few records one by one, many together, never two runs at once."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from dangol.core.alone import alone
from dangol.customers.models import SourceRecord
from dangol.identity import actions
from dangol.identity.asking import ask_for_run
from dangol.identity.models import Run, RunKind
from dangol.identity.pages.runs import state_of
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


def test_a_few_records_are_matched_one_by_one() -> None:
    record(**HONG)
    record("web", name="홍서연", phone="010-4321-8765", born_on="1988-03-14")
    assert actions.run_new() == {"records": 2, "made": 1, "joined": 1}
    assert Run.objects.get().kind == RunKind.NEW


def test_many_are_matched_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "TOO_MANY", 1)
    record(**HONG)
    record("web", name="홍서연", phone="010-4321-8765", born_on="1988-03-14")
    assert actions.run_new()["made"] == 1
    assert Run.objects.get().kind == RunKind.FULL
    assert SourceRecord.objects.filter(unread=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_run_beside_another_does_nothing() -> None:
    from threading import Thread

    from django.db import connection

    record(**HONG)
    found: list[dict[str, int]] = []

    def beside() -> None:
        found.append(actions.run_new())
        connection.close()

    with alone(actions.WORK):
        thread = Thread(target=beside)
        thread.start()
        thread.join()
    assert found == [{"records": 0}] and SourceRecord.objects.filter(unread=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_records_beside_another_run_leave_no_run_that_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from threading import Thread

    from django.db import connection

    monkeypatch.setattr(actions, "TOO_MANY", 0)
    record(**HONG)

    def beside() -> None:
        actions.run_new()
        connection.close()

    with alone(actions.WORK):
        thread = Thread(target=beside)
        thread.start()
        thread.join()
    assert Run.objects.count() == 0


def test_a_run_that_nobody_will_begin_is_not_answered_to_who_asks_for_one() -> None:
    lost = Run.objects.create(kind=RunKind.FULL)
    asked = ask_for_run(by=None)
    assert asked.pk != lost.pk and ask_for_run(by=None).pk == asked.pk
    lost.refresh_from_db()
    assert lost.ended_at and lost.failure == "No worker ever began it."
    with override("ko"):
        assert gettext(lost.failure) == "시작한 작업자가 없었어요."


def test_a_run_whose_worker_died_is_ended_by_the_next() -> None:
    dead = Run.objects.create(kind=RunKind.FULL, begun_at=timezone.now())
    record(**HONG)
    actions.run_full()
    dead.refresh_from_db()
    assert dead.ended_at and dead.failure


def test_a_record_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from dangol.identity.recognising import new_records

    bad = record("web", name="김고장", phone="010-1111-9999", born_on="1970-02-03")
    good = record(**HONG)
    work = new_records.match_record

    def broken(one: SourceRecord, *rest: object, **more: object) -> list[str]:
        if one.pk == bad.pk:
            raise RuntimeError("broken")
        return work(one, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(new_records, "match_record", broken)
    assert actions.run_new() == {"records": 2, "failed": 1, "made": 1}
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.customer is not None and bad.customer is None
    run = Run.objects.get()
    assert "broken" in run.failure and run.kind == RunKind.NEW and run.done == 2
    assert run.begun_at < run.ended_at
    monkeypatch.undo()
    actions.run_full()
    bad.refresh_from_db()
    assert bad.customer is not None


def test_a_stretch_is_a_run_from_its_first_record_on_that_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, client, world
) -> None:
    from django.urls import reverse

    from dangol.identity.recognising import stretches

    for number in range(5):
        record(name=f"손님{number}", phone=f"010-4321-87{number}5")
    work, seen = stretches.match_waiting, []
    client.force_login(world.dana)

    def two_by_two(_limit: int, **more: object) -> dict[str, int]:
        run = Run.objects.get()
        listed = client.get(reverse("matching:runs")).content.decode()
        page = client.get(reverse("matching:run", args=[run.pk])).content.decode()
        assert str(run.pk) in listed and "하나씩 대조하는 중" in page
        seen.append((run.done, run.total, run.ended_at))
        return work(2, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(stretches, "match_waiting", two_by_two)
    assert actions.run_new() == {"records": 5, "made": 5}
    assert seen == [(0, 5, None), (2, 5, None), (4, 5, None), (5, 5, None)]
    run = Run.objects.get()
    assert run.ended_at and not run.failure and run.counts == {"records": 5, "made": 5}
    assert actions.run_new() == {"records": 0} and Run.objects.count() == 1


def test_a_stretch_whose_worker_died_is_ended_by_the_next() -> None:
    dead = Run.objects.create(kind=RunKind.NEW, begun_at=timezone.now(), step="match")
    record(**HONG)
    actions.run_new()
    dead.refresh_from_db()
    assert dead.ended_at and "did its work" in dead.failure


def test_a_stretch_that_breaks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from dangol.identity.recognising import stretches

    record(**HONG)

    def broken(_limit: int, **_more: object) -> dict[str, int]:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(stretches, "match_waiting", broken)
    with pytest.raises(RuntimeError):
        actions.run_new()
    run = Run.objects.get()
    assert run.ended_at and run.failure == "the disk is full"


def test_what_runs_or_waits_needs_nobody() -> None:
    now = timezone.now()
    meanings = [
        state_of(run)[1]
        for run in (
            Run(kind="full"), Run(kind="full", begun_at=now),
            Run(kind="full", begun_at=now, ended_at=now),
            Run(kind="full", begun_at=now, ended_at=now, failure="No worker ever began it."),
        )
    ]  # fmt: skip
    assert meanings == ["info", "info", "good", "bad"]
