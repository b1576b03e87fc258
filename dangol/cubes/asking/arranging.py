"""An answer put in order: its members, the order of rows and columns, shares, ranks, running totals."""

from __future__ import annotations

from typing import Any

from dangol.cubes.asking.members import Member, members
from dangol.cubes.asking.query import Query
from dangol.cubes.asking.results import NOTHING, Answer, Figure, Key, Parts
from dangol.cubes.chance.cells import could_be_chance
from dangol.cubes.subjects.catalogue import Additivity
from dangol.warehouse.engine import Lake


def known_members(
    query: Query, found: dict[tuple[Key, Key], Parts], seen: Lake
) -> list[dict[Any, Member]]:
    """The members of each dimension that the figures name."""
    cut = len(query.rows)
    values: list[set[Any]] = [set() for _d in query.dimensions]
    for row, column in found:
        for n, value in enumerate(row):
            values[n].add(value)
        for n, value in enumerate(column):
            values[cut + n].add(value)
    return [members(d, v, seen) for d, v in zip(query.dimensions, values, strict=True)]


def ordered(
    query: Query, keys: set[Key], known: list[dict[Any, Member]], begin: int,
    cells: dict[tuple[Key, Key], dict[str, Figure]],
) -> list[Key]:  # fmt: skip
    """Keys in the order of their members; rows by a figure where the question says so."""

    def natural(key: Key) -> list[Any]:
        return [known[begin + n][value].order for n, value in enumerate(key)]

    found = sorted((k for k in keys if complete(query, k, begin)), key=natural)
    name, falling = query.sort.removeprefix("-"), query.sort.startswith("-")
    if begin == 0 and name:
        changed, name = name.endswith("~"), name.removesuffix("~")

        def value(key: Key) -> float | None:
            figure = cells.get((key, ()), {}).get(name, NOTHING)
            got = figure.change if changed else figure.value
            return None if got is None else float(got)

        told = [k for k in found if value(k) is not None]
        told.sort(key=lambda k: value(k) or 0.0, reverse=falling)
        found = told + [k for k in found if value(k) is None]
    return found


def beyond_chance_first(made: Answer) -> list[Key]:
    """In the order of a change: the sure ones that way, what chance may have made, the sure ones the
    other way; rows without a change come last."""
    name = made.query.sort.removeprefix("-").removesuffix("~")
    way = 1 if made.query.sort.startswith("-") else -1
    measure = next((m for m in made.query.needed if m.name == name), None)

    def part(row: Key) -> int:
        change = made.figure(row, (), name).change
        if change is None:
            return 3
        if could_be_chance(made, row, (), measure):
            return 1
        return 0 if float(change) * way >= 0 else 2

    return sorted(made.rows, key=part)


def leave_out_few(made: Answer) -> None:
    """Without the rows whose means and shares all rest on few facts; totals count them still."""
    before = len(made.rows)
    made.rows = [row for row in made.rows if not row or not rests_on_few(made, row)]
    made.hidden = before - len(made.rows)


def rests_on_few(made: Answer, row: Key) -> bool:
    """Whether no mean or share of a row rests on enough facts."""
    told = [made.figure(row, (), m.name) for m in made.query.measures if m.counted]
    return bool(told) and all(f.few or f.value is None for f in told)


def complete(query: Query, key: Key, begin: int) -> bool:
    """Whether a key names a member of each dimension of its side, and is not a total."""
    return len(key) == (len(query.columns) if begin else len(query.rows))


def add_extras(made: Answer) -> None:
    """Shares of the column's total, ranks within a column, running totals down or along time."""
    query = made.query
    names = [m.name for m in query.measures] + [f"={f.name}" for f in query.formulas]
    for column in {*made.columns, ()}:
        for name in names:
            line = [made.cells.get((row, column), {}).get(name) for row in made.rows]
            figures_ = [f for f in line if f is not None and f.value is not None]
            summable = additive(query, name)
            if "share" in query.extras and summable:
                whole = made.figure((), column, name).value
                for figure in figures_:
                    figure.share = 100 * float(figure.value) / float(whole) if whole else None
            if "rank" in query.extras:
                falling = better_of(query, name) != "down"
                for place, figure in enumerate(sorted(figures_, key=lambda f: float(f.value), reverse=falling), 1):  # fmt: skip
                    figure.rank = place
            if "running" in query.extras and summable:
                total: Any = 0
                for figure in figures_:
                    total = total + figure.value
                    figure.running = total


def additive(query: Query, name: str) -> bool:
    """Whether figures may be added up: shares and running totals of means say nothing."""
    if name.startswith("="):
        return False
    return query.subject.measure(name).additivity == Additivity.ADDITIVE


def better_of(query: Query, name: str) -> str:
    """Which way is good."""
    return "" if name.startswith("=") else query.subject.measure(name).better
