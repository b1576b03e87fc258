"""Quintiles of recency, frequency and money, and the names of their cells.

A quintile is what SQL says by ntile(5): customers in order, cut into five parts whose sizes differ
by one at most, larger parts first. Equal values are put in order by the customer's number (earlier
known first), so that a run repeats to the last customer. 5 is best: bought last, most often, most.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

CELLS = (
    "champions", "loyal", "potential", "new", "promising", "attention", "sleeping", "at_risk",
    "cant_lose", "hibernating", "lost",
)  # fmt: skip
NAMED = [
    # by recency from 1 to 5, then by the mean of frequency and money from 1 to 5
    ["lost", "lost", "at_risk", "at_risk", "cant_lose"],
    ["hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"],
    ["sleeping", "sleeping", "attention", "loyal", "loyal"],
    ["promising", "potential", "potential", "loyal", "champions"],
    ["new", "potential", "potential", "champions", "champions"],
]
NUMBER_OF = np.array([[CELLS.index(name) for name in row] for row in NAMED])


def ntile(values: npt.ArrayLike, parts: int = 5) -> Ints:
    """ntile(parts) over (order by values, position), from 1, as PostgreSQL and DuckDB say it."""
    values = np.asarray(values)
    n = len(values)
    tile = np.empty(n, dtype=np.int64)
    size, longer = divmod(n, parts)
    sizes = [size + (part < longer) for part in range(parts)]
    tile[np.argsort(narrow(values), kind="stable")] = np.repeat(np.arange(1, parts + 1), sizes)
    return tile


def narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers of a small range in two bytes: sorted by counting, several times faster."""
    if values.dtype.kind != "i" or not len(values):
        return values
    low = values.min()
    return (values - low).astype(np.uint16) if values.max() - low < 2**16 else values


def cell_numbers(recency: Ints, frequency: Ints, money: Ints) -> Ints:
    """For each customer the place of the cell in CELLS; halves of (F + M) / 2 are rounded up."""
    return np.asarray(NUMBER_OF[recency - 1, (frequency + money + 1) // 2 - 1])
