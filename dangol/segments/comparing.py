"""Two versions of a rule: which tests are in one only, and whom each finds at this moment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from django.utils import timezone

from dangol.core.models import User
from dangol.segments import counting
from dangol.segments import rules as r
from dangol.segments.deciding import Circle, SegmentGone
from dangol.segments.models import Segment, SegmentVersion
from dangol.segments.queries import named, names_in, rule_of
from dangol.segments.reading import BadRule
from dangol.segments.sentences import in_words
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake


@dataclass
class Side:
    """One version: its sentence, the tests that the other lacks, how many it finds and alone."""

    version: SegmentVersion
    sentence: str = ""
    tests: list[tuple[str, bool]] = field(default_factory=list)
    """Each test in words, and whether only this version has it."""
    size: int | None = None
    alone: int | None = None


def compared(segment: Segment, versions: list[SegmentVersion], by: User) -> list[Side]:
    """The versions beside each other."""
    sides = [Side(version) for version in versions]
    rules: dict[int, r.Rule] = {}
    for side in sides:
        try:
            rules[side.version.number] = rule_of(side.version)
        except BadRule as wrong:
            side.sentence = "; ".join(wrong.messages)
    name_of = named(names_in(*rules.values(), by=by))
    leaves = {number: list(dict.fromkeys(r.leaves(rule))) for number, rule in rules.items()}
    for side in sides:
        number = side.version.number
        if number not in rules:
            continue
        others = {leaf for n, some in leaves.items() if n != number for leaf in some}
        side.sentence = in_words(rules[number], name_of)
        side.tests = [(in_words(leaf, name_of), leaf not in others) for leaf in leaves[number]]
    count(segment, sides, rules)
    return sides


def count(segment: Segment, sides: list[Side], rules: dict[int, r.Rule]) -> None:
    """Whom each version finds now, and who is found by it alone."""
    try:
        seen, day = lake(), timezone.localdate()
        found = {
            number: counting.found(rule, segment.place, seen, day).numbers
            for number, rule in rules.items()
        }
    except (NoLake, Damaged, Circle, SegmentGone):
        return
    for side in sides:
        ours = found.get(side.version.number)
        if ours is None:
            continue
        others = [numbers for n, numbers in found.items() if n != side.version.number]
        rest = np.concatenate([np.zeros(0, np.int64), *others])
        side.size, side.alone = len(ours), len(np.setdiff1d(ours, rest))
