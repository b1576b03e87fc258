"""How the connected systems are called, lent to every page that says where a value comes from."""

from __future__ import annotations

import time

from dangol.sources.models import Entity, Source

HOLDS = 10.0
"""Seconds for which the names are kept: a page asks for them dozens of times."""

_kept: tuple[float, dict[str, str]] | None = None


def names_of_systems() -> dict[str, str]:
    """System: the name of its source of persons, else of its oldest one."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > HOLDS:
        _kept = (now, read_names())
    return _kept[1]


def read_names() -> dict[str, str]:
    """The names as they stand in the database."""
    found: dict[str, str] = {}
    rows = Source.objects.order_by("-created_at").values_list("system", "name", "entity")
    for system, name, _entity in sorted(rows, key=lambda row: row[2] == Entity.PERSON):
        found[system] = name
    return found
