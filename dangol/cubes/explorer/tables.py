"""An answer as a table: heads, lines and cells with their texts, links and shades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse

from dangol.core.money import compact_money
from dangol.cubes.asking.addresses import address_of, cell_query, drilled
from dangol.cubes.asking.query import Query
from dangol.cubes.asking.results import Answer, Figure, Key
from dangol.cubes.asking.shown import Told, change_of, figure_text, in_cell, titled
from dangol.cubes.chance.cells import could_be_chance
from dangol.cubes.explorer.page import url_of
from dangol.cubes.subjects.catalogue import Measure
from dangol.ui.templatetags.measures import figures, heat_class

LINES = 200
MOST_LINES = 5000


def named_figures(made: Answer) -> list[tuple[str, str, Told]]:
    """What each cell tells: measures, then own formulas."""
    shown: list[tuple[str, str, Told]] = [(m.name, titled(m), m) for m in made.query.measures]
    return [*shown, *((f"={f.name}", titled(f), f) for f in made.query.formulas)]


def heads(made: Answer) -> list[dict[str, Any]]:
    """The members of the columns, each above its figures; none where there are no columns."""
    if not made.query.columns:
        return []
    width = len(named_figures(made))
    return [
        {"label": " · ".join(m.label for m in made.column_members(key)), "width": str(width)}
        for key in made.columns
    ]


def figure_heads(made: Answer) -> list[dict[str, Any]]:
    """A head for each figure of the row's total or of the only column, with its order."""
    query, found = made.query, []
    for name, label, measure in named_figures(made):
        here = query.sort.removeprefix("-") == name
        turned = f"-{name}" if query.sort != f"-{name}" else name
        found.append({
            "name": name, "label": label, "definition": measure.name if isinstance(measure, Measure) else "",
            "url": url_of(replace(query, sort=turned)),
            "order": ("descending" if query.sort.startswith("-") else "ascending") if here else "",
        })  # fmt: skip
        if query.compare:
            moved = query.sort.removeprefix("-") == f"{name}~"
            turned = f"{name}~" if query.sort != f"{name}~" else f"-{name}~"
            found[-1]["change"] = {
                "url": url_of(replace(query, sort=turned)),
                "order": ("descending" if query.sort.startswith("-") else "ascending") if moved else "",
            }  # fmt: skip
    return found


def lines(made: Answer, most: int = LINES) -> list[dict[str, Any]]:
    """The rows of the table: members that lead down, figures that lead behind."""
    scales = shades(made) if made.query.look == "heat" else {}
    columns: list[Key] = made.columns if made.query.columns else []
    found = []
    for row in made.rows[:most]:
        cells = [cell for column in columns for cell in cells_of(made, row, column, scales)]
        found.append({
            "members": row_links(made, row), "cells": cells, "totals": cells_of(made, row, (), scales),
        })  # fmt: skip
    return found


def total_line(made: Answer) -> dict[str, Any]:
    """The foot of the table."""
    columns: list[Key] = made.columns if made.query.columns else []
    cells = [cell for column in columns for cell in cells_of(made, (), column, {})]
    return {"cells": cells, "totals": cells_of(made, (), (), {})}


def row_links(made: Answer, row: Key) -> list[dict[str, Any]]:
    """The members of a row with the way down."""
    members = enumerate(made.row_members(row))
    return [{"label": member.label, "url": drill_url(made, row, n)} for n, member in members]


def drill_url(made: Answer, row: Key, n: int) -> str:
    """The way down from a row's member."""
    query, member = made.query, made.row_members(row)[n]
    return url_of(drilled(query, query.rows[n], member.key, row[n]))


HOLLOW, UNTESTED = {"▲": "△", "▼": "▽"}, {"▲": "+", "▼": "−"}
"""Signs of a change that chance may have made, and of one for which no test is known."""


def cells_of(made: Answer, row: Key, column: Key, scales: dict[str, tuple[float, float]]) -> list[dict[str, Any]]:  # fmt: skip
    """The figures of one cell."""
    query = made.query
    known = bool(query.subject.records) and (row, column) in made.cells
    asked = cell_query(made, row, column) if known else None
    return [
        cell(
            made,
            made.figure(row, column, name),
            measure,
            behind_url(asked, measure),
            scales.get(name),
            by_chance=could_be_chance(made, row, column, measure),
        )
        for name, _label, measure in named_figures(made)
    ]


def behind_url(asked: Query | None, measure: Told) -> str:
    """Where the records of one figure are; a formula leads to those of the cell's first figure."""
    if asked is None:
        return ""
    own = (
        replace(asked, measures=(measure,), formulas=()) if isinstance(measure, Measure) else asked
    )
    return f"{reverse('cubes:behind')}?{address_of(own)}"


def cell(made: Answer, figure: Figure, measure: Told, behind: str, scale: tuple[float, float] | None, *, by_chance: bool | None = None) -> dict[str, Any]:  # fmt: skip
    """One figure with what stands beside it."""
    query = made.query
    shown: dict[str, Any] = {
        **in_short(measure, figure.value, figure.currency),
        "url": behind if figure.value is not None else "",
        "shade": heat_class(figure.value, *scale) if scale and not figure.few else "",
        "few": figure.few,
    }
    if between := figure.interval:
        shown["interval"] = f"{figures(between[0], 1)} – {figures(between[1], 1)}"
        shown["beside"] = shown["interval"] if "interval" in query.extras else ""
    if query.compare:
        # an empty one keeps its place, so that figures stand below each other
        shown["change"] = change_of(measure, figure) or dict.fromkeys(
            ("text", "sign", "meaning"), ""
        )
        if figure.change and is_money(measure, figure.currency):
            shown["change"]["text"] = compact_money(abs(figure.change), figure.currency)
        if by_chance is not False and shown["change"]["text"]:
            sign = shown["change"]["sign"]
            shown["change"]["sign"] = (HOLLOW if by_chance else UNTESTED).get(sign, sign)
            if by_chance:
                shown["change"] |= {"meaning": "", "chance": True}
        if "change" in query.extras and figure.change is not None and figure.before:
            shown["percent"] = figures(100 * figure.change / abs(float(figure.before)), 1)
    if (
        figure.n is not None
        and figure.value is not None
        and (figure.few or "count" in query.extras)
    ):
        shown["n"] = figures(figure.n, 0)
    if figure.share is not None:
        shown["share"] = figures(figure.share, 1)
    if figure.rank is not None:
        shown["rank"] = figure.rank
    if figure.running is not None:
        shown["running"] = in_short(measure, figure.running, figure.currency)["text"]
    shown["more"] = bool(set(shown) & {"share", "rank", "running"} or shown.get("beside"))
    return shown


def is_money(measure: Told, currency: str) -> bool:
    """Whether a figure is an amount of one currency."""
    return measure.money and currency not in ("", "*")


def in_short(measure: Told, value: Any, currency: str) -> dict[str, str]:
    """A figure as a cell shows it; of an amount that is written short also the whole."""
    whole = in_cell(measure, figure_text(measure, value, currency))
    if value is None or not is_money(measure, currency):
        return {"text": whole}
    return {"text": compact_money(round(value), currency), "whole": whole}


def shades(made: Answer) -> dict[str, tuple[float, float]]:
    """The lowest and highest value of each figure in the cells that are shaded."""
    found = {}
    for name, _label, _measure in named_figures(made):
        inner = [c for c in made.columns if c] if made.query.columns else [()]
        shown = [made.figure(row, column, name) for row in made.rows for column in inner]
        told = [float(f.value) for f in shown if f.value is not None and not f.few]
        if told:
            found[name] = (min(told), max(told))
    return found
