"""The members of a dimension to choose from, with how much stands behind each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.query import Query
from dangol.cubes.subjects.catalogue import Additivity, Measure
from dangol.warehouse.engine import Lake

MOST = 200


def counting(query: Query, name: str) -> Measure:
    """The subject's first measure that counts and can be told by the dimension."""
    subject, dimension = query.subject, query.subject.dimension(name)
    return next(
        m for m in subject.measures
        if m.additivity == Additivity.ADDITIVE and not m.money and subject.knows(m, dimension)
    )  # fmt: skip


def member_choices(query: Query, name: str, scope: Scope, seen: Lake, words: str = "") -> dict[str, Any]:  # fmt: skip
    """Members that occur in the period under the other filters; the chosen ones stand first."""
    dimension, measure = query.subject.dimension(name), counting(query, name)
    chosen = query.filter_of(name)
    asked = replace(
        query, rows=(dimension,), columns=(), measures=(measure,), formulas=(), compare="",
        extras=(), sort="", filters=tuple(f for f in query.filters if f is not chosen),
    )  # fmt: skip
    made = answer(asked, scope, seen)
    kept = set(chosen.members) if chosen else set()
    found = []
    for row in made.rows:
        member = made.row_members(row)[0]
        if words.casefold() in member.label.casefold() or member.key in kept:
            count = made.figure(row, (), measure.name).value
            found.append((member.key, member.label, count, member.key in kept))
    found.sort(key=lambda one: not one[3])
    return {
        "members": found[:MOST], "more": max(len(found) - MOST, 0), "measure": measure,
        "dimension": dimension, "without": bool(chosen and chosen.without), "words": words,
        "query": query,
    }  # fmt: skip
