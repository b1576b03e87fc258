"""What a person said of two customers holds for every pair of their records."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.identity.audits.counting import count_figures
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.models import Apart, Question, Run, Split
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding import answering
from dangol.identity.stewarding.answering import answer_question, take_back
from dangol.identity.stewarding.gains import gain_of, settled_by, weigh_questions
from dangol.identity.stewarding.queries import open_pairs, queue_of
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db
OTHER = {**HONG, "name": "홍서전"}
"""Two letters of the given name differ: heavy, and asked about."""


@pytest.fixture(autouse=True)
def never_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lot falls on nobody."""
    monkeypatch.setattr(answering, "drawn_twice", lambda key: False)


def two_customers() -> list[SourceRecord]:
    """Two customers of two records each."""
    found = []
    for source, values in (("a", HONG), ("b", HONG), ("c", OTHER), ("d", OTHER)):
        found.append(record(source, **values))
        match_waiting()
    Question.objects.all().delete()
    assert Customer.objects.count() == 2
    return found


def pairs(records: list[SourceRecord]) -> list[Question]:
    """Two open questions about the same two customers, as increments of before left them."""
    return [
        Question.objects.create(a=records[a], b=records[b], why="name", weight=9.0, gain=gain)
        for a, b, gain in ((0, 2, 0.9), (1, 3, 0.5))
    ]


@pytest.mark.parametrize("answer", ["same", "household", "apart"])
def test_one_answer_settles_every_question_about_the_two(world, answer: str) -> None:
    first, second = pairs(two_customers())
    label = answer_question(first, answer, by=world.dana)
    second.refresh_from_db()
    assert (second.settled, second.settled_by) == (answer, world.dana)
    assert not queue_of(world.dana).exists() and not queue_of(world.dora).exists()
    take_back(label, by=world.dana)
    second.refresh_from_db()
    assert (second.settled, second.settled_by, second.deed) == ("", None, {})
    assert list(queue_of(world.dana)) == [first, second]


@pytest.mark.parametrize("answer", ["household", "apart"])
def test_two_who_were_told_apart_are_asked_about_by_no_later_pair(world, answer: str) -> None:
    records = two_customers()
    answer_question(pairs(records)[0], answer, by=world.dana)
    record("e", **HONG), record("f", **OTHER)
    match_waiting()
    match_all(Run(kind="full"), by=None)
    assert not Question.objects.filter(settled="").exists() and Customer.objects.count() == 2


def test_a_pair_that_waits_is_not_asked_through_other_records(world) -> None:
    records = two_customers()
    Question.objects.create(a=records[0], b=records[2], why="name", weight=9.0, gain=0.9)
    record("e", **HONG), record("f", **OTHER)
    match_waiting()
    run = match_all(Run(kind="full"), by=None)
    assert Question.objects.count() == 1 and run.counts["asked"] == 0


def test_who_became_one_by_hand_is_not_asked_until_that_is_undone(world) -> None:
    records = two_customers()
    questions = pairs(records)
    customers = [SourceRecord.objects.get(pk=records[at].pk).customer for at in (0, 2)]
    merge = merge_customers(*customers, by=world.dana, decided=True)
    assert not queue_of(world.dana).exists()
    match_all(Run(kind="full"), by=None)
    assert not queue_of(world.dana).exists()
    undo_merge(merge, by=world.dana)
    assert set(queue_of(world.dana)) == set(questions)


def test_what_settles_more_records_and_is_less_sure_is_asked_first(world) -> None:
    few = Question.objects.create(
        a=record("a", **HONG), b=record("b", **OTHER), why="weight", weight=1.0
    )
    match_waiting()
    Question.objects.exclude(pk=few.pk).delete()
    many = two_others()
    sure = Question.objects.create(a=many[0], b=many[-1], why="weight", weight=8.0)
    unsure = Question.objects.create(a=many[1], b=many[-1], why="weight", weight=1.0)
    weigh_questions()
    for one in (few, sure, unsure):
        one.refresh_from_db()
    assert [settled_by(one) for one in (few, sure, unsure)] == [2, 5, 5]
    assert few.gain == pytest.approx(gain_of(1.0, 2)) and unsure.gain == pytest.approx(
        2.5 * few.gain
    )
    assert list(queue_of(world.dana)) == [unsure, few, sure]
    assert weigh_questions() == 0
    SourceRecord.objects.create(source="d", key="later", customer=few.a.customer, values={})
    count_figures()  # as after every deed and run
    few.refresh_from_db()
    assert settled_by(few) == 3


