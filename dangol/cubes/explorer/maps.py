"""Where places lie, for figures on a map; no map comes from the network.

Coasts and borders are those of `coasts.py`; a geography that knows better lends its own from an app's
`ready`: `lend_outlines(lambda: [[(126.1, 34.3), (126.4, 34.5)]])`, lines of (longitude, latitude).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from dangol.cubes.asking.query import Query
from dangol.cubes.asking.results import Answer
from dangol.cubes.explorer.coasts import SOURCE, coasts
from dangol.cubes.subjects.catalogue import Kind
from dangol.places.models import Place

Line = Sequence[tuple[float, float]]
OUTLINES: list[Callable[[], Sequence[Line]]] = []


def lend_outlines(source: Callable[[], Sequence[Line]]) -> None:
    """Draw these lines below the places of every map."""
    OUTLINES.append(source)


def outlines(spots: list[tuple[float, float]]) -> tuple[list[list[list[float]]], str]:
    """All lines that were lent, otherwise those of the world around these places, and whose they are."""
    if not OUTLINES:
        found = coasts(spots)
        return found, SOURCE if found else ""
    return [[[x, y] for x, y in line] for source in OUTLINES for line in source()], ""


def mappable(query: Query) -> bool:
    """Whether the rows begin with a level of the places."""
    return bool(query.rows) and query.rows[0].kind == Kind.TREE and query.rows[0].column == "place"


def positions(made: Answer) -> dict[Any, tuple[float, float]]:
    """Latitude and longitude of each row's place: its own, or the middle of the sites below it."""
    dimension = made.query.rows[0]
    found: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    known = Place.objects.exclude(latitude=None).exclude(longitude=None)
    where = {code: (lat, lon) for code, lat, lon in known.values_list("code", "latitude", "longitude")}  # fmt: skip
    for row in made.places.values():
        if row["code"] in where and row.get(dimension.level) is not None:
            found[row[dimension.level]].append(where[row["code"]])
    return {
        number: (sum(a for a, _b in spots) / len(spots), sum(b for _a, b in spots) / len(spots))
        for number, spots in found.items()
    }
