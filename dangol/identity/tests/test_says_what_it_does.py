"""What the desk says an answer does is what the answer does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.customers.actions import add_contact_point
from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.identity.merging.preview import moved_by
from dangol.identity.models import Link, Merge, Question, Split
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.recognising.tying import tie
from dangol.identity.stewarding import answering
from dangol.identity.stewarding.answering import answer_question, correct_by_answer
from dangol.identity.stewarding.doing import deeds_of
from dangol.identity.tests.factories import a_pair, known, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def never_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lot falls on nobody."""
    monkeypatch.setattr(answering, "drawn_twice", lambda key: False)


def said(client, world, question: Question) -> dict[str, str]:
    """What the desk says of each answer."""
    client.force_login(world.dana)
    page = client.get(reverse("matching:question", args=[question.pk]))
    return {str(one["value"]): one["does"] for one in page.context["choices"]}


def two_customers(world) -> Question:
    """Two who were tied, who share a telephone, and of whom one has seventy records."""
    question = a_pair(world.place("GANGNAM"))
    for one in (question.a, question.b):
        add_contact_point(one.customer, "phone", "010-4321-8765", by=None)
    add_contact_point(question.b.customer, "email", "hong@mail.example", by=None)
    tie(question.a.customer_id, question.b.customer_id, "household")
    other = known(world.place("GANGNAM"), name="박서준")
    tie(other.pk, question.a.customer_id, "household")
    SourceRecord.objects.bulk_create(
        SourceRecord(
            source="old", key=f"old{n}", values={"name": "홍서언"}, customer=question.b.customer,
            unread=False,
        )
        for n in range(70)
    )  # fmt: skip
    return question


def test_joining_moves_what_the_desk_said(world, client) -> None:
    question = two_customers(world)
    words = said(client, world, question)["same"]
    survivor, other = question.b.customer, question.a.customer  # seventy records outweigh the age
    assert words.startswith(f"{other.name} → {survivor.name} ")
    answer_question(question, "same", by=world.dana)
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.merged_key) == (survivor.pk, other.pk)
    assert ", ".join(moved_by(merge)) in words


def test_household_and_apart_leave_both_and_answer_the_others(world, client) -> None:
    for answer in ("household", "apart"):
        question = a_pair(world.place("GANGNAM"))
        more = SourceRecord.objects.create(
            source="old", key=f"x{answer}", values={"name": "홍서언"}, customer=question.b.customer,
            unread=False,
        )  # fmt: skip
        second = Question.objects.create(a=question.a, b=more, why="weight", weight=1.0)
        customers, tied = Customer.objects.count(), Relation.objects.count()
        assert "다른 질문 1건" in said(client, world, question)[answer]
        answer_question(question, answer, by=world.dana)
        second.refresh_from_db()
        assert second.settled == answer and Customer.objects.count() == customers
        assert Relation.objects.count() == tied + (answer == "household")


def test_parting_takes_along_the_branch_that_the_desk_named(world) -> None:
    values = {"name": "홍서연", "phone": "010-4321-8765", "born_on": "1988-03-14"}
    rows = []
    for source, more in (("a", {}), ("b", {}), ("c", {"email": "c@mail.example"})):
        rows.append(record(source, **values, **more))
        match_waiting()
    Link.objects.all().delete()
    Link.objects.create(record=rows[1], other=rows[0], weight=8.0)
    Link.objects.create(record=rows[2], other=rows[1], weight=20.0)
    SourceRecord.objects.filter(pk__in=[r.pk for r in rows]).update(unread=False)
    for answer in ("apart", "household"):
        question = Question.objects.create(a=rows[0], b=rows[1], why="audit", weight=8.0)
        told = deeds_of(Question.objects.get(pk=question.pk), hidden=False)
        words = dict(zip(("same", "household", "apart", "unsure"), told, strict=True))
        assert "이미 한 고객" in words["same"]
        label = answer_question(question, answer, by=world.dana)
        assert not Split.objects.filter(undone_at=None).exists(), "not before it was seen"
        correct_by_answer(question, by=world.dana)
        split = Split.objects.get(undone_at=None)
        assert sorted(split.records) == [rows[1].pk, rows[2].pk]
        assert ", ".join(moved_by(split)) in words[answer]
        assert Relation.objects.count() == (answer == "household")
        answering.take_back(label, by=world.dana)
        question.delete()