def two_others() -> list[SourceRecord]:
    """Two other customers: one of four records, one of one."""
    person = {"name": "박가온", "phone": "010-6666-1111", "born_on": "1990-05-05"}
    rows = []
    for number in range(4):
        rows.append(record(f"s{number}", **person))
        match_waiting()
    rows.append(record("t", name="최다온", phone="010-7777-1234", born_on="1971-01-01"))
    match_waiting()
    return rows


def test_a_question_of_new_records_says_what_it_settles(world) -> None:
    record("a", **HONG)
    match_waiting()
    record("b", **HONG)
    match_waiting()
    record("c", **OTHER)
    match_waiting()
    question = Question.objects.get()
    assert settled_by(question) == 3 and question.gain == gain_of(question.weight, 3)


@pytest.mark.parametrize(("answer", "words"), [("household", "한 가구"), ("apart", "다른 사람")])
def test_merging_by_hand_warns_of_what_was_said(world, client, answer: str, words: str) -> None:
    records = two_customers()
    answer_question(pairs(records)[0], answer, by=world.dana)
    a, b = (SourceRecord.objects.get(pk=records[at].pk).customer_id for at in (0, 2))
    client.force_login(world.dana)
    page = client.get(reverse("matching:merge_new"), {"a": a, "b": b}).content.decode()
    told = page.split("notice-watch")[1][:500]
    assert words in told and str(world.dana) in told and told.count("<li>") == 1


def test_taking_back_that_one_cannot_tell_leaves_what_another_answer_settled(world) -> None:
    first, second = pairs(two_customers())
    unsure = answer_question(second, "unsure", by=world.dana)
    answer_question(first, "apart", by=world.dana)
    second.refresh_from_db()
    assert second.settled == "apart"
    take_back(unsure, by=world.dana)
    second.refresh_from_db()
    assert second.settled == "apart" and not queue_of(world.dana).exists()


@pytest.mark.parametrize("answer", ["same", "household", "apart"])
def test_an_old_page_changes_nothing_of_two_who_were_merged_by_hand(world, answer: str) -> None:
    records = two_customers()
    first, _second = pairs(records)
    one, other = (SourceRecord.objects.get(pk=records[n].pk).customer for n in (0, 2))
    merge_customers(one, other, by=world.dora, decided=True)
    with pytest.raises(ValidationError):
        answer_question(first, answer, by=world.dana)
    assert Customer.objects.count() == 1 and not Split.objects.exists()
    assert not first.labels.exists()


@pytest.mark.parametrize("answer", ["household", "apart"])
def test_an_answer_taken_back_after_a_merge_does_not_come_back_with_its_undoing(
    world, answer: str
) -> None:
    records = two_customers()
    first, _second = pairs(records)
    label = answer_question(first, answer, by=world.dana)
    one, other = (SourceRecord.objects.get(pk=records[n].pk).customer for n in (0, 2))
    merge = merge_customers(one, other, by=world.dora, decided=True)
    assert not Apart.objects.exists()
    take_back(label, by=world.dana)
    undo_merge(merge, by=world.dora)
    assert Customer.objects.count() == 2
    assert not Apart.objects.exists() and not Relation.objects.exists()


def test_a_second_look_goes_with_the_answer_that_it_looked_at(world, monkeypatch) -> None:
    monkeypatch.setattr(answering, "drawn_twice", lambda key: True)
    first, _second = pairs(two_customers())
    label = answer_question(first, "apart", by=world.dana)
    answer_question(Question.objects.get(pk=first.pk), "same", by=world.dora)
    take_back(label, by=world.dana)
    assert not first.labels.exists()
    assert queue_of(world.dora).filter(pk=first.pk).exists()


def test_the_list_says_what_settled_itself(world, client) -> None:
    records = two_customers()
    pairs(records)
    one, other = (SourceRecord.objects.get(pk=records[n].pk).customer for n in (0, 2))
    assert open_pairs(Question.objects).count() == 2
    merge_customers(one, other, by=world.dora, decided=True)
    assert open_pairs(Question.objects).count() == 0
    client.force_login(world.dana)
    page = client.get(reverse("matching:questions")).content.decode()
    assert page.count("저절로 정리됨") >= 3  # two rows and the filter
    rows = client.get(reverse("matching:questions") + "?state=open").content.decode()
    assert rows.count("저절로 정리됨") == 1
