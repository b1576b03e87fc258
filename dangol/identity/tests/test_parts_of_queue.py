"""A week's sample buries no question: the steward chooses which part of the queue to work on."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.identity.models import Question
from dangol.identity.tests.factories import a_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world) -> Question:
    """One question of the matching among three that were drawn, all of them worth more."""
    question = a_pair(world.place("GANGNAM"))
    Question.objects.update(gain=0.1)
    for name in ("박지훈", "최민숙", "정우진"):
        drawn = a_pair(world.place("GANGNAM"), name=name, why="audit")
        Question.objects.filter(pk=drawn.pk).update(gain=9)
    return question


def counts(context) -> list[tuple[str, int, bool]]:
    """The choices as the desk shows them."""
    return [(one["part"], one["count"], one["here"]) for one in context["parts"]]


def test_questions_come_first_and_samples_follow_by_themselves(world, client, asked) -> None:
    client.force_login(world.dana)
    page = client.get(reverse("matching:desk"))
    assert counts(page.context) == [("", 4, False), ("asked", 1, True), ("lot", 3, False)]
    assert (page.context["question"], page.context["waiting"]) == (asked, 1)
    done = client.post(
        reverse("matching:answers", args=[asked.pk]),
        {"answer": "apart"},
        headers={"HX-Request": "true"},
    )
    assert done.context["question"].why == "audit"
    assert (done.context["parts"], done.context["waiting"]) == ([], 3)


def test_who_chose_all_keeps_the_order_of_gain(world, client, asked) -> None:
    client.force_login(world.dana)
    page = client.get(reverse("matching:desk"), {"part": ""})
    assert counts(page.context) == [("", 4, True), ("asked", 1, False), ("lot", 3, False)]
    assert client.get(reverse("matching:desk")).context["question"].why == "audit"


def test_a_part_is_chosen_and_stays_chosen(world, client, asked) -> None:
    client.force_login(world.dana)
    page = client.get(reverse("matching:desk"), {"part": "asked"})
    assert (page.context["question"], page.context["waiting"]) == (asked, 1)
    page = client.get(reverse("matching:question", args=[asked.pk]))
    assert counts(page.context) == [("", 4, False), ("asked", 1, True), ("lot", 3, False)]
    assert page.context["next"] is None and not page.context["may_not"]
    done = client.post(
        reverse("matching:answers", args=[asked.pk]),
        {"answer": "apart"},
        headers={"HX-Request": "true"},
    )
    assert done.context["question"] is None and "추첨" in done.content.decode()
    page = client.get(reverse("matching:desk"), {"part": ""})
    assert page.context["question"].why == "audit" and page.context["parts"] == []


def test_no_choice_where_there_is_nothing_to_choose(world, client) -> None:
    a_pair(world.place("GANGNAM"))
    client.force_login(world.dana)
    page = client.get(reverse("matching:desk"), {"part": "nonsense"})
    assert page.context["parts"] == [] and page.context["waiting"] == 1


def test_a_program_reads_a_part_too(world, client, asked) -> None:
    client.force_login(world.dana)
    url = "/api/v1/matching/queue"
    assert len(client.get(url).json()["items"]) == 4
    assert [one["id"] for one in client.get(url, {"part": "asked"}).json()["items"]] == [
        str(asked.pk)
    ]
    assert len(client.get(url, {"part": "lot"}).json()["items"]) == 3
    assert client.get(url, {"part": "none"}).status_code == 422
