"""Next product: what goes with what a customer has, by EASE over who bought what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from scipy import sparse

from dangol.scores.models import Kind
from dangol.scores.next.ease import Ease, ndcg, tuned
from dangol.scores.purchases import last_day
from dangol.scores.recipes import RECIPES, Learned, Progress, Scored, TooLittle
from dangol.scores.value.histories import Ints
from dangol.warehouse.engine import Lake

MOST = 2000
"""Products that are looked at: those that most customers have."""
OFFERS = 3
PIECE = 20_000
PAIRS = 5
"""Customers with two products in this order that make the time between them worth telling."""


@dataclass(frozen=True)
class Firsts:
    """Who bought which product first on which day; ordered by customer and day."""

    customer: Ints
    """Places in `numbers`, rising."""
    product: Ints
    """Places in `products`."""
    day: Ints
    numbers: Ints
    products: Ints

    def matrix(self, kept: Any) -> sparse.csr_matrix:
        """Customers × products of ones, of the rows that are kept."""
        ones = np.ones(int(kept.sum()))
        shape = (len(self.numbers), len(self.products))
        return sparse.csr_matrix((ones, (self.customer[kept], self.product[kept])), shape=shape)


def firsts(seen: Lake, settings: dict[str, Any], until: dt.date) -> Firsts:
    """Each customer's first purchase of each product; refunds are none, wrong clocks are left out."""
    t = seen.table("lines")
    t = t.mutate(day=t.at.cast("date")).filter(lambda t: t.day <= ibis.date(until))
    t = t.filter(t.amount >= 0, t.customer.notnull(), t["product"].notnull())
    if kinds := settings.get("kinds"):
        t = t.filter(t.kind.isin(kinds))
    first = t.group_by(["customer", "product"]).agg(day=t.day.min())
    rows = seen.run(first.order_by("customer", "day", "product"))
    if not rows.num_rows:
        raise TooLittle("no purchases")
    product = rows["product"].to_numpy()
    known, place, count = np.unique(product, return_inverse=True, return_counts=True)
    if len(known) > MOST:
        wanted = np.sort(np.argsort(-count, kind="stable")[:MOST])
        kept = np.isin(place, wanted)
        known, place = known[wanted], np.searchsorted(wanted, place[kept])
    else:
        kept = np.ones(len(product), dtype=bool)
    numbers, who = np.unique(rows["customer"].to_numpy()[kept], return_inverse=True)
    day = rows["day"].to_numpy()[kept].astype("datetime64[D]").astype(np.int64)
    return Firsts(who, place, day, numbers, known)


def wanted_after(found: Firsts, begin: int, end: int) -> list[Ints]:
    """The products that each customer bought for the first time after one day and up to another."""
    late = (found.day > begin) & (found.day <= end)
    bounds = np.searchsorted(found.customer[late], np.arange(len(found.numbers) + 1))
    return np.split(found.product[late], bounds[1:-1])


def gaps(found: Firsts) -> tuple[Any, Any]:
    """Median days from the first purchase of one product to that of a later one, and how many did so."""
    n = len(found.products)
    pair, days = [], []
    begins = np.searchsorted(found.customer, np.arange(len(found.numbers) + 1))
    sizes = np.diff(begins)
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


def popular(found: Firsts, kept: Any) -> Any:
    """How many customers have each product."""
    return np.bincount(found.product[kept], minlength=len(found.products)).astype(np.float64)


