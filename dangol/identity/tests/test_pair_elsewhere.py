"""What other records of two customers say against one person stands in the rows and beside the sum."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.identity.models import Question
from dangol.identity.stewarding.pair import lines_of, siblings_of
from dangol.identity.tests.factories import KEYS, a_pair

pytestmark = pytest.mark.django_db
AGAINST = "두 고객의 다른 레코드는 서로 달라요"


def more(record: SourceRecord, **values: str) -> SourceRecord:
    """Another record of a record's customer."""
    return SourceRecord.objects.create(
        source="web", key=f"K{next(KEYS)}", values=values, customer=record.customer, unread=False
    )


def without(question: Question, field: str) -> None:
    """Neither of the two records knows a field."""
    for one in (question.a, question.b):
        del one.values[field]
        one.save()


def states(question: Question) -> dict[str, str]:
    """How each row of the pair is marked."""
    found = lines_of(question.a, question.b, siblings_of(question))
    return {line.field: line.state for line in found}


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("born_on", "1990-01-02", "1973-11-20"),
        ("gender", "남", "F"),
        ("registration", "120-81-47521", "220-81-62517"),
    ],
)
def test_what_two_customers_say_otherwise_is_marked(world, field, left, right) -> None:
    question = a_pair(world.place("GANGNAM"))
    if field in question.a.values:
        without(question, field)
    more(question.a, **{field: left})
    assert states(question).get(field, "one") == "one"
    more(question.b, **{field: right})
    assert states(question)[field] == "elsewhere"


def test_records_that_agree_are_contradicted_by_both_customers(world) -> None:
    question = a_pair(world.place("GANGNAM"))
    more(question.a, born_on="1990-01-02")
    assert states(question)["born_on"] == "same"
    more(question.b, born_on="1973-11-20")
    assert states(question)["born_on"] == "elsewhere"


@pytest.mark.parametrize(
    ("left", "right", "gone"),
    [
        ("1990-01-02", "1990.01.02", False),
        ("1990-01-02", "1990-01-03", False),
        ("1990-01-02", "1973-11-20", True),
    ],
    ids=["the same", "a slip", "gone from its source"],
)
def test_what_contradicts_nothing_is_not_marked(world, left, right, gone) -> None:
    question = a_pair(world.place("GANGNAM"))
    without(question, "born_on")
    more(question.a, born_on=left)
    other = more(question.b, born_on=right)
    if gone:
        SourceRecord.objects.filter(pk=other.pk).update(gone_at=timezone.now())
    assert states(question)["born_on"] == "one"


def test_a_sentence_stands_beside_the_sum_unless_the_look_is_blind(world, client) -> None:
    question = a_pair(world.place("GANGNAM"))
    without(question, "born_on")
    client.force_login(world.dana)
    address = reverse("matching:question", args=[question.pk])
    assert AGAINST not in client.get(address).text
    more(question.a, born_on="1990-01-02")
    more(question.b, born_on="1973-11-20")
    page = client.get(address).text
    assert f"{AGAINST}: 생년월일" in page and "다른 레코드와 다름" in page
    fields = {
        f["field"]: f for f in client.get(f"/api/v1/matching/pairs/{question.pk}").json()["fields"]
    }
    assert fields["born_on"]["differs_elsewhere"] and not fields["name"]["differs_elsewhere"]
    Question.objects.filter(pk=question.pk).update(why="audit")
    page = client.get(address).text
    assert AGAINST not in page and "다른 레코드와 다름" not in page
