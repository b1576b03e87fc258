"""Whether the keys of a source still mean the same people, seen before anything is applied."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from dangol.customers.records.models import SourceRecord
from dangol.sources.entities import columns_of, needed, of_customers
from dangol.sources.models import LandedRow, Run
from dangol.sources.running.arranging import Arranger
from dangol.sources.strange import read_row

LOOKED_AT = 4_000
"""Rows of a run that are held against what was known, evenly spread."""
FEW = 5
"""So few keys may change hands without anybody's look."""
EVIDENCE = ("born_on", "phone", "registration", "corporate")
"""What stays with somebody whose name is written anew."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a row says of a key."""

    line: int
    values: dict[str, Any]


def other_people(run: Run) -> dict[str, Any]:
    """What to ask when most of the known keys that were read mean others now; else nothing."""
    if not of_customers(run.source.entity):
        return {}
    came = rows_by_key(run)
    known = SourceRecord.objects.filter(
        source=run.source.system, kind=run.source.entity, key__in=list(came)
    )
    compared, others = 0, []
    for key, values in known.values_list("key", "values"):
        compared += 1
        if is_other(values, came[key].values):
            others.append((came[key].line, values["name"], came[key].values["name"]))
    if len(others) < FEW or len(others) * 2 <= compared:
        return {}
    for line, before, now in sorted(others):
        run.note("other_people", 1, [line, "names", f"{before[:40]} → {now[:40]}"])
    return {"why": "other_people", "others": len(others), "compared": compared}


def rows_by_key(run: Run) -> dict[str, Came]:
    """Rows of a run as their records would say them, by key."""
    source = run.source
    columns, must = {c.name: c for c in columns_of(source.entity)}, needed(source.entity)
    arranger = Arranger(source.mapping, run.names)
    step = max(1, run.rows // LOOKED_AT)
    rows = LandedRow.objects.filter(run_id=run.pk, problem="").alias(turn=F("line") % step)
    found = {}
    for line, cells in rows.filter(turn=0).values_list("line", "cells"):
        row = arranger.arrange(line, cells)
        read = read_row(row.cells, columns, must)
        if row.refused or read.refused:
            continue
        found[read.values["key"]] = Came(line, read.values)
    return found


def is_other(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether two states of a record are two people's: another name, and nothing that stays."""
    if plain(before.get("name", "")) == plain(now.get("name", "")):
        return False
    both = [name for name in EVIDENCE if before.get(name) and now.get(name)]
    return bool(both) and all(plain(before[name]) != plain(now[name]) for name in both)


def plain(value: Any) -> str:
    """A value without its spelling: blanks, hyphens, capitals."""
    text = unicodedata.normalize("NFKC", str(value)).casefold()
    return "".join(sign for sign in text if sign.isalnum())
