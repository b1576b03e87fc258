"""Small files become large ones, so that reading stays fast however often is copied."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pyarrow as pa
from django.utils import timezone

from dangol.core.alone import alone
from dangol.warehouse import files, keeping
from dangol.warehouse.actions import LAKE, agreed, finish, publish_next, recorded
from dangol.warehouse.copying import write_all
from dangol.warehouse.facts import FACTS, FactTable
from dangol.warehouse.files import BLOCK
from dangol.warehouse.manifest import Changes, File, TableVersion
from dangol.warehouse.models import Run, RunKind

MANY = 8
TIERS = [8**power for power in range(2, 7)]
"""A file is written again at most once for each of these sizes in rows."""


def groups(state: list[File]) -> list[list[File]]:
    """Neighbours that are worth merging: at least eight of about one size, into at most a block."""
    ordered = sorted(state, key=lambda f: (f.low, f.high))
    for tier in TIERS:
        for small, run in itertools.groupby(ordered, key=lambda f: f.rows < tier):
            chosen = list(run)
            if small and len(chosen) >= MANY:
                return packed(chosen)
    return []


def packed(chosen: list[File]) -> list[list[File]]:
    """Files in order, in groups of at most a block of rows."""
    found: list[list[File]] = [[]]
    for file in chosen:
        if found[-1] and sum(f.rows for f in found[-1]) + file.rows > BLOCK:
            found.append([])
        found[-1].append(file)
    return [group for group in found if len(group) > 1]


def merged(table: FactTable, before: TableVersion) -> TableVersion:
    """A table with fewer files and the same rows."""
    state = [f for f in before.files if f.rows]
    while chosen := groups(state):
        for group in chosen:
            rows = pa.concat_tables(files.read(f) for f in group).sort_by("id")
            names = {f.path for f in group}
            state = [f for f in state if f.path not in names] + write_all(table, rows)
    same = {f.path for f in state} == {f.path for f in before.files if f.rows}
    if same:
        return replace(before, changes=Changes())
    ordered = tuple(sorted(state, key=lambda f: f.low))
    return replace(before, files=ordered, changes=Changes(), changed_in=0)


def compact() -> Run | None:
    """Merge small files, then forget old versions; the run, or None where all was well."""
    with alone(LAKE), recorded(Run(kind=RunKind.COMPACT)) as run:
        before = agreed()
        if before is None:
            return None
        tables = {
            name: merged(FACTS[name], table) if name in FACTS else table
            for name, table in before.tables.items()
        }
        fewer = any(tables[name].files != t.files for name, t in before.tables.items())
        made = publish_next(before, tables, RunKind.COMPACT, before.read_at) if fewer else None
        keeping.sweep(timezone.now())
        return finish(run, made) if made else None
