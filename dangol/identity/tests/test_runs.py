"""Runs of the matching: few records one by one, many together, never two runs at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dangol.core.alone import alone
from dangol.customers.models import SourceRecord
from dangol.identity import actions
from dangol.identity.asking import ask_for_run
from dangol.identity.models import Run, RunKind
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
    assert lost.ended_at and lost.failure == "시작한 작업자가 없었어요."


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
    assert new_records.match_waiting() == {"records": 2, "failed": 1, "made": 1}
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.customer is not None and bad.customer is None
    assert "broken" in Run.objects.get().failure
    monkeypatch.undo()
    actions.run_full()
    bad.refresh_from_db()
    assert bad.customer is not None
