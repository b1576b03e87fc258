"""People merge, undo, end ties and set thresholds while a comparison of all records is under way."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.identity.learned import learned, new_version
from dangol.identity.matching.clusters import Clusters
from dangol.identity.matching.full import Matched
from dangol.identity.matching.kinds import PERSON
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.usual import USUAL
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.models import Model, Run
from dangol.identity.recognising import all_records, settling, ties
from dangol.identity.recognising.all_records import keep_model, match_all
from dangol.identity.recognising.founding import found_customers
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.recognising.readings import store_readings
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


def customer_of(one: SourceRecord) -> Customer:
    """Who has a record now."""
    one.refresh_from_db()
    assert one.customer is not None
    return one.customer


def run_while(monkeypatch: pytest.MonkeyPatch, place: object, name: str, deed: Callable[[], object]) -> Run:  # fmt: skip
    """A run over all records in which somebody does something right after a step of it."""
    work = getattr(place, name)

    def done(*args: object, **more: object) -> object:
        found = work(*args, **more)
        deed()
        return found

    monkeypatch.setattr(place, name, done)
    return match_all(Run(kind="full"), by=None)


def test_a_record_joins_whoever_took_its_customer_in_meanwhile(monkeypatch) -> None:
    one = record(**HONG)
    other = record(name="김도현", phone="010-9999-1111", born_on="1971-01-01")
    match_waiting()
    late = record("web", **HONG)
    holder, gone = customer_of(other), customer_of(one)
    run = run_while(
        monkeypatch, settling, "join_newcomers", lambda: merge_customers(holder, gone, by=None)
    )
    assert run.failure == "" and customer_of(late) == holder == customer_of(one)
    assert not SourceRecord.objects.filter(unread=True).exists()


def test_a_record_goes_to_whom_it_hangs_on_when_a_merge_is_undone_meanwhile(monkeypatch) -> None:
    one = record(**HONG)
    other = record(name="김도현", phone="010-9999-1111", born_on="1971-01-01")
    match_waiting()
    holder, gone = customer_of(other), customer_of(one)
    merge = merge_customers(holder, gone, by=None)
    late = record("web", **HONG)
    run_while(monkeypatch, settling, "join_newcomers", lambda: undo_merge(merge, by=None))
    assert customer_of(one).pk == gone.pk and customer_of(late).pk == gone.pk
    assert customer_of(other).pk == holder.pk


def test_a_group_that_was_parted_meanwhile_is_left_to_the_next_matching(monkeypatch) -> None:
    one, same = record(**HONG), record("web", **HONG)
    match_waiting()
    customer = customer_of(one)
    late = record("old", **HONG)

    def part() -> None:
        from dangol.identity.merging.splitting import split_records

        split_records(customer, [same.pk], by=None)

    run_while(monkeypatch, settling, "join_newcomers", part)
    late.refresh_from_db()
    assert late.customer is None and late.unread
    match_waiting()
    assert customer_of(late) in {customer_of(one), customer_of(same)}
    assert Customer.objects.count() == 2


def test_a_record_that_waits_beside_two_customers_who_met_gets_the_nearer_one() -> None:
    here = record(**HONG, email="hong@mail.example")
    match_waiting()
    there = SourceRecord.objects.create(source="old", key="X1", values=dict(HONG))
    store_readings([(there.pk, "person", there.values)], 2026)
    from dangol.identity.golden.trust import trust_of_sources

    found_customers([[there.pk]], trust_of_sources(), there.changed_at)
    late = record("web", **HONG, email="hong@mail.example")
    run = match_all(Run(kind="full"), by=None)
    assert customer_of(late) == customer_of(here) != customer_of(there)
    assert run.counts["joined"] == 1 and run.counts["asked"] == 1


def test_two_who_are_tied_are_tied_to_whoever_took_them_in_meanwhile(monkeypatch) -> None:
    one = record(**HONG)
    couple = record(name="김도현", phone="010-4321-8765", born_on="1985-11-02", gender="M")
    third = record(name="박서준", phone="010-9999-1111", born_on="1971-01-01")
    match_waiting()
    Relation.objects.all().delete()
    holder, gone = customer_of(third), customer_of(one)
    run = run_while(
        monkeypatch, ties, "tied_records", lambda: merge_customers(holder, gone, by=None)
    )
    tied = Relation.objects.get()
    assert {tied.from_customer, tied.to_customer} == {holder, customer_of(couple)}
    assert run.counts["households"] == 1


def test_a_tie_that_a_person_ended_is_made_again_by_nobody() -> None:
    from django.utils import timezone

    one = record(**HONG)
    record(name="김도현", phone="010-4321-8765", born_on="1985-11-02", gender="M")
    match_waiting()
    Relation.objects.update(ended_at=timezone.now())
    one.refresh_from_db()
    one.unread = True
    one.save()
    assert match_waiting() == {"records": 1}
    match_all(Run(kind="full"), by=None)
    assert Relation.objects.get().ended_at is not None


def learned_now(size: int = 5_000) -> Matched:
    """What a run of so many records found, with parameters of its own."""
    return Matched(USUAL, Clusters([], [], []), 0, 0.0)


def test_thresholds_that_were_set_meanwhile_hold_for_the_model_that_a_run_learned() -> None:
    before = learned()
    new_version("person", thresholds=Thresholds(9.0, 4.0), labels=60)
    kept = keep_model(before, learned_now(), 5_000, PERSON)
    row = learned().row
    assert row is not None and kept.row == row
    assert (row.version, row.join_from, row.review_from, row.labels) == (2, 9.0, 4.0, 60)
    assert kept.thresholds == before.thresholds  # this run goes on as it compared


@pytest.mark.django_db(transaction=True)
def test_versions_of_a_model_that_are_made_at_once_follow_each_other() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def make(number: int) -> int:
        try:
            return new_version("person", records=number).version
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(8))) == list(range(1, 9))
    assert Model.objects.count() == 8


def test_the_readings_come_over_a_file_portion_by_portion() -> None:
    record(**HONG)
    record(name="John Smith", phone="010-9999-1111")
    match_waiting()
    con = duckdb.connect()
    assert all_records.load_readings(con) == 2
    assert con.execute("select latin, birth from records order by id").fetchall() == [
        (False, "19880314"), (True, ""),
    ]  # fmt: skip
