"""What the explorer's page shows: fields, wells, chips, table, charts; no figures are made here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dangol.cubes.asking.addresses import address_of, toggled, without
from dangol.cubes.asking.members import members, numbers_for
from dangol.cubes.asking.periods import OFFERED, Period, period_of
from dangol.cubes.asking.query import EXTRAS, LOOKS, MOST_DIMENSIONS, Filter, Query, query_of
from dangol.cubes.asking.results import ENOUGH
from dangol.cubes.subjects.catalogue import SUBJECTS, Dimension, Kind, Measure, Subject
from dangol.cubes.subjects.definitions import defined
from dangol.warehouse.engine import Lake

ICONS = {"table": "layout-list", "heat": "layers", "bar": "chart-column", "line": "chart-line", "multiples": "columns-3", "map": "map-pin"}  # fmt: skip


def url_of(query: Query) -> str:
    """The explorer at a question."""
    return f"{reverse('cubes:explorer')}?{address_of(query)}"


def subject_tabs(query: Query) -> list[tuple[str, str, str]]:
    """One tab for each subject; the period goes along."""
    tabs = []
    for subject in SUBJECTS.values():
        given = {"subject": subject.name, "period": query.period.text}
        tabs.append((subject.name, str(subject.label), url_of(query_of(given))))
    return tabs


def look_words() -> dict[str, str]:
    """Ways to look at figures."""
    return {
        "table": _("Table"), "heat": _("Heat map"), "bar": _("Bars"), "line": _("Lines"),
        "multiples": _("Small multiples"), "map": _("Map"),
    }  # fmt: skip


def extra_words() -> dict[str, str]:
    """What can stand beside a figure."""
    return {
        "share": _("Share of the total"), "rank": _("Rank"), "running": _("Running total"),
        "change": _("Change in per cent"), "interval": _("95% interval"),
        "count": _("Number behind each (n)"),
        "enough": _("Only rows with %d or more") % ENOUGH,
    }  # fmt: skip


def compare_words() -> dict[str, str]:
    """What a period is compared with."""
    return {"": _("Nothing"), "previous": _("The period before"), "year": _("The year before")}


def wells(query: Query) -> list[dict[str, Any]]:
    """Rows, columns and values with their chips."""
    sides = (
        ("rows", pgettext("pivot", "Rows"), query.rows),
        ("columns", pgettext("pivot", "Columns"), query.columns),
    )
    made = []
    for name, label, side in sides:
        chips = [dimension_chip(query, name, d, n) for n, d in enumerate(side)]
        made.append({"name": name, "label": label, "chips": chips})
    values = [measure_chip(query, m, n) for n, m in enumerate(query.measures)]
    made.append({"name": "measures", "label": _("Figures"), "chips": values})
    return made


def dimension_chip(query: Query, side: str, dimension: Dimension, at: int) -> dict[str, Any]:
    """A dimension in a well: what can be done with it without a mouse."""
    other = "columns" if side == "rows" else "rows"
    rest = without(query, dimension.name)
    here: tuple[Dimension, ...] = getattr(query, side)
    moves = [(_("Remove"), url_of(rest))]
    moves.append(
        (_("To columns") if other == "columns" else _("To rows"),
         url_of(replace(rest, **{other: (*getattr(rest, other), dimension)})))
    )  # fmt: skip
    moves += [
        (label, url_of(replace(query, **{side: shifted(here, at, by)})))
        for label, by in ((_("Earlier"), -1), (_("Later"), 1))
        if 0 <= at + by < len(here)
    ]
    levels = [d for d in query.subject.dimensions if d.column == dimension.column and d.kind in (Kind.TIME, Kind.TREE)]  # fmt: skip
    moves += [
        (_("As %s") % d.label, url_of(replace(query, **{side: tuple(d if x is dimension else x for x in here)})))
        for d in levels
        if d is not dimension and d not in query.dimensions
    ]  # fmt: skip
    return {"name": dimension.name, "label": dimension.label, "moves": moves}


def measure_chip(query: Query, measure: Measure, at: int) -> dict[str, Any]:
    """A measure in the well of figures."""
    rest = tuple(m for m in query.measures if m is not measure)
    moves = [(_("Remove"), url_of(replace(query, measures=rest)))] if rest or query.formulas else []
    moves += [
        (label, url_of(replace(query, measures=shifted(query.measures, at, by))))
        for label, by in ((_("Earlier"), -1), (_("Later"), 1))
        if 0 <= at + by < len(query.measures)
    ]
    return {"name": measure.name, "label": measure.label, "moves": moves}


def shifted(things: tuple[Any, ...], at: int, by: int) -> tuple[Any, ...]:
    """The same with one moved by a place."""
    order = list(things)
    order.insert(at + by, order.pop(at))
    return tuple(order)


def fields(query: Query) -> dict[str, Any]:
    """What can still be chosen: measures and dimensions, each with links that choose it."""
    subject = query.subject
    spoken = [subject.dimension(name) for name in query.spoken_of]
    measures = []
    for measure in subject.measures:
        on = measure in query.measures
        fits = all(subject.knows(measure, d) for d in spoken)
        rest = tuple(m for m in query.measures if m is not measure)
        chosen = replace(query, measures=rest if on else (*query.measures, measure))
        measures.append({
            "name": measure.name, "label": measure.label, "on": on, "fits": fits,
            "url": url_of(chosen) if fits and (chosen.measures or chosen.formulas) else "",
        })  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {}
    for dimension in subject.dimensions:
        groups.setdefault(group_of(dimension), []).append(dimension_field(query, dimension))
    return {"measures": measures, "groups": groups.items()}


def group_of(dimension: Dimension) -> str:
    """Dimensions stand in groups."""
    if dimension.kind == Kind.TIME:
        return _("Time")
    if dimension.column in ("place", "product") and dimension.kind == Kind.TREE:
        return _("Places") if dimension.column == "place" else _("Products")
    return _("Features")


def dimension_field(query: Query, dimension: Dimension) -> dict[str, Any]:
    """A dimension that can be put on a side or be filtered by."""
    on = dimension in query.dimensions
    fits = all(query.subject.knows(m, dimension) for m in query.needed)
    room = len(query.dimensions) < MOST_DIMENSIONS
    ways = []
    if on:
        ways.append((_("Remove"), url_of(without(query, dimension.name))))
    elif fits and room:
        ways.append((_("To rows"), url_of(replace(query, rows=(*query.rows, dimension)))))
        ways.append((_("To columns"), url_of(replace(query, columns=(*query.columns, dimension)))))
        if query.rows:
            ways.append((_("Instead of the rows"), url_of(replace(query, rows=(dimension,)))))
    return {
        "name": dimension.name, "label": dimension.label, "meaning": dimension.meaning, "on": on,
        "fits": fits, "ways": ways,
        "filter": fits and dimension.kind != Kind.TIME and not query.filter_of(dimension.name),
    }  # fmt: skip


def filter_chips(query: Query, seen: Lake) -> list[dict[str, Any]]:
    """The filters as words, each with the way out of it."""
    chips = []
    for one in query.filters:
        rest = tuple(f for f in query.filters if f is not one)
        shown = member_words(one, seen)
        more = len(shown) - 3
        words = ", ".join(shown[:3]) + (_(" and %d more") % more if more > 0 else "")
        text = (
            _("%(dimension)s: not %(members)s") if one.without else _("%(dimension)s: %(members)s")
        )
        chips.append({
            "name": one.dimension.name, "label": one.dimension.label,
            "sentence": text % {"dimension": one.dimension.label, "members": words},
            "off": url_of(replace(query, filters=rest)),
        })  # fmt: skip
    return chips


def member_words(one: Filter, seen: Lake) -> list[str]:
    """A filter's members in words."""
    dimension = one.dimension
    if dimension.kind == Kind.CODE:
        found = members(dimension, one.members, seen)
        return [found[key].label for key in one.members]
    numbers = numbers_for(dimension, one.members, seen)
    words = [member.label for member in members(dimension, numbers, seen).values()]
    return words + ([_("none")] if "" in one.members else []) or [_("unknown")]


