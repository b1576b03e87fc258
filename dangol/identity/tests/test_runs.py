"""Runs of the matching: few records one by one, many together, never two runs at once."""

from __future__ import annotations

import pytest

from dangol.core.alone import alone
from dangol.customers.models import SourceRecord
from dangol.identity import actions
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
