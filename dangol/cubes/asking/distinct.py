"""How many different ones: cells and all their totals out of one reading of the facts.

Somebody may stand in several cells, so that totals are no sums. Asked separately, each total would
read and hash all facts again; in memory the pairs of cell and number are sorted once for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from dangol.cubes.asking.expression import member_value
from dangol.cubes.subjects.catalogue import Dimension
from dangol.warehouse.engine import DuckDB, Lake

MOST_FACTS = 5_000_000
"""So many are read into memory (some hundred MB); beyond that, and on a cluster, the engine counts."""
Codes = np.ndarray[Any, np.dtype[np.int64]]


def counted(
    table: ir.Table, by: Sequence[Dimension], parts: Sequence[str],
    sets: Sequence[Sequence[Dimension]], seen: Lake,
) -> list[list[dict[str, Any]]] | None:  # fmt: skip
    """The groups of each set of dimensions; None where there is too much to read."""
    if not isinstance(seen.engine, DuckDB):
        return None
    members = {f"d{n}": member_value(table, dimension) for n, dimension in enumerate(by)}
    numbers = {name: table[name] for name in parts}
    facts = seen.run(table.select(**members, **numbers).limit(MOST_FACTS + 1))
    if facts.num_rows > MOST_FACTS:
        return None
    coded = [encoded(facts[name]) for name in members]
    counts = {name: encoded_numbers(facts[name]) for name in parts}
    return [groups([coded[by.index(d)] for d in chosen], counts, facts.num_rows) for chosen in sets]


def encoded(column: pa.ChunkedArray) -> tuple[Codes, list[Any]]:
    """A code for each fact's member, and the members by code."""
    made = column.combine_chunks().dictionary_encode(null_encoding="encode")
    codes = made.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, made.dictionary.to_pylist()


def encoded_numbers(column: pa.ChunkedArray) -> Codes:
    """Whole numbers from nought on, one for each that is counted; -1 where there is none."""
    if pa.types.is_integer(column.type):
        found = column.fill_null(-1).to_numpy().astype(np.int64, copy=False)
        if not len(found) or (found.min() >= -1 and found.max() < 1 << 40):
            return found
    coded = column.combine_chunks().dictionary_encode()
    return coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def groups(
    sides: Sequence[tuple[Codes, list[Any]]], counts: dict[str, Codes], facts: int
) -> list[dict[str, Any]]:
    """How many different numbers each combination of members has; d0, d1 … hold the members."""
    cells: Codes = np.zeros(facts, dtype=np.int64)
    found: list[dict[str, Any]] = [{}]
    for n, (codes, members) in enumerate(sides):
        # only combinations that occur: of a thousand sites and agents most have never met
        known, cells = numbered(cells * len(members) + codes)
        above, here = np.divmod(known, max(len(members), 1))
        found = [found[a] | {f"d{n}": members[h]} for a, h in zip(above, here, strict=True)]
    for name, numbers in counts.items():
        for group, count in zip(found, different(cells, numbers, len(found)), strict=True):
            group[name] = int(count)
    return found


def numbered(cells: Codes) -> tuple[Codes, Codes]:
    """Which values occur, in their order, and for each fact the place of its value among them."""
    most = int(cells.max(initial=-1)) + 1
    if most > MOST_FACTS:
        known, places = np.unique(cells, return_inverse=True)
        return known, places
    known = np.flatnonzero(np.bincount(cells, minlength=most))
    places = np.empty(most, dtype=np.int64)
    places[known] = np.arange(len(known))
    return known, places[cells]


def different(cells: Codes, numbers: Codes, many: int) -> Codes:
    """How many different numbers each cell has: pairs are sorted, and equal neighbours count once."""
    width = int(numbers.max(initial=-1)) + 2
    pairs = cells * width + (numbers + 1)
    pairs.sort()
    first = np.empty(len(pairs), dtype=bool)
    first[:1] = True
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    first &= pairs % width != 0  # a fact without a number is of its cell, but counts nothing
    return np.bincount(pairs[first] // width, minlength=many)
