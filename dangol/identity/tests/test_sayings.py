"""Ties and answers between two customers are told with who said them and when."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.core.masking import see_whole
from dangol.customers.relations import add_relation, end_relation
from dangol.identity.merging.apart import keep_apart
from dangol.identity.models import Question
from dangol.identity.recognising.tying import tie
from dangol.identity.stewarding import answering
from dangol.identity.stewarding.answering import answer_question
from dangol.identity.stewarding.sayings import Saying, said_between, ties_between
from dangol.identity.tests.factories import a_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world, monkeypatch: pytest.MonkeyPatch) -> Question:
    """Two customers of whom no second steward is asked, read by somebody who sees names whole."""
    see_whole(True)
    monkeypatch.setattr(answering, "drawn_twice", lambda key: False)
    return a_pair(world.place("GANGNAM"))


def told(found: list[Saying]) -> list[tuple[str, str]]:
    """What was said, and by whom."""
    return [(one.words, one.who) for one in found]


def test_a_tie_that_nobody_made_is_the_matchings(pair, client, world) -> None:
    relation = tie(pair.a.customer_id, pair.b.customer_id, "household")
    found = ties_between(pair.a.customer_id, pair.b.customer_id)
    assert told(found) == [("같은 가구", "자동")] and found[0].at == relation.created_at
    client.force_login(world.dana)
    page = client.get(reverse("matching:question", args=[pair.pk])).text
    assert "이미 연결됨" in page and "같은 가구" in page.split("steward-tie")[1][:600]
    Question.objects.filter(pk=pair.pk).update(why="audit")
    assert "steward-tie" not in client.get(reverse("matching:question", args=[pair.pk])).text


def test_a_tie_by_hand_names_who_made_it_until_it_ends(
    pair, world, django_assert_num_queries
) -> None:
    one, other = pair.a.customer, pair.b.customer
    relation = add_relation(one, other, "influences", by=world.dora)
    tie(one.pk, other.pk, "household")
    with django_assert_num_queries(1):
        found = ties_between(other.pk, one.pk)
    assert told(found) == [
        (f"영향을 미침: {one.name} → {other.name}", str(world.dora)),
        ("같은 가구", "자동"),
    ]
    end_relation(relation, by=world.dora)
    assert told(ties_between(one.pk, other.pk)) == [("같은 가구", "자동")]


def test_a_tie_by_an_answer_names_the_steward(pair, world) -> None:
    answer_question(pair, "household", by=world.dana)
    ends = pair.a.customer_id, pair.b.customer_id
    assert told(ties_between(*ends)) == [("같은 가구", str(world.dana))]
    pair.refresh_from_db()
    found = said_between(*ends, "person")
    assert told(found) == [("한 가구의 두 사람", str(world.dana))]
    assert found[0].at == pair.settled_at


def test_the_page_of_a_merge_tells_the_answer_and_the_tie_of_the_matching(
    pair, client, world
) -> None:
    a, b = pair.a.customer_id, pair.b.customer_id
    client.force_login(world.dora)
    address = reverse("matching:merge_new")
    assert "sayings" not in client.get(address, {"a": a, "b": b}).text
    tie(a, b, "household")
    answer_question(pair, "apart", by=world.dana)
    assert told(said_between(a, b, "person")) == [
        ("다른 사람", str(world.dana)),
        ("같은 가구", "자동"),
    ]
    page = client.get(address, {"a": a, "b": b}).text.split("sayings")[1].split("</ul>")[0]
    assert str(world.dana) in page and "자동" in page and page.count("<time") == 2


def test_what_was_told_apart_by_hand_names_who_did(pair, world) -> None:
    a, b = pair.a.customer_id, pair.b.customer_id
    keep_apart(a, b, by=world.dora)
    assert [one.who for one in said_between(a, b, "person")] == [str(world.dora)]
