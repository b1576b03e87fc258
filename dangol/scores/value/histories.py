"""Purchase histories as the value models read them: how often, how late, how long observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dangol.scores.arrays import Floats, Ints


@dataclass(frozen=True)
class Histories:
    """Distinct histories and how many customers have each.

    x: repeat purchases, days with more than one counted once (shape n).
    t_x: time of the last one since the first purchase, 0 when there was none (shape n).
    T: time observed since the first purchase (shape n); the unit of time is the caller's.
    weight: customers with this very history (shape n).
    z: what is known from the first day, a covariate (shape n), or nothing.
    """

    x: Floats
    t_x: Floats
    T: Floats
    weight: Floats
    z: Floats | None = None

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


def collapse_days(
    x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, unit: float = 7.0,
    z: npt.ArrayLike | None = None, steps: int = 1,
) -> tuple[Histories, Ints]:  # fmt: skip
    """The same from whole days, several times faster at millions: whole numbers packed into one.

    `unit` is the length of the models' unit of time in days; z a covariate in whole steps, of which
    `steps` are one. Raises ValueError on times out of order, or numbers too large to pack.
    """
    columns = [np.asarray(c, dtype=np.int64) for c in (x, t_x, T)]
    group = np.zeros_like(columns[0]) if z is None else np.asarray(z, dtype=np.int64)
    lowest = int(group.min(initial=0))
    columns.append(group - lowest)
    size = [int(c.max(initial=0)) + 1 for c in columns]
    if any((c < 0).any() for c in columns) or np.prod(np.array(size, dtype=float)) > 2.0**62:
        raise ValueError("counts and days are never negative, and fit into one number")
    packed = columns[0]
    for column, base in zip(columns[1:], size[1:], strict=True):
        packed = packed * base + column
    distinct, place, weight = np.unique(packed, return_inverse=True, return_counts=True)
    rest, own = np.divmod(distinct, size[3])
    rest, last = np.divmod(rest, size[2])
    count, back = np.divmod(rest, size[1])
    if (back > last).any() or ((count == 0) != (back == 0)).any():
        raise ValueError(
            "0 < t_x ≤ T where there are repeat purchases, t_x = 0 where there are none"
        )
    covariate = None if z is None else (own + lowest) / steps
    return (
        Histories(
            count.astype(np.float64), back / unit, last / unit, weight.astype(np.float64), covariate
        ),
        place,
    )
