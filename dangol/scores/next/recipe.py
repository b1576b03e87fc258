"""Next product: what goes with what a customer has, by EASE over who bought what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from scipy import sparse

from dangol.scores.arrays import Ints
from dangol.scores.drift import profile, psi
from dangol.scores.models import Kind
from dangol.scores.next.ease import Ease
from dangol.scores.next.history import Firsts, firsts, gaps, popular, wanted_after
from dangol.scores.next.testing import askable, best_of, judged, title, tuned
from dangol.scores.purchases import last_day
from dangol.scores.recipes import RECIPES, Lack, Learned, Progress, Scored, TooLittle
from dangol.warehouse.engine import Lake

OFFERS = 3
PIECE = 20_000
PAIRS = 5
"""Customers with two products in this order that make the time between them worth telling."""


class Next:
    """The ridge is tuned on one part of the past, the test is another, what scores is all of it."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """Tune, test and learn."""
        until = last_day(seen)
        found = firsts(seen, settings, until)
        begin, end = int(found.day.min()), int(found.day.max())
        test = end - (end - begin) // 5
        tune = test - (test - begin) // 5
        wanted = wanted_after(found, tune, test)
        known = found.matrix(found.day <= tune)
        if len(found.products) < 2 or not len(askable(known, wanted)):
            raise TooLittle(Lack.PRODUCTS)
        said = tuned(found, found.day <= tune, wanted)
        progress("test", 1, 2)
        metrics, report = judged(found, said, test, end)
        ridge, half_life = best_of(said)
        model = Ease.fitted(found.matrix(found.day <= end), ridge)
        median, count = gaps(found)
        return Learned(
            title((ridge, half_life)),
            {
                "settings": settings, "ridge": ridge, "half_life": half_life,
                "products": len(found.products), "profile": profile_of(found),
            },
            metrics,
            report | {"tuning": [[*setting, figure] for setting, figure in said.items()]},
            until - dt.timedelta(days=end - begin), until,
            {
                "inverse": model.inverse, "products": found.products,
                "gap": np.where(count >= PAIRS, median, 0).astype(np.int32),
                "popular": popular(found, found.day <= end),
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
        owned = questions(found, known, learned.parameters.get("half_life"))
        weights = Ease(learned.weights["inverse"]).matrix()
        names = names_of(seen, known)
        value, cell, reasons, kept = [], [], [], []
        for start in range(0, len(found.numbers), PIECE):
            progress("score", start, len(found.numbers))
            part = owned[start : start + PIECE]
            for row, said in enumerate(best(part, weights)):
                if said:
                    span = slice(part.indptr[row], part.indptr[row + 1])
                    mine = part.indices[span], part.data[span]
                    kept.append(found.numbers[start + row])
                    value.append(said[0][1])
                    cell.append(names[said[0][0]][0])
                    reasons.append([offered(j, s, mine, weights, gap, names) for j, s in said])
        if not kept:
            raise TooLittle(Lack.PRODUCTS)
        then = learned.parameters.get("profile")
        drift = {n: psi(then[n], now) for n, now in shape_of(found).items()} if then else {}
        return Scored(
            np.array(kept), np.array(value), cell, reasons, as_of=until,
            summary={"cells": counted(cell, names), "drift": drift},
        )  # fmt: skip


def questions(found: Firsts, known: Ints, half_life: float | None) -> sparse.csr_matrix:
    """Customers × known products: what each product that somebody has weighs."""
    whole = found.matrix(np.ones(len(found.customer), dtype=bool), half_life)
    inside = np.isin(found.products, known)
    place = np.searchsorted(known, found.products[inside])
    move = sparse.csr_matrix(
        (np.ones(len(place)), (np.flatnonzero(inside), place)),
        shape=(len(found.products), len(known)),
    )
    return sparse.csr_matrix(whole @ move)


def shape_of(found: Firsts) -> dict[str, Any]:
    """What drift is seen by: products a customer has, and days between one and the next."""
    same = found.customer[1:] == found.customer[:-1]
    return {"owned": np.bincount(found.customer), "between": np.diff(found.day)[same]}


def profile_of(found: Firsts) -> dict[str, Any]:
    """The same, as it was when the model learned."""
    return {name: profile(values) for name, values in shape_of(found).items()}


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
    product: int, score: float, mine: tuple[Any, Any], weights: Any, gap: Any,
    names: list[tuple[str, str, str]],
) -> list[Any]:  # fmt: skip
    """Why a product is offered: which of theirs speaks for it most, and after how long others bought it."""
    owned, weight = mine
    because = int(owned[np.argmax(weight * weights[owned, product])])
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
