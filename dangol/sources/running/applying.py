"""The second half of a run: what was read is applied, each batch with its position or not at all."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db import transaction

from dangol.core.events import publish
from dangol.core.resident_numbers import HIDDEN
from dangol.customers.events import RecordsChanged
from dangol.imports.batches import cut
from dangol.imports.reading import Line
from dangol.imports.running import facts_kept
from dangol.sources.entities import kind_of, of_customers
from dangol.sources.models import LandedRow, RefusedRow, Run
from dangol.sources.running.arranging import LONGEST, Arranged, Arranger, as_kept, used_headings
from dangol.sources.running.holding import hold
from dangol.sources.running.in_files import NOWHERE, locate_samples, places_of, with_file
from dangol.sources.running.keys import Keys
from dangol.sources.running.others import apply_rows, batch_of, parser_of
from dangol.sources.running.records import Refusals, apply_records

BATCH = 2_000
"""Rows of customers that are applied together."""


def apply_all(run: Run) -> Run:
    """Apply every row from the position on."""
    token = run.token
    for lines in batches(run):
        run = one_batch(run.pk, token, lines)
    if not of_customers(run.source.entity):
        kind = kind_of(run.source.entity)
        kind.finish(batch_of(run, parser_of(kind, run.source.mapping)))
    return run


def batches(run: Run) -> Iterator[list[Line]]:
    """The landed rows from the position on; lines of one transaction stay together."""
    kind = kind_of(run.source.entity)
    at = None
    headings = run.source.heading.get("key", [])
    if kind.grouped and headings and headings[0] in run.names:
        at = run.names.index(headings[0])
    if of_customers(run.source.entity):
        found = list_of(run, BATCH)
        while batch := [line for _n, line in zip(range(BATCH), found, strict=False)]:
            yield batch
        return
    yield from cut(list_of(run, BATCH), kind, at)


def list_of(run: Run, step: int) -> Iterator[Line]:
    """Landed rows in their order, fetched some at a time."""
    after = run.position
    while True:
        rows = LandedRow.objects.filter(run_id=run.pk, line__gt=after).order_by("line")[:step]
        found = list(rows.values_list("line", "cells", "problem"))
        for line, cells, problem in found:
            yield Line(line, cells, problem)
        if len(found) < step:
            return
        after = found[-1][0]


@transaction.atomic
def one_batch(key: uuid.UUID, token: dt.datetime | None, lines: list[Line]) -> Run:
    """Judge and store a batch with its refused rows and the new position."""
    run = hold(key, token)
    rows, keys = arranged(run, lines)
    if long := sum(len(cell) > LONGEST for line in lines for cell in line.cells):
        run.note("long_cell", long)
    if of_customers(run.source.entity):
        counts, refused = apply_records(run, rows, run.names)
        if counts.get("new") or counts.get("changed"):
            publish(RecordsChanged(subject_id=run.pk, source=run.source.system), by=run.by)
    else:
        counts, refused = apply_rows(run, kind_of(run.source.entity), rows, keys)
    keep_refused(run, lines, refused, keys)
    locate_samples(run)
    run.position = lines[-1].number
    run.new += counts.get("new", 0)
    run.changed += counts.get("changed", 0)
    run.same += counts.get("same", 0)
    run.refused += len(refused)
    run.save()
    return run


def arranged(run: Run, lines: list[Line]) -> tuple[list[Arranged], dict[int, str]]:
    """Rows in our columns, damaged ones refused, and the key of each."""
    source = run.source
    arranger, reader = Arranger(source.mapping, run.names), Keys(source.entity, source.mapping, run.names)  # fmt: skip
    rows, keys = [], {}
    for line in lines:
        if line.problem:
            row = Arranged(line.number, {}, line.cells, ("", line.problem, {}))
            keys[line.number] = reader.of_row(line.cells, line.problem)
        else:
            row = arranger.arrange(line.number, line.cells)
            keys[line.number] = reader.as_known(row.cells.get("key", ""))
        rows.append(row)
    return rows, keys


def keep_refused(run: Run, lines: list[Line], refused: Refusals, keys: dict[int, str]) -> None:
    """Refused rows with their cells."""
    cells, at = {line.number: line.cells for line in lines}, places_of(run, refused)
    read = [run.names.index(name) for name in used_headings(run.source.mapping) if name in run.names]  # fmt: skip
    RefusedRow.objects.bulk_create(
        RefusedRow(
            run=run, line=line, column=column, reason=reason[:200],
            facts=facts_kept(with_file(facts, at.get(line, NOWHERE), at)),
            cells=[as_kept(cell) for cell in cells.get(line, [])],
            key=keys.get(line, "")[:200], whole=is_whole(cells.get(line, []), read),
            file=at.get(line, NOWHERE)[0], file_line=at.get(line, NOWHERE)[1],
        )
        for line, column, reason, facts in sorted(refused, key=lambda one: one[0])
    )  # fmt: skip


def is_whole(cells: list[str], read: list[int]) -> bool:
    """Whether the cells that are read are kept as they came: nothing had to be cut out of them."""
    there = [cells[at] for at in read if at < len(cells)]
    return all(as_kept(cell) == cell and HIDDEN not in cell for cell in there)
