"""A sample shows that a decision was wrong: what it changes is seen before it is done."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.customers.models import Customer
from dangol.identity.models import Question
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding import answering
from dangol.identity.stewarding.answering import answer_question, correct_by_answer, take_back
from dangol.identity.stewarding.queries import to_put_right
from dangol.identity.tests.factories import HONG, a_pair, record

pytestmark = pytest.mark.django_db
API = "/api/v1/matching/pairs"


@pytest.fixture(autouse=True)
def never_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lot falls on nobody, unless a test is about it."""
    monkeypatch.setattr(answering, "drawn_twice", lambda key: False)


def one_joined() -> Question:
    """A sample of two records that are one customer's."""
    rows = [record("a", **HONG), record("b", **HONG)]
    match_waiting()
    return Question.objects.create(a=rows[0], b=rows[1], why="audit", weight=40.0)


def test_the_desk_shows_what_would_change_and_then_does_it(world, client) -> None:
    question = one_joined()
    client.force_login(world.dana)
    url = reverse("matching:answers", args=[question.pk])
    answer = client.post(url, {"answer": "apart"}, headers={"HX-Request": "true"})
    assert Customer.objects.count() == 1
    assert answer.headers["HX-Push-Url"] == reverse("matching:question", args=[question.pk])
    page = client.get(reverse("matching:question", args=[question.pk]))
    correction = page.context["correction"]
    assert answer.context["correction"] == correction
    assert correction["value"] == "apart" and "레코드 1건" in correction["does"]
    assert "1건" in client.get(reverse("matching:audits")).content.decode()
    listed = client.get(reverse("matching:questions"), {"state": "other"})
    assert str(question.pk) in listed.content.decode()
    client.post(reverse("matching:correction", args=[question.pk]))
    assert Customer.objects.count() == 2 and not to_put_right(world.dana).exists()
    client.post(reverse("matching:undoing"))
    assert Customer.objects.count() == 1


def test_a_program_learns_that_something_waits_and_does_it(world, client) -> None:
    question = a_pair(world.place("GANGNAM"), why="audit")
    client.force_login(world.dana)
    where = f"{API}/{question.pk}"
    answered = client.post(
        f"{where}/answers", {"answer": "same"}, content_type="application/json"
    ).json()
    assert answered["to_correct"] and Customer.objects.count() == 2
    done = client.post(f"{where}/correction")
    assert done.status_code == 201 and not done.json()["to_correct"]
    assert Customer.objects.count() == 1
    assert client.post(f"{where}/correction").status_code == 409
    assert client.delete(f"{where}/answers").status_code == 200
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("answer", ["apart", "household"])
def test_what_stands_as_it_was_answered_has_nothing_to_put_right(world, answer) -> None:
    question = a_pair(world.place("GANGNAM"), why="audit")
    answer_question(question, answer, by=world.dana)
    assert not to_put_right(world.dana).exists()
    with pytest.raises(ValidationError):
        correct_by_answer(question, by=world.dana)


def test_other_questions_about_the_same_two_wait_until_it_is_put_right(world) -> None:
    sample = a_pair(world.place("GANGNAM"), why="audit")
    more = record("old", name="홍서언")
    more.customer = sample.b.customer
    more.save()
    other = Question.objects.create(a=sample.a, b=more, why="weight", weight=1.0)
    label = answer_question(sample, "same", by=world.dana)
    other.refresh_from_db()
    assert other.settled == ""
    correct_by_answer(sample, by=world.dora)
    other.refresh_from_db()
    assert (other.settled, other.settled_by) == ("same", world.dana)
    take_back(label, by=world.dana)
    other.refresh_from_db()
    assert other.settled == "" and Customer.objects.count() == 2


def test_who_is_to_look_a_second_time_does_not_learn_it(world, client, monkeypatch) -> None:
    monkeypatch.setattr(answering, "drawn_twice", lambda key: True)
    question = a_pair(world.place("GANGNAM"), why="audit")
    answer_question(question, "same", by=world.dana)
    client.force_login(world.dora)
    page = client.get(reverse("matching:question", args=[question.pk]))
    assert page.context["correction"] is None and page.context["hidden"]
    assert not client.get(f"{API}/{question.pk}").json()["to_correct"]
    assert not to_put_right(world.dora).exists()
