"""A split that an answer brought and that somebody undid by hand stands in nobody's way."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.customers.models import Customer, Relation
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.splitting import undo_split
from dangol.identity.models import Apart, Label, Merge, Question, Split
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding import answering
from dangol.identity.stewarding.answering import answer_question, correct_by_answer, take_back
from dangol.identity.stewarding.queries import to_put_right
from dangol.identity.tests.factories import HONG, a_pair, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def never_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lot falls on nobody."""
    monkeypatch.setattr(answering, "drawn_twice", lambda key: False)


def joined_by_the_matching(world) -> Question:  # type: ignore[no-untyped-def]
    """A sample of two records of one customer."""
    rows = [record("a", **HONG), record("b", **HONG)]
    match_waiting()
    return Question.objects.create(a=rows[0], b=rows[1], why="audit", weight=40.0)


def joined_by_a_merge(world) -> Question:  # type: ignore[no-untyped-def]
    """A sample of two records whose customers were merged."""
    question = a_pair(world.place("GANGNAM"), why="audit")
    merge_customers(question.a.customer, question.b.customer, by=None)  # type: ignore[arg-type]
    return question


@pytest.mark.parametrize("answer", ["apart", "household"])
@pytest.mark.parametrize("by_program", [False, True])
@pytest.mark.parametrize("joined", [joined_by_the_matching, joined_by_a_merge])
def test_taking_the_answer_back_is_possible(client, world, joined, answer, by_program) -> None:
    question = joined(world)
    client.force_login(world.dana)
    client.post(reverse("matching:answers", args=[question.pk]), {"answer": answer})
    client.post(reverse("matching:correction", args=[question.pk]))
    assert Customer.objects.count() == 2
    split = Split.objects.get()
    answer = client.post(reverse("matching:split_undoing", args=[split.pk]))
    assert answer.status_code == 302 and Customer.objects.count() == 1
    if by_program:
        done = client.delete(f"/api/v1/matching/pairs/{question.pk}/answers")
        assert done.status_code == 200
    else:
        done = client.post(reverse("matching:undoing"), headers={"HX-Request": "true"})
        assert done.status_code == 200 and str(question.pk) in done.headers["HX-Push-Url"]
    question.refresh_from_db()
    assert question.settled == "" and question.deed == {} and not Label.objects.exists()
    assert not Apart.objects.exists() and not Relation.objects.exists()
    assert Customer.objects.count() == 1


def test_it_stands_among_the_samples_to_put_right_again(client, world) -> None:
    question = joined_by_the_matching(world)
    label = answer_question(question, "apart", by=world.dana)
    correct_by_answer(question, by=world.dana)
    assert not to_put_right(world.dana).exists()
    undo_split(Split.objects.get(), by=world.dora)
    assert list(to_put_right(world.dana)) == [question]
    correct_by_answer(question, by=world.dora)
    assert Customer.objects.count() == 2 and not to_put_right(world.dana).exists()
    take_back(label, by=world.dana)
    assert Customer.objects.count() == 1 and not Apart.objects.exists()


def test_a_merge_that_put_a_sample_right_likewise(client, world) -> None:
    question = a_pair(world.place("GANGNAM"), why="audit")
    label = answer_question(question, "same", by=world.dana)
    correct_by_answer(question, by=world.dana)
    undo_merge(Merge.objects.get(), by=world.dora)
    assert list(to_put_right(world.dana)) == [question]
    take_back(label, by=world.dana)
    assert Customer.objects.count() == 2 and Merge.objects.get().undone_by == world.dora
