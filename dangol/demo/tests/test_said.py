"""Words that emerge lead to the texts that say them, of the customers whom somebody may see."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from dangol.core.models import AccessEntry
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, completed


def page(client, **asked):
    return client.get(f"/scores/voice/texts/?{urlencode(asked)}")


@pytest.mark.django_db
class TestSaid:
    """The page behind a word."""

    @pytest.fixture(autouse=True)
    def spoken(self, world):
        surveys, now = make_default_surveys(), timezone.now()
        for place, ago, text in (
            ("GANGNAM", 3, "출고가 너무 늦었어요 010-1234-5678"),
            ("HAEUNDAE", 5, "접수가 늦네요"),
            ("GANGNAM", 90, "시간이 늦습니다"),
            ("GANGNAM", 4, "친절했어요"),
        ):
            completed(
                surveys["sales"], world.place(place), BAD | {"voice": text, "why": "몰라요"},
                at=now - dt.timedelta(days=ago),
            )  # fmt: skip

    def test_every_form_of_the_word_is_found_the_last_thirty_days_apart(self, world, client):
        client.force_login(world.alan)
        answer = page(client, word="늦다")
        assert [s.text for s in answer.context["fresh"]] == [
            "출고가 너무 늦었어요 010-1234-5678", "접수가 늦네요",
        ]  # fmt: skip
        assert [s.text for s in answer.context["before"]] == ["시간이 늦습니다"]
        told = answer.content.decode()
        assert "<mark>늦었어요</mark>" in told and "친절" not in told and "1234-5678" not in told
        assert set(AccessEntry.objects.get(what="voices").subjects) == {
            s.customer for s in (*answer.context["fresh"], *answer.context["before"])
        }

    def test_only_the_site_or_process_that_is_asked_for(self, world, client):
        client.force_login(world.alan)
        site = world.place("HAEUNDAE").name
        assert [s.text for s in page(client, word="늦다", site=site).context["fresh"]] == [
            "접수가 늦네요"
        ]
        assert page(client, word="늦다", process="service").context["fresh"] == []
        assert page(client, word="늦다", product="없는 상품").context["fresh"] == []

    def test_nobody_reads_what_is_said_of_other_places(self, world, client):
        client.force_login(world.eve)
        seen = page(client, word="늦다")
        if seen.status_code == 200:
            assert {s.site for s in seen.context["fresh"]} <= {str(world.place("HAEUNDAE"))}
            assert seen.context["before"] == []
        client.force_login(world.ada)
        assert page(client, word="늦다").status_code == 403

    @pytest.mark.parametrize("word", ["", "\0", "%"])
    def test_nonsense_finds_nothing(self, world, client, word):
        client.force_login(world.alan)
        answer = page(client, word=word)
        assert answer.status_code in {302, 400} or answer.context["fresh"] == []
