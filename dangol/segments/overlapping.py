"""How segments overlap: pairs for a table, whole combinations for bars (an UpSet chart)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from dangol.segments import members
from dangol.segments.models import Segment
from dangol.segments.state.bits import numbers_of, shared, size

MOST, SHOWN = 12, 8


@dataclass(frozen=True)
class Overlap:
    """How many of a segment's customers are in another one too."""

    other: Segment
    shared: int
    of_ours: float
    """Percent of this segment."""
    of_theirs: float
    lift: float
    """How many times as many as there would be if the two had nothing to do with each other."""


@dataclass(frozen=True)
class Combination:
    """Customers who are in just these segments of those compared."""

    inside: tuple[bool, ...]
    size: int


def overlaps(segment: Segment, others: list[Segment], everybody: int) -> list[Overlap]:
    """With each other segment, the largest shared part first."""
    ours = members.kept(segment)
    found = []
    for other in others:
        theirs = members.kept(other)
        both = shared(ours, theirs)
        if not both:
            continue
        expected = size(ours) * size(theirs) / everybody if everybody else 0
        found.append(
            Overlap(
                other, both, 100 * both / size(ours), 100 * both / size(theirs),
                both / expected if expected else 0.0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: -one.shared)[:MOST]


def combinations(segments: list[Segment]) -> list[Combination]:
    """Every combination that some customer is in, the largest first; each customer counts once."""
    sets = [numbers_of(members.kept(segment)) for segment in segments]
    everyone = np.unique(np.concatenate(sets)) if sets else np.zeros(0, np.int64)
    code = np.zeros(len(everyone), np.int64)
    for n, numbers in enumerate(sets):
        code[np.searchsorted(everyone, numbers)] |= 1 << n
    counted = Counter(
        dict(zip(*(a.tolist() for a in np.unique(code, return_counts=True)), strict=True))
    )
    return [
        Combination(tuple(bool(mask >> n & 1) for n in range(len(sets))), many)
        for mask, many in counted.most_common(SHOWN)
    ]