class Next:
    """The ridge is tuned on one part of the past, the test is another, what scores is all of it."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """Tune, test and learn."""
        until = last_day(seen)
        found = firsts(seen, settings, until)
        begin, end = int(found.day.min()), int(found.day.max())
        test = end - (end - begin) // 5
        tune = test - (test - begin) // 5
        if len(found.products) < 2 or not any(len(w) for w in wanted_after(found, tune, test)):
            raise TooLittle("too few products")
        ridge, tried = tuned(found.matrix(found.day <= tune), wanted_after(found, tune, test))
        progress("test", 1, 2)
        metrics, report = tested(found, ridge, test, end)
        model = Ease.fitted(found.matrix(found.day <= end), ridge)
        median, count = gaps(found)
        return Learned(
            "ease",
            {"settings": settings, "ridge": ridge, "products": len(found.products)},
            metrics, report | {"tuning": {str(k): v for k, v in tried.items()}},
            until - dt.timedelta(days=end - begin), until,
            {
                "inverse": model.inverse, "products": found.products,
                "gap": np.where(count >= PAIRS, median, 0).astype(np.int32),
            },
        )  # fmt: skip

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """The best products for each customer that they do not have, and because of which of theirs."""
        assert learned.weights is not None
        until = last_day(seen)
        found = firsts(seen, settings, until)
        known, gap = learned.weights["products"], learned.weights["gap"]
        inside = np.isin(found.products, known)[found.product]
        place = np.searchsorted(known, found.products[found.product[inside]])
        ones = np.ones(len(place))
        owned = sparse.csr_matrix(
            (ones, (found.customer[inside], place)), shape=(len(found.numbers), len(known))
        )
        weights = Ease(learned.weights["inverse"]).matrix()
        names = names_of(seen, known)
        value, cell, reasons, kept = [], [], [], []
        for start in range(0, len(found.numbers), PIECE):
            progress("score", start, len(found.numbers))
            part = owned[start : start + PIECE]
            for row, said in enumerate(best(part, weights)):
                if said:
                    mine = part.indices[part.indptr[row] : part.indptr[row + 1]]
                    kept.append(found.numbers[start + row])
                    value.append(said[0][1])
                    cell.append(names[said[0][0]][0])
                    reasons.append([offered(j, s, mine, weights, gap, names) for j, s in said])
        if not kept:
            raise TooLittle("too few products")
        return Scored(
            np.array(kept), np.array(value), cell, reasons, as_of=until,
            summary={"cells": counted(cell, names)},
        )  # fmt: skip


def tested(
    found: Firsts, ridge: float, test: int, end: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """NDCG and hits of the first ten on days that were not seen, against what is popular."""
    before = found.day <= test
    wanted = wanted_after(found, test, end)
    some = np.flatnonzero([len(w) > 0 for w in wanted])[:PIECE]
    owned = found.matrix(before)
    asked, hidden = [wanted[i] for i in some], owned[some].toarray() > 0
    ours = np.asarray(owned[some] @ Ease.fitted(owned, ridge).matrix())
    theirs = np.tile(popular(found, before), (len(some), 1))
    for scores in (ours, theirs):
        scores[hidden] = -np.inf
    good, plain = ndcg(ours, asked), ndcg(theirs, asked)
    first = np.argmax(ours, axis=1) if len(some) else np.empty(0)
    hits = float(np.mean([f in w for f, w in zip(first, asked, strict=True)])) if len(some) else 0.0
    return (
        {"error": round(1 - good, 5), "ndcg_10": round(good, 5), "popular_ndcg_10": round(plain, 5),
         "first_hit": round(hits, 5)},
        {"customers": len(some), "products": len(found.products)},
    )  # fmt: skip


def best(owned: sparse.csr_matrix, weights: Any) -> list[list[tuple[int, float]]]:
    """The few best products of each customer with a score above zero."""
    scores = np.asarray(owned @ weights)
    scores[owned.nonzero()] = -np.inf
    some = min(OFFERS, scores.shape[1])
    top = np.argpartition(-scores, some - 1, axis=1)[:, :some]
    found = []
    for row, products in zip(scores, top, strict=True):
        pairs = [(int(j), float(row[j])) for j in products if row[j] > 0]
        found.append(sorted(pairs, key=lambda p: (-p[1], p[0])))
    return found


def offered(
    product: int, score: float, mine: Any, weights: Any, gap: Any, names: list[tuple[str, str, str]]
) -> list[Any]:
    """Why a product is offered: which of theirs speaks for it most, and after how long others bought it."""
    because = int(mine[np.argmax(weights[mine, product])])
    span = int(gap[because, product])
    return ["offer", *names[product][1:], *names[because][1:], span, round(score, 4)]


def names_of(seen: Lake, products: Ints) -> list[tuple[str, str, str]]:
    """Code and both names of products by their place."""
    t = seen.table("products")
    rows = seen.run(t.select("id", "code", "name", "name_en")).to_pylist()
    known = {r["id"]: (r["code"], r["name"], r["name_en"] or r["name"]) for r in rows}
    return [known.get(int(p), ("", "?", "?")) for p in products]


def counted(cell: list[str], names: list[tuple[str, str, str]]) -> dict[str, dict[str, Any]]:
    """How many customers each product is the best offer for."""
    said = {code: (ko, en) for code, ko, en in names}
    return {
        code: {"customers": cell.count(code), "name": said[code][0], "name_en": said[code][1]}
        for code in sorted(set(cell))
    }


RECIPES[Kind.NEXT] = Next()
