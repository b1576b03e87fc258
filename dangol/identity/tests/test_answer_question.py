"""A steward's answer does what it says, is a label, and can be taken back."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dangol.customers.models import Alias, Customer, Relation, SourceRecord
from dangol.identity.merging.splitting import split_records
from dangol.identity.models import Apart, Label, Link, Merge, Question, SecondLook
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding import answering
from dangol.identity.stewarding.answering import answer_question, correct_by_answer, take_back
from dangol.identity.stewarding.queries import queue_of
from dangol.identity.tests.factories import HONG, record
from tests.world import build

pytestmark = pytest.mark.django_db


def pair(**other: str) -> Question:
    """Two customers whom somebody has to look at."""
    a = record(**HONG)
    b = record(
        "web", **({"name": "홍서연", "phone": "010-5555-1111", "born_on": "1971-01-01"} | other)
    )
    match_waiting()
    return Question.objects.create(
        a=a, b=b, why="weight", weight=2.0, steps=[["name", "same", 12.0]]
    )


@pytest.fixture(autouse=True)
def never_twice(request, monkeypatch):
    """The lot falls on nobody, unless a test is about it."""
    if "lot" not in request.keywords:
        monkeypatch.setattr(answering, "drawn_twice", lambda key: False)


def test_same_makes_one_customer_and_undo_gives_both_back(world) -> None:
    question = pair()
    assert Customer.objects.count() == 2
    label = answer_question(question, "same", by=world.dana)
    question.refresh_from_db()
    assert (question.settled, question.settled_by) == ("same", world.dana)
    assert Customer.objects.count() == 1 and Merge.objects.get().question == question
    take_back(label, by=world.dana)
    question.refresh_from_db()
    assert question.settled == "" and Customer.objects.count() == 2
    assert not Alias.objects.exists() and not Label.objects.exists() and not Apart.objects.exists()


def test_household_ties_two_customers_for_good(world) -> None:
    question = pair()
    label = answer_question(question, "household", by=world.dana)
    assert Relation.objects.get().kind == "household" and Apart.objects.count() == 1
    assert Customer.objects.count() == 2
    take_back(label, by=world.dana)
    assert not Relation.objects.exists() and not Apart.objects.exists()


def test_apart_is_never_asked_again_by_new_records(world) -> None:
    question = pair()
    answer_question(question, "apart", by=world.dana)
    other = SourceRecord.objects.get(pk=question.b_id)
    other.values = dict(HONG)
    other.unread = True
    other.save()
    assert match_waiting() == {"records": 1}
    assert Customer.objects.count() == 2 and Question.objects.count() == 1


def test_apart_of_a_joined_pair_splits_the_branch(world) -> None:
    record(**HONG)
    match_waiting()
    record("web", **HONG)
    match_waiting()
    link = Link.objects.get()
    question = Question.objects.create(
        a=link.other, b=link.record, why="audit", weight=link.weight, steps=link.steps
    )
    label = answer_question(question, "apart", by=world.dana)
    correct_by_answer(question, by=world.dana)
    assert Customer.objects.count() == 2
    take_back(label, by=world.dana)
    assert Customer.objects.count() == 1 and not Apart.objects.exists()


def test_cannot_tell_leaves_it_to_others(world) -> None:
    question = pair()
    answer_question(question, "unsure", by=world.dana)
    question.refresh_from_db()
    assert question.settled == ""
    assert not queue_of(world.dana).exists() and queue_of(world.dora).get() == question


def test_nobody_answers_twice_and_nonsense_is_refused(world) -> None:
    question = pair()
    with pytest.raises(ValidationError):
        answer_question(question, "perhaps", by=world.dana)
    answer_question(question, "apart", by=world.dana)
    for by in (world.dana, world.dora):
        with pytest.raises(ValidationError):
            answer_question(question, "same", by=by)
    assert Customer.objects.count() == 2 and Label.objects.count() == 1


def test_only_ones_own_answer_is_taken_back(world) -> None:
    label = answer_question(pair(), "same", by=world.dana)
    with pytest.raises(ValidationError):
        take_back(label, by=world.dora)
    assert Customer.objects.count() == 1


def test_the_lot_asks_a_second_steward_who_moves_nothing(world, monkeypatch) -> None:
    monkeypatch.setattr(answering, "drawn_twice", lambda key: True)
    question = pair()
    answer_question(question, "same", by=world.dana)
    question.refresh_from_db()
    assert question.second == SecondLook.WANTED
    assert not queue_of(world.dana).exists() and queue_of(world.dora).get() == question
    label = answer_question(question, "apart", by=world.dora)
    question.refresh_from_db()
    assert question.second == SecondLook.DONE and question.settled == "same"
    assert Customer.objects.count() == 1 and not queue_of(world.anna).exists()
    take_back(label, by=world.dora)
    assert Question.objects.get().second == SecondLook.WANTED


def test_a_pair_is_seen_only_by_those_who_see_both_customers(world) -> None:
    question = pair()
    Customer.objects.filter(records=question.a_id).update(home_place=world.place("GANGNAM"))
    Customer.objects.filter(records=question.b_id).update(home_place=world.place("HAEUNDAE"))
    from dangol.core.roles import Role
    from dangol.places.actions import grant_role

    grant_role(world.nobody, Role.DATA_STEWARD, world.place("GANGNAM"), by=None)
    assert not queue_of(world.nobody).exists() and queue_of(world.dana).exists()
    Customer.objects.filter(records=question.b_id).update(home_place=world.place("GANGNAM"))
    assert queue_of(world.nobody).get() == question


@pytest.mark.django_db(transaction=True)
def test_two_stewards_at_once_make_one_merge() -> None:
    world = build()
    question = pair()
    refused, done = [], []
    start = threading.Barrier(2)

    def decide(who: object) -> None:
        start.wait()
        try:
            done.append(answer_question(question, "same", by=who))  # type: ignore[arg-type]
        except ValidationError as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[who]) for who in (world.dana, world.dora)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(refused) == 1
    assert Merge.objects.count() == Label.objects.count() == Customer.objects.count() == 1


def test_an_answer_that_is_taken_back_leaves_what_somebody_else_told_apart(world) -> None:
    question = pair(phone=HONG["phone"], born_on=HONG["born_on"])
    Question.objects.exclude(pk=question.pk).delete()
    customer = Customer.objects.get()
    split = split_records(customer, [question.b_id], by=world.dora)
    question.refresh_from_db()
    answer_question(question, "apart", by=world.dana)
    take_back(Label.objects.get(), by=world.dana)
    assert Apart.objects.get().by == world.dora
    second = SourceRecord.objects.get(pk=question.b_id)
    now = {"values": second.values | {"email": "hong@example.com"}, "revision": 2, "unread": True}
    SourceRecord.objects.filter(pk=second.pk).update(**now)
    match_waiting()
    assert SourceRecord.objects.get(pk=second.pk).customer_id == split.new_key != customer.pk
