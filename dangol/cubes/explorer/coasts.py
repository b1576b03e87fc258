"""Coasts and borders of the world around some places, from Natural Earth (public domain).

The npm package world-atlas carries them as TopoJSON: lines that neighbours share, once each, in whole
steps from point to point. They come with the front end and are read when a map is first drawn.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.staticfiles import finders

SOURCE = "Natural Earth"
FINEST = 400
"""Points nearer to each other than this part of the map's width are one."""
Spots = np.ndarray[Any, np.dtype[np.float64]]
Box = tuple[float, float, float, float]
"""West, south, east, north."""


@lru_cache(1)
def world() -> tuple[list[Spots], Spots]:
    """Every line, and the box around each; nothing where the front end was not built."""
    found = finders.find("built/world.json")
    if not found:
        return [], np.empty((0, 4))
    told = json.loads(Path(str(found)).read_text("utf-8"))
    scale, begin = (np.array(told["transform"][name]) for name in ("scale", "translate"))
    lines = [np.cumsum(np.array(steps), axis=0) * scale + begin for steps in told["arcs"]]
    return lines, np.array([(*line.min(axis=0), *line.max(axis=0)) for line in lines])


def around(spots: list[tuple[float, float]]) -> Box:
    """A box that leaves as much room on each side as the places take, and at least a degree."""
    x, y = np.array(spots).T
    room = max(float(np.ptp(x)), float(np.ptp(y)), 1.0)
    return x.min() - room, y.min() - room, x.max() + room, y.max() + room


def coasts(spots: list[tuple[float, float]]) -> list[list[list[float]]]:
    """The lines around places given as (longitude, latitude), no finer than can be seen."""
    if not spots:
        return []
    west, south, east, north = box = around(spots)
    lines, boxes = world()
    near = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)  # fmt: skip
    step = (east - west) / FINEST
    return [piece for n in np.flatnonzero(near) for piece in inside(lines[n], box, step)]


def inside(line: Spots, box: Box, step: float) -> list[list[list[float]]]:
    """The pieces of a line that lie in a box, each with a point beyond it."""
    west, south, east, north = box
    x, y = line.T
    within = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    within = within | np.roll(within, 1) | np.roll(within, -1)
    ends = np.flatnonzero(np.diff(np.concatenate(([0], within.view(np.int8), [0]))))
    pieces = (thinned(line[a:b], step) for a, b in zip(ends[::2], ends[1::2], strict=True))
    return [piece.round(4).tolist() for piece in pieces if len(piece) > 1]


def thinned(line: Spots, step: float) -> Spots:
    """Its ends, and points that are a step from the one before along the line."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    kept = [0, *(n for (a, b), n in zip(pairwise(along // step), range(1, len(line)), strict=True) if a != b)]  # fmt: skip
    return line[[*dict.fromkeys([*kept, len(line) - 1])]]
