"""What comes while all records are compared finds its customer beside that, and never a second one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from dangol.customers.models import Customer, SourceRecord
from dangol.identity import actions
from dangol.identity.models import Merge, Question, Run, RunKind
from dangol.identity.recognising import all_records, settling, stretches
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.late import Beside
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.recognising.stretches import match_stretch
from dangol.identity.tests.factories import HONG, known, record

pytestmark = pytest.mark.django_db
KIM = {"name": "김도현", "phone": "010-9999-1111", "born_on": "1971-01-01"}
HERE = {"name": "홍서연", "phone": "010-4321-8765", "email": "hong@mail.example"}
BY_MAIL = {"name": "홍서연", "email": "hong@mail.example", "gender": "F"}
BY_PHONE = {"name": "홍서연", "phone": "010-4321-8765", "gender": "M"}
"""Each speaks of who is here, and not both of one: they have no key in common."""
AFTER_COMPARING = (all_records, "match")


def run_while(monkeypatch: pytest.MonkeyPatch, step: tuple[object, str], deed: Callable[[Run], object]) -> Run:  # fmt: skip
    """A comparison of all records with something done once, right after a step of it."""
    work, run, did = getattr(*step), Run(kind=RunKind.FULL), []

    def done(*args: object, **more: object) -> object:
        found = work(*args, **more)
        if not did:
            did.append(deed(run))
        return found

    monkeypatch.setattr(*step, done)
    return match_all(run, by=None)


def beside(run: Run) -> dict[str, int]:
    """What is matched beside a run now."""
    assert run.begun_at is not None
    found = match_stretch(beside=Beside(run.begun_at))
    return dict(found.counts) if found else {}


def comes(**values: str) -> Callable[[Run], None]:
    """A record that comes, and what is matched beside the run then."""

    def come(run: Run) -> None:
        record("web", **values)
        beside(run)

    return come


def now(one: SourceRecord) -> SourceRecord:
    one.refresh_from_db()
    return one


@pytest.mark.django_db(transaction=True)
def test_new_records_are_served_between_the_steps_of_a_comparison(monkeypatch) -> None:
    monkeypatch.setattr(actions, "all_asked", lambda: True)  # the next one waits, as every night
    record(**HONG)
    told: dict[str, list[int]] = {}

    def serve(step: str) -> None:
        number = len(told)
        record("small", name=f"손님{number}", phone=f"010-5555-00{number}0")
        told[step] = []
        worker = Thread(target=lambda: (told[step].append(actions.run_new()["records"]), connection.close()))  # fmt: skip
        worker.start()
        worker.join()

    def served(place: object, name: str) -> None:
        work = getattr(place, name)

        def done(*args: object, **more: object) -> object:
            if name not in told:
                serve(name)
            return work(*args, **more)

        monkeypatch.setattr(place, name, done)

    for step in ("read_unread", "match", "settle", "follow_records", "find_ties", "mark_read"):
        served(all_records, step)
    served(settling, "found_all")
    run = actions.run_full()
    assert told.pop("read_unread") == [0], "the comparison reads what waits, by itself"
    assert told == {"match": [2], "settle": [1], "found_all": [1], "follow_records": [1], "find_ties": [1], "mark_read": [1]}  # fmt: skip
    assert run.failure == "" and run.counts["records"] == 1 and run.counts["made"] == 1
    assert not SourceRecord.objects.filter(unread=True).exists() and Customer.objects.count() == 8
    assert not Run.objects.exclude(failure="").exists()


def test_what_hangs_on_a_record_that_has_no_customer_yet_waits_for_it(monkeypatch) -> None:
    first = record(**HONG)
    found: list[dict[str, int]] = []

    def come(run: Run) -> None:
        record("web", **HONG)
        found.append(beside(run))

    run_while(monkeypatch, AFTER_COMPARING, come)
    late = SourceRecord.objects.get(source="web")
    assert found == [{}] and late.unread and late.customer is None
    assert match_waiting() == {"records": 1, "joined": 1}
    assert now(late).customer == now(first).customer and Customer.objects.count() == 1


def test_what_hangs_on_a_newcomer_waits_for_whom_it_joins(monkeypatch) -> None:
    here = known(None)
    match_waiting()
    new = known(None)
    SourceRecord.objects.filter(customer=new).update(unread=True)
    run = run_while(monkeypatch, AFTER_COMPARING, comes(**HONG))
    assert run.counts["merged"] == 1 and Merge.objects.get().survivor_id == here.pk
    assert match_waiting() == {"records": 1, "joined": 1} and Customer.objects.count() == 1


def test_what_is_left_holds_up_nobody_behind_it(monkeypatch) -> None:
    record(**HONG)
    found: list[dict[str, int]] = []

    def come(run: Run) -> None:
        record("web", **HONG)
        record("web", **KIM)
        record("app", **KIM)
        found.append(beside(run))

    run_while(monkeypatch, AFTER_COMPARING, come)
    assert found == [{"records": 2, "made": 1, "joined": 1}]
    assert SourceRecord.objects.filter(unread=True).get().values == HONG


def test_a_record_that_the_run_has_read_is_the_run_s_also_when_it_changes(monkeypatch) -> None:
    one, two = record(**HONG), record("web", **HONG)

    def change(run: Run) -> None:
        SourceRecord.objects.filter(pk=two.pk).update(revision=2, changed_at=timezone.now())
        assert beside(run) == {}

    run_while(monkeypatch, AFTER_COMPARING, change)
    assert now(one).customer == now(two).customer and now(two).unread
    assert match_waiting() == {"records": 1} and Customer.objects.count() == 1


def test_who_waits_for_a_customer_of_whom_more_was_heard_is_compared_with_that(monkeypatch) -> None:
    here = record(**HERE)
    match_waiting()
    waits = record("old", **BY_PHONE)
    run_while(monkeypatch, AFTER_COMPARING, comes(**BY_MAIL))
    late = SourceRecord.objects.get(source="web")
    assert late.customer == now(here).customer and now(waits).customer is None and waits.unread
    assert match_waiting()["asked"] == 1
    assert now(waits).customer != late.customer and Question.objects.get().why == "gender"


def test_a_newcomer_whom_something_heard_since_contradicts_is_asked_about(monkeypatch) -> None:
    record(**HERE)
    match_waiting()
    new = known(None, **BY_PHONE)
    SourceRecord.objects.filter(customer=new).update(unread=True, values=BY_PHONE)
    run_while(monkeypatch, AFTER_COMPARING, comes(**BY_MAIL))
    assert not Merge.objects.exists() and Customer.objects.count() == 2
    assert Question.objects.filter(settled="").count() == 1


def test_a_newcomer_joins_whom_more_was_heard_of_where_nothing_contradicts(monkeypatch) -> None:
    record(**HERE)
    match_waiting()
    new = known(None, **BY_PHONE)
    SourceRecord.objects.filter(customer=new).update(
        unread=True, values={k: v for k, v in BY_PHONE.items() if k != "gender"}
    )
    run = run_while(monkeypatch, AFTER_COMPARING, comes(**BY_MAIL))
    assert run.counts["merged"] == 1 and Customer.objects.count() == 1


def test_beside_a_comparison_only_small_sources_are_served_of_a_crowd(monkeypatch) -> None:
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    monkeypatch.setattr(stretches, "FEW", 1)
    record(**HONG)
    found: list[dict[str, int]] = []

    def come(run: Run) -> None:
        for number in range(3):
            record("crowd", name=f"손님{number}", phone=f"010-5555-00{number}0")
        record("small", **KIM)
        monkeypatch.setattr(actions, "under_way", lambda: Beside(run.begun_at))  # type: ignore[arg-type]
        found.append(actions.run_new())

    run_while(monkeypatch, AFTER_COMPARING, come)
    assert found == [{"records": 1, "made": 1}]
    assert set(SourceRecord.objects.filter(unread=True).values_list("source", flat=True)) == {"crowd"}  # fmt: skip
