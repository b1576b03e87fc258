"""While a source applies what it read, a full run does not begin on half of it; nobody waits for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.identity import actions
from dangol.identity.asking import ask_for_run
from dangol.identity.models import Run
from dangol.identity.portions import as_many_as_fit
from dangol.identity.recognising import new_records, stretches
from dangol.sources.models import Run as SourceRun
from dangol.sources.models import Source

pytestmark = pytest.mark.django_db


def a_run(**said: object) -> SourceRun:
    source = Source.objects.create(code="crm", name="crm", system="crm", entity="person", connection="folder")  # fmt: skip
    return SourceRun.objects.create(source=source, begun_at=timezone.now(), **said)


def test_a_source_that_applies_holds_the_full_run_back(monkeypatch):
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    SourceRecord.objects.bulk_create(
        SourceRecord(source="crm", key=str(n), values={"name": f"이름{n}"}) for n in range(3)
    )
    run = a_run(read_at=timezone.now())
    assert actions.loading() and actions.run_new() == {"records": 0}
    assert not Run.objects.exists()
    SourceRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    assert not actions.loading() and actions.run_new()["records"] == 3


def waiting(source: str, many: int) -> None:
    SourceRecord.objects.bulk_create(
        SourceRecord(source=source, key=str(n), values={"name": f"이름{n}"}) for n in range(many)
    )


def test_records_of_other_sources_do_not_wait_for_a_big_load(monkeypatch):
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    waiting("crm", 3)
    waiting("shop", 1)
    run = a_run(read_at=timezone.now())
    assert actions.run_new()["records"] == 1
    assert set(SourceRecord.objects.filter(unread=True).values_list("source", flat=True)) == {"crm"}
    assert actions.run_new() == {"records": 0} and Run.objects.count() == 1
    SourceRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    assert actions.run_new()["records"] == 3 and Run.objects.filter(kind="full").count() == 1


def test_a_load_that_grows_under_a_stretch_ends_it(monkeypatch):
    """The first batch is no crowd; what follows it is compared together when it is whole."""
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    monkeypatch.setattr(stretches, "LOOK", 0)
    run = a_run(read_at=timezone.now())
    waiting("crm", 2)
    real = stretches.match_waiting

    def grows(limit, **more):  # type: ignore[no-untyped-def]
        counts = real(1, **more)
        waiting(f"crm{SourceRecord.objects.count()}", 3)
        return counts

    monkeypatch.setattr(stretches, "match_waiting", grows)
    assert actions.run_new()["records"] == 1
    SourceRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    assert actions.run_new()["records"] == 4 and Run.objects.filter(kind="full").exists()


@pytest.mark.django_db(transaction=True)
def test_a_stretch_gives_way_to_a_comparison_of_all_that_was_asked_for(monkeypatch):
    monkeypatch.setattr(stretches, "LOOK", 0)
    monkeypatch.setattr(stretches, "AT_ONCE", 1)
    waiting("crm", 3)
    real = stretches.match_waiting

    def asked(limit, **more):  # type: ignore[no-untyped-def]
        ask_for_run(by=None)
        return real(limit, **more)

    monkeypatch.setattr(stretches, "match_waiting", asked)
    assert actions.run_new()["records"] == 1
    assert actions.run_new() == {"records": 0}, "that run takes in what waits"
    run = Run.objects.get(kind="full")
    assert actions.run_full(key=str(run.pk)).counts["records"] == 2


@pytest.mark.parametrize(("seconds", "many"), [(0.0, 40), (0.01, 40), (0.1, 5), (3.0, 1)])
def test_a_portion_takes_half_a_second(seconds: float, many: int) -> None:
    assert as_many_as_fit(seconds, 40) == many


def test_a_source_that_only_reads_or_takes_hours_holds_nobody_up():
    run = a_run()
    assert not actions.loading()
    SourceRun.objects.filter(pk=run.pk).update(read_at=timezone.now() - dt.timedelta(hours=2))
    assert not actions.loading()


def in_order(monkeypatch: pytest.MonkeyPatch, then: dict[int, tuple[str, int]]) -> list[str]:
    """The sources of records as they are matched, one at a time; what comes after so many of them."""
    real, order = new_records.match_record, []

    def one(record: SourceRecord, *rest: object, **more: object) -> list[str]:
        order.append(record.source)
        if len(order) in then:
            waiting(*then[len(order)])
        return real(record, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(new_records, "match_record", one)
    monkeypatch.setattr(stretches, "AT_ONCE", 1)
    monkeypatch.setattr(stretches, "LOOK", 0)
    return order


def test_small_sources_go_before_large_ones_also_when_they_come_later(monkeypatch):
    monkeypatch.setattr(stretches, "FEW", 2)
    waiting("crm", 4)
    waiting("shop", 1)
    order = in_order(monkeypatch, {2: ("web", 1)})
    assert actions.run_new()["records"] == 6
    assert order == ["shop", "crm", "web", "crm", "crm", "crm"]


def test_sources_are_alike_where_few_wait(monkeypatch):
    waiting("crm", 2)
    waiting("shop", 1)
    order = in_order(monkeypatch, {})
    assert actions.run_new()["records"] == 3 and order == ["crm", "crm", "shop"]


def test_small_sources_do_not_wait_until_all_are_compared(monkeypatch):
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    monkeypatch.setattr(stretches, "FEW", 1)
    waiting("crm", 3)
    waiting("shop", 1)
    order = in_order(monkeypatch, {})
    assert actions.run_new()["records"] == 4 and order == ["shop"]
    runs = Run.objects.order_by("begun_at").values_list("kind", "counts__records")
    assert list(runs) == [("new", 1), ("full", 3)]


def test_beside_a_load_stretches_follow_each_other_while_small_sources_wait(monkeypatch):
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    monkeypatch.setattr(stretches, "FEW", 1)
    waiting("crm", 3)
    waiting("erp", 4)
    waiting("shop", 1)
    a_run(read_at=timezone.now())
    order = in_order(monkeypatch, {1: ("web", 1), 2: ("app", 1)})
    assert actions.run_new()["records"] == 3
    assert order == ["shop", "web", "app"], "the crowds are compared together"
