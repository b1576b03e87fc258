"""The sources of a whole company become one."""

from __future__ import annotations

from random import Random

import pytest

from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.demo.sources import mishaps
from dangol.demo.sources.population import population
from dangol.demo.sources.records import COLUMNS, records, thirty_databases
from dangol.identity.models import Link, Model, Question, Run
from dangol.identity.recognising import all_records
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import record

pytestmark = pytest.mark.django_db


def cut(people: int, seed: int = 5) -> dict[int, int]:
    """Records of thirty sources that wait; whose each is."""
    rows, who = [], []
    for person, values in records(population(people, seed), thirty_databases(), seed):
        said = dict(zip(COLUMNS, values, strict=True))
        said["born_on"] = said.pop("birth")
        source, key = said.pop("source"), said.pop("key")
        rows.append(
            SourceRecord(source=source, key=key, values={k: v for k, v in said.items() if v})
        )
        who.append(person)
    made = SourceRecord.objects.bulk_create(rows)
    return {r.pk: w for r, w in zip(made, who, strict=True)}


def test_thirty_sources_become_one_and_nothing_is_lost() -> None:
    truth = cut(700)
    run = match_all(Run(kind="full"), by=None)
    assert run.ended_at and run.counts["records"] == len(truth)
    assert not SourceRecord.objects.filter(customer=None).exists()
    assert (
        abs(Customer.objects.count() - len(set(truth.values()))) <= len(set(truth.values())) * 0.08
    )
    owners = dict(SourceRecord.objects.values_list("pk", "customer_id"))
    mixed: dict[object, set[int]] = {}
    for one, person in truth.items():
        mixed.setdefault(owners[one], set()).add(person)
    assert sum(len(people) > 1 for people in mixed.values()) <= 1
    assert Link.objects.count() == len(truth) - Customer.objects.count()
    assert run.counts["asked"] == Question.objects.count() <= len(truth) * 0.02
    assert Relation.objects.filter(kind="household").exists()
    assert Model.objects.get().records == len(truth)


def test_a_second_run_changes_nothing() -> None:
    cut(150)
    match_all(Run(kind="full"), by=None)
    before = set(SourceRecord.objects.values_list("pk", "customer_id"))
    questions, relations = Question.objects.count(), Relation.objects.count()
    again = match_all(Run(kind="full"), by=None)
    assert set(SourceRecord.objects.values_list("pk", "customer_id")) == before
    assert (Question.objects.count(), Relation.objects.count()) == (questions, relations)
    assert again.counts["made"] == again.counts["joined"] == 0


def test_one_by_one_and_all_together_mostly_agree() -> None:
    truth = cut(150)
    while match_waiting()["records"]:
        pass
    assert not SourceRecord.objects.filter(customer=None).exists()
    people = len(set(truth.values()))
    assert abs(Customer.objects.count() - people) <= people * 0.12


def test_records_of_which_no_two_agree_teach_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_records, "ENOUGH", 1)
    for name, phone, day in (("홍서연", "010-4321-8765", "1988-03-14"), ("김도윤", "010-7654-1234", "1971-11-02")):  # fmt: skip
        record(name=name, phone=phone, born_on=day)
    assert match_all(Run(kind="full"), by=None).counts["made"] == 2
    assert not Model.objects.exists()


def test_a_model_is_learned_anew_once_the_records_have_doubled(monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(all_records, "ENOUGH", 100)
    cut(60)
    first = match_all(Run(kind="full"), by=None).model
    assert first is not None and match_all(Run(kind="full"), by=None).model == first
    monkeypatch.setattr(all_records, "OUTGROWN", 1)
    again = match_all(Run(kind="full"), by=None).model
    assert again is not None
    assert (again.version, again.records) == (first.version + 1, first.records)


def test_a_foreigners_name_is_written_as_it_is() -> None:
    written = {mishaps.romanised("Khan", "Fatima", Random(n)) for n in range(20)}
    assert written == {"Fatima Khan", "KHAN FATIMA"}
