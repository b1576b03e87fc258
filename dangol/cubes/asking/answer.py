"""The answer to a question: parts gathered source by source, rolled up, compared, worked out."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import ibis.expr.types as ir
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cubes.asking.arranging import (
    add_extras,
    beyond_chance_first,
    known_members,
    leave_out_few,
    ordered,
)
from dangol.cubes.asking.distinct import counted
from dangol.cubes.asking.expression import Scope, grouped, narrowed
from dangol.cubes.asking.members import small
from dangol.cubes.asking.periods import Days, compared
from dangol.cubes.asking.query import Query, Refused
from dangol.cubes.asking.results import Answer, Figure, Key, Parts, Route
from dangol.cubes.asking.routing import route
from dangol.cubes.subjects.catalogue import Additivity, Dimension, Measure, Merge, Source
from dangol.warehouse.engine import Lake

MOST_CELLS = 60_000


def today() -> dt.date:
    """The company's day."""
    return timezone.localdate()


def answer(query: Query, scope: Scope, seen: Lake, on: dt.date | None = None) -> Answer:
    """Ask the lake and put the figures together."""
    began = time.perf_counter()
    days = query.period.days(on or today())
    routes: list[Route] = []
    found = gathered(query, days, scope, seen, routes)
    before: Days | None = None
    earlier: dict[tuple[Key, Key], Parts] = {}
    if query.compare and days[0]:
        before = compared(days[0], days[1] or on or today(), query.compare)
        earlier = gathered(query, before, scope, seen, [])
        earlier = aligned(query, earlier, days, before)
    for key in earlier:
        found.setdefault(key, {})
    known = known_members(query, found, seen)
    needed = query.needed
    cells = {
        key: figures(query, needed, parts, earlier.get(key, {}) if before else None)
        for key, parts in found.items()
    }
    rows = ordered(query, {r for r, _c in cells if r or not query.rows}, known, 0, cells)
    columns = ordered(query, {c for _r, c in cells if c or not query.columns}, known, len(query.rows), cells)  # fmt: skip
    made = Answer(query, seen.version, seen.manifest.read_at, days, before, rows, columns, known, cells, routes, found, earlier)  # fmt: skip
    if query.sort.endswith("~"):
        made.rows = beyond_chance_first(made)
    if "enough" in query.extras:
        leave_out_few(made)
    add_extras(made)
    if query.look == "map":
        made.places = small(seen, "places")
    made.milliseconds = (time.perf_counter() - began) * 1000
    return made


def gathered(
    query: Query, days: Days, scope: Scope, seen: Lake, routes: list[Route]
) -> dict[tuple[Key, Key], Parts]:
    """The merged parts of every cell and of every total."""
    wanted: dict[str, list[str]] = {}
    for measure in query.needed:
        for part in measure.parts:
            source = query.subject.source_of(part)
            if part not in wanted.setdefault(source.name, []):
                wanted[source.name].append(part)
    found: dict[tuple[Key, Key], Parts] = {}
    for source in query.subject.sources:
        parts = wanted.get(source.name, [])
        sums = [p for p in parts if source.parts[p].merge == Merge.SUM]
        others = [p for p in parts if p not in sums]
        if sums:
            rolled_up(found, query, asked(query, source, sums, query.dimensions, days, scope, seen, routes))  # fmt: skip
        if others:
            asked_by_set(found, query, source, others, days, scope, seen, routes)
    return found


def asked_by_set(
    found: dict[tuple[Key, Key], Parts], query: Query, source: Source, parts: list[str], days: Days,
    scope: Scope, seen: Lake, routes: list[Route],
) -> None:  # fmt: skip
    """Cells and totals of what cannot be added up: different ones at once, where they can be."""
    sets = sets_of(query)
    different = [p for p in parts if source.parts[p].merge == Merge.DISTINCT]
    if different:
        table = chosen_rows(query, source, different, days, scope, seen, routes)
        counts = counted(table, query.dimensions, different, sets, seen)
        for by, groups in zip(sets, counts or [], strict=False):
            put(found, query, by, not_too_many(groups))
        if counts is not None:
            parts = [p for p in parts if p not in different]
    for by in sets if parts else ():
        put(found, query, by, asked(query, source, parts, by, days, scope, seen, routes))


def sets_of(query: Query) -> list[tuple[Dimension, ...]]:
    """What has to be asked separately where totals are no sums: cells, rows, columns, everything."""
    sets = [query.dimensions, query.rows, query.columns, ()]
    return list(dict.fromkeys(sets))


