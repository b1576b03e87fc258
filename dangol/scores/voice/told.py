"""What is told of all texts together: topics, emerging words, the course of sentiment; never a sentence of anybody."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from dangol.scores.voice.texts import Said, product_of
from dangol.scores.voice.words_of import contrasted, words_of

FRESH = 30
FEWEST_IN_GROUP = 5
"""Texts of the last 30 days that a site or a product must have to be told of."""
GROUPS = 12
SURE, SURE_OF_MANY = 2.58, 3.0
"""Standard errors: one word in a hundred by chance; of some dozens of sites or products, fewer still."""


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
    """Words of the last 30 days: of all and of each process against the time before, of each site
    and product against everything else that was said, there or elsewhere; the strongest first."""
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
        if said.at >= late:
            for part, name in (("sites", said.site), ("products", products.get(said.sale, ""))):
                parts[part][name].update(words)
                size[part][name] += 1
    found: dict[str, Any] = {
        "time": {g: contrasted(fresh[g], before[g], sure=SURE) for g in sorted(fresh)}
    }
    for part, groups in parts.items():
        told = {
            name: contrasted(words, everywhere - words, sure=SURE_OF_MANY)
            for name, words in groups.items() if name and size[part][name] >= FEWEST_IN_GROUP
        }  # fmt: skip
        strongest = sorted((n for n in told if told[n]), key=lambda n: -told[n][0][1])
        found[part] = {name: told[name] for name in strongest[:GROUPS]}
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
