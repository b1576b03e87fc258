"""Words that emerge: more frequent in one group of texts than elsewhere, beyond what chance explains.

Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008, Fightin' Words,
Political Analysis 16(4), equations 16, 20 and 22): for word w, y of n in the group and y' of n'
elsewhere, with the whole as prior α; z = δ / σ(δ) tells how sure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

HANGUL = re.compile(r"[가-힣]{2,}|[A-Za-z]{3,}")
ENDINGS = (
    "했습니다", "합니다", "입니다", "습니다", "었습니다", "았습니다", "이에요", "예요", "네요", "어요", "아요",
    "해요", "이나", "에서", "에게", "으로", "까지", "부터", "보다", "이라", "하고", "에는", "에도", "은", "는",
    "이", "가", "을", "를", "에", "의", "도", "로", "와", "과", "만",
)  # fmt: skip
DOES = (
    "했습니다", "합니다", "했어요", "했는데", "하는데", "하네요", "하게", "해서", "하신", "하는", "해요",
)  # fmt: skip
SAYS = (
    "었습니다", "았습니다", "습니다", "었어요", "았어요", "었는데", "았는데", "어요", "아요", "네요", "는데", "어서", "아서",
)  # fmt: skip
"""Endings of 하다, and of other verbs and adjectives."""
OPEN = {6: 20, 9: 8, 14: 13}
"""Vowels that a past contracts, and what they were: 렸 from 리, 왔 from 오, 줬 from 주."""
SS, FIRST_SYLLABLE = 20, ord("가")
PRIOR = 0.1
"""What the prior weighs against all words, 500 words at most."""


def stem(word: str) -> str:
    """A word without its particle, a verb or adjective in its base form (늦었어요 → 늦다); as far as
    the endings tell: there is no dictionary."""
    for ending in DOES:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + "하다"
    for ending in SAYS:
        if word.endswith(ending) and (base := base_of(word[: -len(ending)])):
            return base
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)]
    return word


def base_of(root: str) -> str:
    """What stands before an ending, as a base form; empty where it cannot be told."""
    if not root or not "가" <= root[-1] <= "힣":
        return ""
    place = ord(root[-1]) - FIRST_SYLLABLE
    first, vowel, last = place // 588, place % 588 // 28, place % 28
    if not last:
        return ""
    if last != SS or root[-1] == "있":
        return root + "다"
    if vowel not in OPEN or len(root) < 2:
        return ""
    return root[:-1] + chr(FIRST_SYLLABLE + first * 588 + OPEN[vowel] * 28) + "다"


def root_of(word: str) -> str:
    """The letters that every form of a word begins with, as far as they are sure: 늦다 → 늦."""
    for ending in ("하다", "다"):
        if word.endswith(ending) and len(word) > len(ending):
            root = word.removesuffix(ending)
            closed = (ord(root[-1]) - FIRST_SYLLABLE) % 28 if "가" <= root[-1] <= "힣" else 1
            return root if closed or ending == "하다" else root[:-1] or root
    return word


def words_of(text: str) -> set[str]:
    """The words of a text, each once."""
    return {stem(word.lower()) for word in HANGUL.findall(text)}


def emerging(
    group: Iterable[str], elsewhere: Iterable[str], most: int = 8, sure: float = 1.96
) -> list[tuple[str, float, int, int]]:
    """(word, z, texts of the group that hold it, texts elsewhere), the surest first."""
    inside = Counter(w for t in group for w in words_of(t))
    outside = Counter(w for t in elsewhere for w in words_of(t))
    return contrasted(inside, outside, most, sure)


def contrasted(
    inside: Counter[str], outside: Counter[str], most: int = 8, sure: float = 1.96
) -> list[tuple[str, float, int, int]]:
    """The same from counts."""
    words = sorted(inside)
    if not words:
        return []
    y = np.array([inside[w] for w in words], dtype=float)
    z = np.array([outside[w] for w in words], dtype=float)
    n, m = float(inside.total()), float(outside.total())
    prior = min(500.0, PRIOR * (n + m))
    alpha = prior * (y + z) / (n + m)
    here = np.log((y + alpha) / (n + prior - y - alpha))
    there = np.log((z + alpha) / (m + prior - z - alpha))
    score = (here - there) / np.sqrt(1 / (y + alpha) + 1 / (z + alpha))
    order = np.argsort(-score, kind="stable")[:most]
    return [
        (words[i], round(float(score[i]), 2), int(y[i]), int(z[i]))
        for i in order
        if score[i] > sure and y[i] >= 3
    ]
