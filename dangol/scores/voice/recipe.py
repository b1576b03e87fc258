"""Voice of the customer: what customers wrote and said, as sentiment, topics and emerging words.

Texts never enter the lake: they are read from the database, where erasing a person reaches them, and
what is kept are weights of hashed parts of words and figures. The customer's score is the mean
sentiment of their words, the latest weighing most.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from dangol.cases.models import Case
from dangol.customers.models import Customer
from dangol.purchases.models import Line
from dangol.scores.churn.learning import auc
from dangol.scores.models import Kind
from dangol.scores.recipes import RECIPES, Learned, Progress, Scored, TooLittle
from dangol.scores.voice.sentiment import HIGH, LOW, sentiment, topics, weights_from
from dangol.scores.voice.words_of import contrasted, words_of
from dangol.surveys.models import Answer
from dangol.warehouse.engine import Lake
from dangol.warehouse.numbers import numbers_of

DAYS = 365
FRESH = 30
TOPICS = 8
MOST = 200_000
FEWEST = 30
HALF = 90.0
"""Days after which words weigh half."""


@dataclass(frozen=True)
class Said:
    """What a customer said once."""

    customer: Any
    text: str
    at: dt.datetime
    site: str
    process: str
    score: int | None
    sale: Any = None
    """The transaction that the conversation was about."""


def product_of(rows: list[Said]) -> dict[Any, str]:
    """The first product of each transaction that was spoken of."""
    sales = {s.sale for s in rows if s.sale}
    lines = Line.objects.filter(transaction__in=sales).order_by("transaction", "-pk")
    return dict(lines.values_list("transaction", "product__name"))


def voices(since: dt.datetime) -> list[Said]:
    """Words of answers that count, and of cases, newest first."""
    index = Answer.objects.filter(response=OuterRef("response"), question="").values("score")[:1]
    answers = (
        Answer.objects.filter(
            response__completed_at__gte=since, response__withdrawn_at=None
        ).exclude(text="").select_related("response", "response__place", "response__thread")
        .annotate(own=Coalesce("score", Subquery(index)))
        .order_by("-response__completed_at")[:MOST]
    )  # fmt: skip
    said = [
        Said(
            a.response.customer_id,
            a.text,
            a.response.completed_at or since,  # never empty: such answers are left out above
            str(a.response.place),
            a.response.process,
            a.own,
            a.response.thread.transaction_id if a.response.thread else None,
        )
        for a in answers
    ]
    cases = (
        Case.objects.filter(opened_at__gte=since)
        .exclude(description="")
        .select_related("place", "thread")
    )
    said += [
        Said(
            c.customer_id,
            c.description,
            c.opened_at,
            str(c.place),
            "case",
            None,
            c.thread.transaction_id,
        )  # fmt: skip
        for c in cases.order_by("-opened_at")[:MOST]
    ]
    return said


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
            raise TooLittle("too few words")
        cut = len(rows) * 4 // 5
        texts = [s.text for s in rows]
        fresh, known = glad[cut:], glad[:cut]
        metrics: dict[str, Any] = {"texts": len(rows)}
        if 0 < fresh.sum() < len(fresh) and 0 < known.sum() < cut:
            early = weights_from(texts[:cut], known)
            said = sentiment(texts[cut:], early)
            metrics |= {
                "auc": round(auc(said, fresh), 4), "error": round(1 - auc(said, fresh), 4),
                "right": round(float(((said > 0) == fresh).mean()), 4),
            }  # fmt: skip
        return Learned(
            "characters", {"settings": settings}, metrics, {"labels": [int(glad.sum()), int((~glad).sum())]},
            rows[0].at.date(), rows[-1].at.date(), weights_from(texts, glad),
        )  # fmt: skip

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """The sentiment of each customer who said something, and what is said of the whole."""
        assert learned.weights is not None
        now = timezone.now()
        rows = voices(now - dt.timedelta(days=int(settings.get("days") or DAYS)))
        if not rows:
            raise TooLittle("too few words")
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
            },
        )  # fmt: skip


def told_topics(
    rows: list[Said], topic: Any, words: list[list[str]], feeling: Any
) -> list[dict[str, Any]]:
    """Each topic: its words, how many texts, how content; never a sentence of anybody."""
    told = []
    for number, named in enumerate(words):
        inside = np.flatnonzero(topic == number)
        if len(inside) and named:
            told.append({
                "words": named, "texts": len(inside), "feeling": round(float(feeling[inside].mean()), 3),
            })  # fmt: skip
    return sorted(told, key=lambda t: -t["texts"])


def emerging_by(rows: list[Said], now: dt.datetime) -> dict[str, Any]:
    """Words of the last 30 days against before, of all and of each process; and what a site's or a
    product's customers say more than the others, where there are ten texts or more."""
    late, products = now - dt.timedelta(days=FRESH), product_of(rows)
    fresh: dict[str, Counter[str]] = defaultdict(Counter)
    before: dict[str, Counter[str]] = defaultdict(Counter)
    parts: dict[str, dict[str, Counter[str]]] = {
        "sites": defaultdict(Counter),
        "products": defaultdict(Counter),
    }
    size: dict[str, Counter[str]] = {"sites": Counter(), "products": Counter()}
    everywhere: Counter[str] = Counter()
    for said in rows:
        words = words_of(said.text)
        for group in ("", f"process:{said.process}"):
            (fresh if said.at >= late else before)[group].update(words)
        everywhere.update(words)
        for part, name in (("sites", said.site), ("products", products.get(said.sale, ""))):
            if name:
                parts[part][name].update(words)
                size[part][name] += 1
    found: dict[str, Any] = {"time": {g: contrasted(fresh[g], before[g]) for g in sorted(fresh)}}
    for part, groups in parts.items():
        found[part] = {
            name: contrasted(groups[name], everywhere - groups[name])
            for name, n in size[part].most_common(12) if n >= 10
        }  # fmt: skip
    return found


def by_week(rows: list[Said], feeling: Any, now: dt.datetime) -> list[list[Any]]:
    """Mean sentiment and number of texts of each of the last 26 weeks, oldest first."""
    week = np.array([(now - s.at).days // 7 for s in rows])
    said = []
    for number in range(min(25, int(week.max())), -1, -1):
        inside = week == number
        said.append([
            (now - dt.timedelta(weeks=number)).date().isoformat(), int(inside.sum()),
            round(float(feeling[inside].mean()), 3) if inside.any() else None,
        ])  # fmt: skip
    return said


RECIPES[Kind.VOICE] = Voice()
