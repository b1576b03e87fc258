"""Purchase histories as the value models read them: how often, how late, how long observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Histories:
    """Distinct histories and how many customers have each.

    x: repeat purchases, days with more than one counted once (shape n).
    t_x: time of the last one since the first purchase, 0 when there was none (shape n).
    T: time observed since the first purchase (shape n); the unit of time is the caller's.
    weight: customers with this very history (shape n).
    """

    x: Floats
    t_x: Floats
    T: Floats
    weight: Floats

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return int(self.weight.sum())


def collapse(x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> tuple[Histories, Ints]:
    """Equal histories once, with their number; and for each customer the place of theirs.

    The likelihood of a customer depends on nothing but the history, so that millions of customers
    cost as much as their distinct histories. Raises ValueError on times out of order.
    """
    columns = [np.asarray(c, dtype=np.float64) for c in (x, t_x, T)]
    given = np.column_stack(columns)
    if not np.isfinite(given).all() or (given < 0).any():
        raise ValueError("counts and times are finite and never negative")
    if (columns[1] > columns[2]).any() or ((columns[0] == 0) != (columns[1] == 0)).any():
        raise ValueError(
            "0 < t_x ≤ T where there are repeat purchases, t_x = 0 where there are none"
        )
    packed = np.ascontiguousarray(given).view([("x", "f8"), ("t_x", "f8"), ("T", "f8")]).ravel()
    distinct, place, weight = np.unique(packed, return_inverse=True, return_counts=True)
    return (
        Histories(distinct["x"], distinct["t_x"], distinct["T"], weight.astype(np.float64)),
        place,
    )