def crumbs(query: Query, seen: Lake) -> list[tuple[str, str]]:
    """The way down, each step with the way back up to it."""
    steps = []
    for n, one in enumerate(query.filters):
        if one.without or len(one.members) != 1:
            continue
        if not steps:
            steps.append((_("All"), url_of(up_to(query, n))))
        words = member_words(one, seen)[0]
        steps.append((words, url_of(up_to(query, n + 1))))
    return [*steps[:-1], (steps[-1][0], "")] if steps else []


def last_step(query: Query) -> str:
    """The dimension of the last step down; empty where there was none."""
    steps = [f for f in query.filters if not f.without and len(f.members) == 1]
    return steps[-1].dimension.name if steps else ""


def up_to(query: Query, count: int) -> Query:
    """The question as it was after so many steps down."""
    kept = query.filters[:count]
    gone = [f.dimension for f in query.filters[count:]]
    if not gone:
        return query
    spoken = {f.dimension.name for f in kept} | {d.name for d in query.columns}
    rows = (gone[0],) if gone[0].name not in spoken else ()
    return replace(query, filters=kept, rows=rows or query.rows)


def periods(query: Query) -> list[tuple[str, str, bool]]:
    """Periods that are often asked."""
    offered = [period_of(text) for text in OFFERED]
    return [
        (p.told(), url_of(replace(query, period=p, compare="" if p.open else query.compare)), p.text == query.period.text)
        for p in offered
    ]  # fmt: skip


