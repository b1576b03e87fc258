"""What a chosen way to look cannot draw: why, and the steps that make it possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from dangol.cubes.asking.query import MOST_DIMENSIONS, Query
from dangol.cubes.explorer.maps import mappable
from dangol.cubes.explorer.page import url_of
from dangol.cubes.subjects.catalogue import Dimension, Kind

Way = tuple[str, str]


def levels(query: Query) -> list[Dimension]:
    """The levels of the places by which every figure asked is known."""
    return [
        d for d in query.subject.dimensions
        if d.kind == Kind.TREE and d.column == "place"
        and all(query.subject.knows(m, d) for m in query.needed)
    ]  # fmt: skip


def by_places(query: Query, level: Dimension) -> Query:
    """The same figures by a level of the places, the other rows after it."""
    rows = [d for d in query.rows if d.column != "place"][: MOST_DIMENSIONS - 1]
    columns = tuple(d for d in query.columns if d is not level)
    room = MOST_DIMENSIONS - len(columns) - 1
    return replace(query, rows=(level, *rows[: max(room, 0)]), columns=columns)


def undrawn(query: Query, charts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Why nothing is drawn, and what would be; None where something is."""
    if query.look == "map":
        return no_map(query, charts)
    if query.look == "multiples" and not query.columns:
        spans = [d for d in query.subject.dimensions if d.kind == Kind.TIME and d.name == "month"]
        ways = [
            (_("%s to columns") % d.label, url_of(replace(query, columns=(d,))))
            for d in spans
            if d not in query.rows and all(query.subject.knows(m, d) for m in query.needed)
        ]
        return {"why": _("Small multiples need columns: each row becomes a chart along them."), "ways": ways}  # fmt: skip
    return None


def no_map(query: Query, charts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Why there is no map."""
    if mappable(query):
        if not charts or any(chart["spec"]["points"] for chart in charts):
            return None
        return {"why": _("None of these places has coordinates, so the map is empty. They are entered with the place in the settings."), "ways": []}  # fmt: skip
    found = levels(query)
    if not found:
        names = ", ".join(str(m.label) for m in query.needed)
        return {"why": _("“%s” is not known by place, so there is no map of it.") % names, "ways": []}  # fmt: skip
    now = ", ".join(str(d.label) for d in query.rows)
    why = (
        _("A map needs places as rows. Now the rows are: %s.") % now
        if now
        else _("A map needs places as rows. Now there are none.")
    )
    ways = [(_("Rows by %s") % d.label, url_of(by_places(query, d))) for d in reversed(found[-2:])]
    return {"why": why, "ways": ways}
