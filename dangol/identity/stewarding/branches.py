"""Links hold a customer's records together like the branches of a tree."""

from __future__ import annotations

from collections import defaultdict

from dangol.customers.models import SourceRecord
from dangol.identity.models import Link


def branch_of(record: int, other: int) -> list[int]:
    """The records that go with one of two when the way between them is cut, the other's staying.

    Cut is the weakest link of the way; records without links go with nobody.
    """
    owner = SourceRecord.objects.filter(pk=record).values_list("customer_id", flat=True).first()
    mine = set(SourceRecord.objects.filter(customer=owner).values_list("pk", flat=True))
    links = Link.objects.filter(record__in=mine, other__in=mine).values_list(
        "record_id", "other_id", "weight"
    )
    ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for a, b, weight in links:
        ways[a].append((b, weight))
        ways[b].append((a, weight))
    cut: set[frozenset[int]] = set()
    while path := _way(record, other, ways, cut):
        weakest = min(path, key=lambda step: step[2])
        cut.add(frozenset(weakest[:2]))
    return sorted(_reached(record, ways, cut))


def _way(
    start: int, end: int, ways: dict[int, list[tuple[int, float]]], cut: set[frozenset[int]]
) -> list[tuple[int, int, float]]:
    came: dict[int, tuple[int, float]] = {start: (start, 0.0)}
    waiting = [start]
    while waiting:
        at = waiting.pop(0)
        for to, weight in ways[at]:
            if to not in came and frozenset((at, to)) not in cut:
                came[to] = (at, weight)
                waiting.append(to)
    steps = []
    while end in came and end != start:
        back, weight = came[end]
        steps.append((back, end, weight))
        end = back
    return steps


def _reached(
    start: int, ways: dict[int, list[tuple[int, float]]], cut: set[frozenset[int]]
) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        for to, _weight in ways[at]:
            if to not in found and frozenset((at, to)) not in cut:
                found.add(to)
                waiting.append(to)
    return found
