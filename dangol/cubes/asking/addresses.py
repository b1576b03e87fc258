"""A question as an address and back: every state of the explorer can be linked to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from dangol.cubes.asking.members import span_of
from dangol.cubes.asking.periods import Period
from dangol.cubes.asking.query import Filter, Query, Refused, query_of
from dangol.cubes.asking.results import Answer, Key
from dangol.cubes.subjects.catalogue import Dimension, Kind, Measure

FILTER = "f."
MOST_ADDRESS = 8000


def given_of(address: QueryDict) -> dict[str, Any]:
    """What an address asks, as `query_of` reads it."""
    plain = ("subject", "rows", "columns", "measures", "period", "compare", "extras", "sort", "look")  # fmt: skip
    given: dict[str, Any] = {name: address[name] for name in plain if name in address}
    if "view" in address:  # what some call the way to look
        given.setdefault("look", address["view"])
    if "first" in address or "last" in address:
        given["period"] = f"{address.get('first', '')}..{address.get('last', '')}"
    given["formulas"] = [f for f in address.getlist("formulas") if f.strip()]
    given["formulas"] += formulas_of_form(address)
    given["filters"] = {
        name[len(FILTER) :]: address.getlist(name) for name in address if name.startswith(FILTER)
    }
    return given


def formulas_of_form(address: QueryDict) -> list[str]:
    """A form asks for the name, the formula, its unit and its digits in a field each."""
    parts = ("formula_name", "formula_text", "formula_unit", "formula_digits")
    found = []
    for name, text, unit, digits in zip_longest(*map(address.getlist, parts), fillvalue=""):
        if name.strip() or text.strip():
            looks = f";{unit};{digits}" if unit or digits else ""
            found.append(f"{name.replace('=', ' ').strip()}={text}{looks}")
    return found


def question_of(address: str) -> Query:
    """The question of a kept address; ValidationError says what is wrong with it."""
    if len(address) > MOST_ADDRESS:
        raise ValidationError({"address": _("The question is too long.")})
    try:
        return query_of(given_of(QueryDict(address)))
    except Refused as refused:
        raise ValidationError({"address": list(refused.errors.values())}) from None


def named(things: Iterable[Dimension | Measure]) -> str:
    """Names with commas between."""
    return ",".join(thing.name for thing in things)


def address_of(query: Query) -> str:
    """The address of a question; what is as usual is left out."""
    pairs: list[tuple[str, str]] = [
        ("subject", query.subject.name), ("rows", named(query.rows)),
        ("columns", named(query.columns)), ("measures", named(query.measures)),
        ("period", query.period.text),
    ]  # fmt: skip
    pairs += [
        (name, value)
        for name, value in (
            ("compare", query.compare), ("extras", ",".join(query.extras)), ("sort", query.sort),
            ("look", "" if query.look == "table" else query.look),
        )
        if value
    ]  # fmt: skip
    pairs += [("formulas", f"{f.name}={f.text}{f.looks}") for f in query.formulas]
    for one in query.filters:
        name = f"{FILTER}{one.dimension.name}{'!' if one.without else ''}"
        pairs += [(name, member) for member in one.members]
    return urlencode(pairs)


def drilled(query: Query, dimension: Dimension, key: str, value: Any) -> Query:
    """One step down: only this member, broken down by what lies below it."""
    following = next_down(query, dimension)

    def swapped(side: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
        return tuple(x for d in side for x in ((following,) if d is dimension else (d,)) if x)

    made = narrowed(query, dimension, key, value)
    return replace(made, rows=swapped(query.rows), columns=swapped(query.columns), sort=query.sort)


def narrowed(query: Query, dimension: Dimension, key: str, value: Any) -> Query:
    """Only this member."""
    if dimension.kind != Kind.TIME:
        return query.with_filter(Filter(dimension, (key,)))
    from dangol.cubes.asking.answer import today

    first, last = span_of(dimension.level, value)
    begin, end = query.period.days(today())
    return replace(
        query, compare=query.compare,
        period=Period("", max(first, begin) if begin else first, min(last, end) if end else last),
    )  # fmt: skip


def next_down(query: Query, dimension: Dimension) -> Dimension | None:
    """What lies below a dimension, or what the subject suggests to look at next."""
    subject = query.subject
    used = query.spoken_of
    candidates = [dimension.below, *subject.path]
    for name in candidates:
        if not name or name == dimension.name or name in used:
            continue
        found = subject.dimension(name)
        if not all(subject.knows(m, found) for m in query.needed):
            continue
        if found.kind == Kind.TREE and below_known(query, found):
            continue
        return found
    return None


def below_known(query: Query, dimension: Dimension) -> bool:
    """Whether a lower level of the same tree is already chosen."""
    levels = [d.name for d in query.subject.dimensions if d.column == dimension.column]
    at = levels.index(dimension.name)
    return any(name in levels and levels.index(name) >= at for name in query.spoken_of)


def cell_query(made: Answer, row: Key, column: Key) -> Query:
    """The question about one cell only."""
    query = made.query
    dimensions = [*query.rows[: len(row)], *query.columns[: len(column)]]
    members = [*made.row_members(row), *made.column_members(column)]
    for dimension, member, value in zip(dimensions, members, [*row, *column], strict=True):
        query = narrowed(query, dimension, member.key, value)
    return replace(query, rows=(), columns=(), sort="", look="table", extras=(), compare="")


def without(query: Query, name: str) -> Query:
    """The question without a dimension on any side, or without a measure."""
    return replace(
        query,
        rows=tuple(d for d in query.rows if d.name != name),
        columns=tuple(d for d in query.columns if d.name != name),
    )


def toggled(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The names with one more, or one less."""
    return tuple(n for n in names if n != name) if name in names else (*names, name)


def changed(address: Mapping[str, Any], **more: str) -> str:
    """An address with some values exchanged."""
    return urlencode({**address, **more}, doseq=True)
