"""Ten rows as they would be read: before a mapping is kept, and nothing is stored."""

from __future__ import annotations

from typing import Any

from dangol.imports.kinds import Refused
from dangol.sources.connecting import look
from dangol.sources.entities import columns_of, needed, of_customers
from dangol.sources.models import Source
from dangol.sources.running.arranging import Arranger
from dangol.sources.strange import read_row

ROWS = 10


def sample_of(source: Source) -> list[list[str]]:
    """The first rows; Trouble when the source does not answer."""
    wanted = source.place
    return look(source.connection, source.reach, source.hidden, lambda opened: opened.sample(wanted, ROWS))  # fmt: skip


def preview(source: Source, mapping: dict[str, Any], rows: list[list[str]]) -> list[dict[str, Any]]:
    """Each row in our columns: {"cells": [(text, wrong)], "refused": reason}."""
    columns = {column.name: column for column in columns_of(source.entity)}
    names = [name for name in columns if name in mapping]
    arranger, found = Arranger(mapping, source.columns), []
    for number, cells in enumerate(rows, 1):
        row = arranger.arrange(number, cells)
        values, wrong, refused = dict(row.cells), set(), row.refused
        if refused is None and of_customers(source.entity):
            read = read_row(dict(row.cells), columns, needed(source.entity))
            values, refused = read.values, read.refused
            wrong = {column for _what, column, _cell in read.strange}
        elif refused is None:
            values, refused = parsed(row.cells, columns, needed(source.entity))
        shown = [(name, str(values.get(name) or ""), name in wrong) for name in names]
        found.append({"number": number, "cells": shown, "refused": refused})
    return found


def parsed(
    cells: dict[str, str], columns: dict[str, Any], must: set[str]
) -> tuple[dict[str, Any], tuple[str, str, dict[str, Any]] | None]:
    """Values of a strict kind, and the first refusal."""
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if not cell:
            if name in must:
                return values, (name, "empty, but needed", {})
            continue
        try:
            values[name] = columns[name].parse(cell)
        except Refused as refusal:
            return values, (name, refusal.reason, refusal.facts)
    return values, None
