"""Voice: sentiment learned from the company's own scores, topics, words that emerge, nothing personal kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pytest
from django.utils import timezone

from dangol.demo import voices as demo
from dangol.scores.models import ModelWeights, Score
from dangol.scores.tests.factories import ran
from dangol.scores.voice.sentiment import WIDTH, sentiment, topics, weights_from
from dangol.scores.voice.words_of import contrasted, emerging, root_of, stem, words_of
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed


def test_particles_and_endings_fall_off():
    assert stem("연비가") == "연비" and stem("소음이") == "소음" and stem("차를") == "차를"
    assert words_of("연비가 좋네요. 연비는 ABS보다!") >= {"연비"}


@pytest.mark.parametrize(
    ("said", "base"),
    [
        ("늦었어요", "늦다"), ("늦네요", "늦다"), ("좋습니다", "좋다"), ("친절했습니다", "친절하다"),
        ("기다렸어요", "기다리다"), ("미뤄졌는데", "미뤄지다"), ("나왔는데", "나오다"), ("멈췄어요", "멈추다"),
        ("있어요", "있다"), ("없어요", "없다"), ("그런데", "그런데"), ("커요", "커요"),
    ],
)  # fmt: skip
def test_a_verb_is_told_in_its_base_form_and_found_by_its_root(said, base):
    assert stem(said) == base
    assert said.startswith(root_of(base))


def test_words_that_emerge_are_those_of_the_group():
    late = ["배터리가 방전됐어요", "배터리 교체가 늦어요", "배터리 문제", "친절해요"] * 3
    before = ["친절해요", "설명이 좋아요", "시간이 늦어요"] * 20
    (first, z, n, m), *rest = emerging(late, before)
    assert (first, n, m) == ("배터리", 9, 0) and z > 2
    assert "친절하다" not in [w for w, *_more in rest]
    assert emerging([], before) == []


def test_log_odds_by_hand():
    """Monroe et al., equations 16 and 22, for one word."""
    inside, outside = Counter({"가나": 30, "다라": 70}), Counter({"가나": 10, "다라": 190})
    (word, z, n, m), *_rest = contrasted(inside, outside)
    alpha = 30 * 40 / 300
    delta = np.log((30 + alpha) / (100 + 30 - 30 - alpha)) - np.log(
        (10 + alpha) / (200 + 30 - 10 - alpha)
    )
    assert (word, n, m) == ("가나", 30, 10)
    assert z == pytest.approx(delta / np.sqrt(1 / (30 + alpha) + 1 / (10 + alpha)), abs=0.01)


def sentences(which: dict[str, list[str]]) -> list[str]:
    return [text for texts in which.values() for text in texts]


def test_sentiment_holds_for_other_endings():
    texts = sentences(demo.GOOD) * 4 + sentences(demo.BAD) * 4
    glad = np.array([True] * len(sentences(demo.GOOD)) * 4 + [False] * len(sentences(demo.BAD)) * 4)
    weights = weights_from(texts, glad)
    good, bad = sentiment(
        ["아주 친절하게 설명해 주셔서 감사합니다", "약속보다 두 시간 기다렸고 소음이 생겼어요"],
        weights,
    )
    assert good > 0.3 > -0.3 > bad
    assert len(sentiment([], weights)) == 0
    assert sentiment(["", "😀"], weights) == pytest.approx([sentiment([""], weights)[0]] * 2)


def test_topics_part_what_is_spoken_of():
    texts = ["소음이 커요", "소음이 생겼어요 정비", "소음 정비 늦어요"] * 5 + [
        "출고가 늦어요",
        "출고 지연 연락",
        "출고 연락 없음",
    ] * 5
    topic, words = topics(texts, 2)
    assert len(set(topic[:3])) == 1 and topic[0] != topic[15]
    assert {w[0] for w in words} == {"소음", "출고"} or {"소음", "출고"} <= {
        w for ws in words for w in ws
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
class TestInTheProduct:
    """The whole way."""

    @pytest.fixture
    def spoken(self, world):
        survey, place, now = make_default_surveys()["sales"], world.place("GANGNAM"), timezone.now()
        made = []
        for number in range(40):
            at = now - dt.timedelta(days=200 - 4 * number)
            good, bad = demo.GOOD["sales"][number % 5], demo.BAD["sales"][number % 5]
            made.append(completed(survey, place, GOOD | {"voice": good}, at=at))
            made.append(
                completed(survey, place, BAD | {"voice": bad}, at=at + dt.timedelta(hours=1))
            )
        return made

    def test_each_who_spoke_has_a_sentiment(self, spoken, client, world):
        run = ran("voice")
        assert (run.state, run.failure) == ("finished", "")
        assert run.version.metrics["auc"] == 1
        happy = Score.objects.get(customer=spoken[0].customer)
        sad = Score.objects.get(customer=spoken[1].customer)
        assert (happy.cell, sad.cell) == ("glad", "sad")
        assert sad.reasons[0][:2] == ["voice", 2]
        client.force_login(world.alan)
        page = client.get("/scores/voice/").content.decode()
        assert "주제" in page and "떠오르는 말" in page
        assert "AUC" in client.get("/scores/voice/?view=quality").content.decode()

    def test_no_word_of_a_customer_is_kept_in_the_weights(self, spoken):
        ran("voice")
        body = bytes(ModelWeights.objects.get().body)
        assert "출고".encode() not in body and WIDTH == 65536

    def test_too_few_words_are_told(self, world):
        assert ran("voice").failure in {"too few words", "no lake yet"}
        assert not Score.objects.exists()
