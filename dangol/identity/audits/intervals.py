"""Shares with their intervals, and how far two people agree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1 with its 95% interval, and of how many answers."""

    value: float
    low: float
    high: float
    n: float


def wilson(share: float, n: float) -> Share:
    """Wilson's interval (1927); n may be an effective size."""
    if n <= 0:
        return Share(share, 0.0, 1.0, 0)
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Share(share, max(0.0, centre - half), min(1.0, centre + half), n)


def stratified(strata: Iterable[tuple[float, int, int]]) -> Share | None:
    """A share over strata (pairs behind, answered, of them yes), each weighted by its pairs.

    The interval is Wilson's at Kish's effective size, 1 / Σ W²/n (Kish 1965); strata that nobody
    answered are left out. None when there is no answer at all.
    """
    known = [(pairs, n, k) for pairs, n, k in strata if n > 0 and pairs > 0]
    whole = sum(pairs for pairs, _n, _k in known)
    if not whole:
        return None
    weights = [pairs / whole for pairs, _n, _k in known]
    share = sum(w * k / n for w, (_p, n, k) in zip(weights, known, strict=True))
    size = 1 / sum(w**2 / n for w, (_p, n, _k) in zip(weights, known, strict=True))
    return wilson(share, size)


def total(strata: Iterable[tuple[float, int, int]]) -> tuple[float, float, float] | None:
    """How many of all pairs are yes (estimate, low, high), over strata (pairs behind, answered, yes).

    Σ N·k/n; the interval puts Wilson's of each stratum together by the distances of their bounds
    (MOVER, Zou and Donner 2008), which holds for shares at 0 and for strata of very different size.
    None while a stratum has pairs and no answer: of it nothing can be said.
    """
    known = [(pairs, n, k) for pairs, n, k in strata if pairs > 0]
    if not known or any(n <= 0 for _pairs, n, _k in known):
        return None
    parts = [(pairs, wilson(k / n, n)) for pairs, n, k in known]
    value = sum(pairs * one.value for pairs, one in parts)
    below = math.sqrt(sum((pairs * (one.value - one.low)) ** 2 for pairs, one in parts))
    above = math.sqrt(sum((pairs * (one.high - one.value)) ** 2 for pairs, one in parts))
    return value, max(0.0, value - below), value + above


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa (1960): agreement beyond chance; None without answers, or without variety."""
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(a == b for a, b in pairs) / n
    words = {word for pair in pairs for word in pair}
    chance = sum(
        (sum(a == w for a, _b in pairs) / n) * (sum(b == w for _a, b in pairs) / n) for w in words
    )
    return None if chance >= 1 else (agreed - chance) / (1 - chance)
