"""Voice of the customer: what customers wrote and said, as sentiment, topics and emerging words.

Texts never enter the lake: they are read from the database, where erasing a person reaches them, and
what is kept are weights of hashed parts of words and figures. The customer's score is the mean
sentiment of their words, the latest weighing most.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import numpy as np
from django.utils import timezone

from dangol.customers.models import Customer
from dangol.scores.drift import profile, psi
from dangol.scores.judging import auc, courses
from dangol.scores.models import Kind
from dangol.scores.recipes import RECIPES, Lack, Learned, Progress, Scored, TooLittle
from dangol.scores.voice.sentiment import HIGH, LOW, sentiment, topics, weights_from
from dangol.scores.voice.texts import Said, voices
from dangol.scores.voice.told import by_week, emerging_by, told_topics
from dangol.warehouse.engine import Lake
from dangol.warehouse.numbers import numbers_of

DAYS = 365
TOPICS = 8
FEWEST = 30
HALF = 90.0
"""Days after which words weigh half."""


class Voice:
    """Learned from the company's own scores; tested on the newest words, which it had not seen."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """Weights of parts of words, and the AUC on the last fifth of the labelled texts."""
        now = timezone.now()
        rows = [
            s for s in voices(now - dt.timedelta(days=2 * DAYS))
            if s.score is not None and (s.score < LOW or s.score >= HIGH)
        ]  # fmt: skip
        rows.sort(key=lambda s: s.at)
        glad = np.array([(s.score or 0) >= HIGH for s in rows], dtype=bool)
        if min(glad.sum(), (~glad).sum()) < FEWEST:
            raise TooLittle(Lack.WORDS)
        texts = [s.text for s in rows]
        metrics, report = judged(texts, glad)
        weights = weights_from(texts, glad)
        return Learned(
            "characters",
            {"settings": settings, "profile": {"feeling": profile(sentiment(texts, weights))}},
            {"texts": len(rows)} | metrics,
            {"labels": [int(glad.sum()), int((~glad).sum())]} | report,
            rows[0].at.date(), rows[-1].at.date(), weights,
        )  # fmt: skip

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """The sentiment of each customer who said something, and what is said of the whole."""
        assert learned.weights is not None
        now = timezone.now()
        rows = voices(now - dt.timedelta(days=int(settings.get("days") or DAYS)))
        if not rows:
            raise TooLittle(Lack.WORDS)
        progress("score", 0, len(rows))
        feeling = sentiment([s.text for s in rows], learned.weights)
        topic, words = (
            topics([s.text for s in rows], TOPICS)
            if len(rows) > 20
            else (np.full(len(rows), -1), [])
        )
        mine: dict[Any, list[int]] = defaultdict(list)
        for i, said in enumerate(rows):
            mine[said.customer].append(i)
        numbers = numbers_of(Customer, mine)
        keys = [k for k in mine if k in numbers]
        age = np.array([(now - s.at).total_seconds() / 86400 for s in rows])
        weight = 0.5 ** (age / HALF)
        value = np.array([np.average(feeling[mine[k]], weights=weight[mine[k]]) for k in keys])
        cell = ["glad" if v > 0.25 else "sad" if v < -0.25 else "mixed" for v in value]
        return Scored(
            np.array([numbers[k] for k in keys], dtype=np.int64), value, cell,
            [
                [["voice", len(mine[k]), rows[mine[k][0]].at.date().isoformat(),
                  words[topic[mine[k][0]]][:3] if topic[mine[k][0]] >= 0 else []]]
                for k in keys
            ],
            as_of=now.date(),
            summary={
                "cells": {c: {"customers": cell.count(c)} for c in ("glad", "mixed", "sad")},
                "texts": len(rows), "topics": told_topics(rows, topic, words, feeling),
                "emerging": emerging_by(rows, now), "weeks": by_week(rows, feeling, now),
                "drift": drift_of(learned, rows, feeling),
            },
        )  # fmt: skip


def judged(texts: list[str], glad: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Learned from four fifths, tested on the newest; nothing where either has only one kind of text."""
    cut = len(texts) * 4 // 5
    fresh, known = glad[cut:], glad[:cut]
    if fresh.all() or not fresh.any() or known.all() or not known.any():
        return {}, {}
    said = sentiment(texts[cut:], weights_from(texts[:cut], known))
    drawn = courses((1 - said) / 2, ~fresh)
    return (
        {"auc": round(auc(said, fresh), 4), "error": round(1 - auc(said, fresh), 4),
         "right": round(float(((said > 0) == fresh).mean()), 4)},
        {"lift": drawn["lift"], "content": [None if x is None else round(1 - x, 4) for x in reversed(drawn["came"])]},
    )  # fmt: skip


def drift_of(learned: Learned, rows: list[Said], feeling: Any) -> dict[str, float]:
    """How far the sentiment of scored texts is from that of the texts that were learned from."""
    then = learned.parameters.get("profile")
    scored = [s.score is not None and (s.score < LOW or s.score >= HIGH) for s in rows]
    now = feeling[np.array(scored, dtype=bool)]
    return {"feeling": psi(then["feeling"], now)} if then and len(now) else {}


RECIPES[Kind.VOICE] = Voice()
