"""The members of a dimension to choose from, with how much stands behind each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.query import Filter, Query
from dangol.cubes.explorer.page import url_of
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


def counted(query: Query, name: str, scope: Scope, seen: Lake) -> list[tuple[str, str, Any]]:
    """The members that occur in the period under the other filters, and how much stands behind each."""
    dimension, measure = query.subject.dimension(name), counting(query, name)
    chosen = query.filter_of(name)
    asked = replace(
        query, rows=(dimension,), columns=(), measures=(measure,), formulas=(), compare="",
        extras=(), sort="", filters=tuple(f for f in query.filters if f is not chosen),
    )  # fmt: skip
    made = answer(asked, scope, seen)
    members = ((row, made.row_members(row)[0]) for row in made.rows)
    return [(m.key, m.label, made.figure(row, (), measure.name).value) for row, m in members]


def member_choices(query: Query, name: str, scope: Scope, seen: Lake, words: str = "") -> dict[str, Any]:  # fmt: skip
    """Members to choose from; the chosen ones stand first."""
    chosen = query.filter_of(name)
    kept = set(chosen.members) if chosen else set()
    found = [
        (key, label, count, key in kept)
        for key, label, count in counted(query, name, scope, seen)
        if words.casefold() in label.casefold() or key in kept
    ]
    found.sort(key=lambda one: not one[3])
    return {
        "members": found[:MOST], "more": max(len(found) - MOST, 0), "measure": counting(query, name),
        "dimension": query.subject.dimension(name), "words": words, "query": query,
        "without": bool(chosen and chosen.without),
    }  # fmt: skip


def members_beside(query: Query, name: str, scope: Scope, seen: Lake) -> list[tuple[str, Any, str, bool]]:  # fmt: skip
    """The way across: the same question about each other member of the last step down."""
    dimension, chosen = query.subject.dimension(name), query.filter_of(name)
    here = chosen.members if chosen else ()
    return [
        (label, count, url_of(across(query, Filter(dimension, (key,)))), key in here)
        for key, label, count in counted(query, name, scope, seen)[:MOST]
    ]


def across(query: Query, other: Filter) -> Query:
    """The same question with another member at the same place among the filters."""
    return replace(query, filters=tuple(other if f.dimension is other.dimension else f for f in query.filters))  # fmt: skip
