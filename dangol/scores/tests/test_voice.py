"""What customers say: which words are new at a site, how the test on unseen texts is told, drift."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from dangol.scores.recipes import Learned
from dangol.scores.voice.recipe import drift_of, judged
from dangol.scores.voice.texts import Said
from dangol.scores.voice.told import emerging_by

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def said(text: str, ago: int, site: str = "강남", score: int | None = None) -> Said:
    return Said(object(), text, NOW - dt.timedelta(days=ago), site, "sales", score)


@pytest.mark.django_db
def test_a_word_that_is_new_at_one_site_is_told_there_and_no_word_that_was_always_said():
    rows = [said("상담이 친절했어요", ago) for ago in range(1, 300, 3)]
    rows += [said("상담이 친절했어요", ago, "해운대") for ago in range(1, 300, 3)]
    rows += [said("주차장이 좁아요 상담이 친절했어요", ago, "해운대") for ago in range(1, 20)]
    rows += [said("번호표가 없어요", 3, "마포")]
    told = emerging_by(rows, NOW)
    assert {w for w, *_more in told["sites"]["해운대"]} == {"주차장", "좁다"}
    assert "강남" not in told["sites"], "nothing is new there"
    assert "마포" not in told["sites"], "one text is too few"
    assert "주차장" in [word for word, *_more in told["time"][""]]


def test_the_test_is_of_the_newest_fifth():
    texts = ["정말 친절하고 좋아요", "너무 늦고 불친절해요"] * 100
    glad = np.array([True, False] * 100)
    metrics, report = judged(texts, glad)
    assert (metrics["auc"], metrics["right"]) == (1, 1)
    assert report["content"][0] == 0 and report["content"][-1] == 1
    assert sum(report["lift"][:5]) == 1, "half of the texts are discontented, and come first"
    assert judged(texts, np.ones(200, dtype=bool)) == ({}, {})


def test_drift_is_of_texts_with_a_score_alone():
    learned = Learned(
        "characters", {"profile": {"feeling": {"edges": [0.0], "shares": [0.5, 0.5]}}}
    )
    rows = [said("가", 1, score=100_000), said("나", 2, score=0), said("다", 3)]
    assert drift_of(learned, rows, np.array([1.0, -1.0, -1.0])) == {"feeling": 0}
    assert drift_of(learned, rows, np.array([1.0, 0.5, -1.0]))["feeling"] > 0.25
    assert drift_of(Learned("characters", {}), rows, np.zeros(3)) == {}