def toolbar(query: Query) -> dict[str, Any]:
    """Period, comparison, ways to look, extras."""
    words, extras, comparing = look_words(), extra_words(), compare_words()
    looks = [
        {"label": words[n], "icon": ICONS[n], "url": url_of(replace(query, look=n)), "on": n == query.look}
        for n in LOOKS
        if n != "map" or any(d.kind == Kind.TREE and d.column == "place" for d in query.subject.dimensions)
    ]  # fmt: skip
    return {
        "looks": looks, "periods": periods(query), "period": query.period.told(),
        "compare": [(comparing[n], url_of(replace(query, compare=n)), n == query.compare) for n in comparing],
        "extras": [(extras[n], url_of(replace(query, extras=toggled(query.extras, n))), n in query.extras) for n in EXTRAS],
        "comparable": not query.period.open,
    }  # fmt: skip


def chart_ways(query: Query) -> list[tuple[str, str, bool]]:
    """Which rows a chart draws that has no room for all: the largest, the highest, the lowest."""
    name = query.measures[0].name if query.measures else f"={query.formulas[0].name}"
    ways = (("", _("the largest")), (f"-{name}", _("the highest")), (name, _("the lowest")))
    found = [(label, url_of(replace(query, sort=sort)), query.sort == sort) for sort, label in ways]
    return [*found, (_("as small multiples"), url_of(replace(query, look="multiples")), False)]


def summary(query: Query) -> str:
    """The question in a line: which figures, by what, of which days."""
    figures = ", ".join(
        [*(str(m.label) for m in query.measures), *(f.name for f in query.formulas)]
    )
    sides = (", ".join(str(d.label) for d in side) for side in (query.rows, query.columns))
    parts = [figures, " × ".join(filter(None, sides)), str(query.period.told())]
    narrowed = len(query.filters)
    parts += [ngettext("%d filter", "%d filters", narrowed) % narrowed] if narrowed else []
    return " · ".join(filter(None, parts))


def definitions(subject: Subject) -> list[dict[str, Any]]:
    """Each measure's definition."""
    return [defined(subject, measure) for measure in subject.measures]


def hidden(query: Query, leave: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The question as hidden fields of a form, without those that the form asks itself."""
    from urllib.parse import parse_qsl

    left = set(leave)
    return [
        (n, v) for n, v in parse_qsl(address_of(query), keep_blank_values=True) if n not in left
    ]


def wide(query: Query) -> Query:
    """The question over all days."""
    return replace(query, period=Period("all"))