def asked(
    query: Query, source: Source, parts: list[str], by: Sequence[Dimension], days: Days,
    scope: Scope, seen: Lake, routes: list[Route],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The groups of one source."""
    money = any(m.money for m in query.needed)
    table = chosen_rows(query, source, parts, days, scope, seen, routes)
    made = grouped(table, by, source, parts, money).limit(MOST_CELLS + 1)
    yield from not_too_many(seen.run(made).to_pylist())


def chosen_rows(
    query: Query, source: Source, parts: list[str], days: Days, scope: Scope, seen: Lake,
    routes: list[Route],
) -> ir.Table:  # fmt: skip
    """The rows of a source that the question leaves, from where they are fewest."""
    chosen = route(query, source, parts, days, scope.spans is not None, seen)
    if not any(r.source == source.name and r.aggregate == chosen.name for r in routes):
        routes.append(Route(source.name, chosen.name, chosen.rows))
    return narrowed(chosen.table, query, source, days, scope, seen)


def not_too_many(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups that a page can show."""
    if len(groups) > MOST_CELLS:
        raise Refused({"rows": _("More than %d cells: filter, or take a dimension away.") % MOST_CELLS})  # fmt: skip
    return groups


def put(
    found: dict[tuple[Key, Key], Parts], query: Query, by: Sequence[Dimension],
    groups: Iterable[dict[str, Any]],
) -> None:  # fmt: skip
    """Groups as they are, each at its place."""
    with_rows = by[: len(query.rows)] == query.rows
    for group in groups:
        values = tuple(group.pop(f"d{n}") for n in range(len(by)))
        cut = len(query.rows) if with_rows else 0
        found.setdefault((values[:cut], values[cut:]), {}).update(group)


def rolled_up(
    found: dict[tuple[Key, Key], Parts], query: Query, groups: Iterable[dict[str, Any]]
) -> None:
    """Groups of sums, and the totals that they make."""
    cut, width = len(query.rows), len(query.dimensions)
    places: dict[tuple[Key, Key], Parts] = {}
    for group in groups:
        values = tuple(group.pop(f"d{n}") for n in range(width))
        row, column = values[:cut], values[cut:]
        for key in {(row, column), (row, ()), ((), column), ((), ())}:
            add(places.setdefault(key, {}), group)
    for key, parts in places.items():
        found.setdefault(key, {}).update(parts)


def add(sums: Parts, group: Parts) -> None:
    """One group more."""
    for name, value in group.items():
        if value is None:
            sums.setdefault(name, None)
        elif sums.get(name) is None:
            sums[name] = value
        elif name == "currency_lo":
            sums[name] = min(sums[name], value)
        elif name == "currency_hi":
            sums[name] = max(sums[name], value)
        else:
            sums[name] += value


def aligned(
    query: Query, earlier: dict[tuple[Key, Key], Parts], days: Days, before: Days
) -> dict[tuple[Key, Key], Parts]:
    """Earlier figures under the members of time of the present period: first beside first."""
    from dangol.cubes.asking.timelines import partner

    shifts = [partner(d, days, before, query.compare) for d in query.dimensions]
    if not any(shifts):
        return earlier
    cut = len(query.rows)

    def moved(values: Key, begin: int) -> Key:
        pairs = zip(values, shifts[begin:], strict=False)
        return tuple(shift(v) if shift and v is not None else v for v, shift in pairs)

    return {(moved(r, 0), moved(c, cut)): parts for (r, c), parts in earlier.items()}


def figures(
    query: Query, needed: Sequence[Measure], parts: Parts, earlier: Parts | None
) -> dict[str, Figure]:
    """Measures and formulas of one cell."""
    found: dict[str, Figure] = {}
    for measure in needed:
        made = measured(measure, parts)
        if earlier is not None:
            made.before = measured(measure, earlier).value
        found[measure.name] = made
    if not query.formulas:
        return found
    now = {name: f.value for name, f in found.items()}
    then = {name: f.before for name, f in found.items()}
    for formula in query.formulas:
        before = formula.value(then) if earlier is not None else None
        currency = one_currency(found[n].currency for n in formula.names) if formula.money else ""
        found[f"={formula.name}"] = Figure(formula.value(now), None, currency, before)
    return found


def one_currency(currencies: Iterable[str]) -> str:
    """The currency of the amounts that a formula speaks of."""
    told = sorted(set(currencies) - {""})
    return told[0] if len(told) == 1 else "*" if told else ""


def measured(measure: Measure, parts: Parts) -> Figure:
    """A measure from merged parts; nothing where no fact was found."""
    given = [parts.get(name) for name in measure.parts]
    if not parts:
        return Figure(
            0 if measure.additivity == Additivity.ADDITIVE and not measure.money else None
        )
    currency = ""
    if measure.money:
        if parts.get("currency_lo") != parts.get("currency_hi"):
            return Figure(currency="*")
        currency = parts.get("currency_lo") or ""
    between = partial(measure.interval, *given) if measure.interval else None
    n = int(parts.get(measure.counted) or 0) if measure.counted else None
    return Figure(measure.value(*given), between, currency, n=n)
