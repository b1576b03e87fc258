"""Who bought what first, and when: what the recommendation learns from and is asked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from scipy import sparse

from dangol.scores.arrays import Floats, Ints
from dangol.scores.recipes import Lack, TooLittle
from dangol.warehouse.engine import Lake

MOST = 2000
"""Products that are looked at: those that most customers have."""


@dataclass(frozen=True)
class Firsts:
    """Who bought which product first and when; ordered by customer and moment."""

    customer: Ints
    """Places in `numbers`, rising."""
    product: Ints
    """Places in `products`."""
    moment: Ints
    """Seconds since 1970."""
    day: Ints
    """Days since 1970."""
    numbers: Ints
    products: Ints

    def matrix(self, kept: Any, half_life: float | None = None) -> sparse.csr_matrix:
        """Customers × products of the rows that are kept: ones, or what each weighs in a question."""
        if half_life is None:
            weight = np.ones(int(kept.sum()))
        else:
            weight = weights(later(self.customer[kept], self.moment[kept]), half_life)
        shape = (len(self.numbers), len(self.products))
        return sparse.csr_matrix((weight, (self.customer[kept], self.product[kept])), shape=shape)


def later(customer: Ints, moment: Ints) -> Ints:
    """For each row, ordered by customer and moment, how many of the customer's came later."""
    if not len(customer):
        return np.empty(0, dtype=np.int64)
    last_of_customer = np.searchsorted(customer, customer, side="right")
    changes = np.r_[(customer[1:] != customer[:-1]) | (moment[1:] != moment[:-1]), True]
    ends = np.flatnonzero(changes) + 1
    last_of_moment = ends[np.searchsorted(ends, np.arange(len(customer)), side="right")]
    return np.asarray(last_of_customer - last_of_moment)


def weights(after: Ints, half_life: float | None) -> Floats:
    """What a product weighs in a question: half as much for every `half_life` that came after it."""
    if half_life is None:
        return np.ones(len(after))
    return np.asarray(0.5 ** (after / half_life))


def firsts(seen: Lake, settings: dict[str, Any], until: dt.date) -> Firsts:
    """Each customer's first purchase of each product; refunds are none, wrong clocks are left out."""
    t = seen.table("lines")
    t = t.filter(t.at.cast("date") <= ibis.date(until), t.amount >= 0)
    t = t.filter(t.customer.notnull(), t["product"].notnull())
    if kinds := settings.get("kinds"):
        t = t.filter(t.kind.isin(kinds))
    first = t.group_by(["customer", "product"]).agg(at=t.at.min())
    rows = seen.run(first.order_by("customer", "at", "product"))
    if not rows.num_rows:
        raise TooLittle(Lack.PURCHASES)
    product = rows["product"].to_numpy()
    known, place, count = np.unique(product, return_inverse=True, return_counts=True)
    kept = np.ones(len(product), dtype=bool)
    if len(known) > MOST:
        wanted = np.sort(np.argsort(-count, kind="stable")[:MOST])
        kept = np.isin(place, wanted)
        known, place = known[wanted], np.searchsorted(wanted, place[kept])
    numbers, who = np.unique(rows["customer"].to_numpy()[kept], return_inverse=True)
    moment = rows["at"].to_numpy()[kept].astype("datetime64[s]").astype(np.int64)
    return Firsts(who, place, moment, moment // 86_400, numbers, known)


def wanted_after(found: Firsts, begin: int, end: int) -> list[Ints]:
    """The products that each customer bought for the first time after one day and up to another."""
    late = (found.day > begin) & (found.day <= end)
    bounds = np.searchsorted(found.customer[late], np.arange(len(found.numbers) + 1))
    return np.split(found.product[late], bounds[1:-1])


def gaps(found: Firsts) -> tuple[Any, Any]:
    """Median days from the first purchase of one product to that of a later one, and how many did so."""
    n = len(found.products)
    pair, days = [], []
    sizes = np.bincount(found.customer)
    for step in range(1, min(int(sizes.max(initial=0)), 12)):
        first = np.flatnonzero(found.customer[:-step] == found.customer[step:])
        pair.append(found.product[first] * n + found.product[first + step])
        days.append(found.day[first + step] - found.day[first])
    median, count = np.zeros(n * n, dtype=np.int32), np.zeros(n * n, dtype=np.int32)
    if pair:
        pairs, spans = np.concatenate(pair), np.concatenate(days)
        order = np.lexsort((spans, pairs))
        pairs, spans = pairs[order], spans[order]
        kinds, at, size = np.unique(pairs, return_index=True, return_counts=True)
        median[kinds], count[kinds] = spans[at + size // 2], size
    return median.reshape(n, n), count.reshape(n, n)


def popular(found: Firsts, kept: Any) -> Floats:
    """How many customers have each product."""
    return np.bincount(found.product[kept], minlength=len(found.products)).astype(np.float64)
