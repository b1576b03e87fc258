"""Which recommendation is chosen, on days before those of the test, and how it does on these.

Candidates are EASE over what a customer has, whenever they came to have it, and EASE asked by what
they bought lately: a product weighs half as much for every so many that came after it. Ridge and
half-life are tuned together; no half-life is one of those tried, so that the chosen one is never
behind plain EASE where it was chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from dangol.scores.arrays import Floats, Ints
from dangol.scores.next.ease import Ease
from dangol.scores.next.history import Firsts, popular, wanted_after

RIDGES = (1.0, 5.0, 20.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0)
HALF_LIVES = (None, 3.0, 5.0, 10.0, 20.0, 50.0)
"""In products bought later."""
ASKED = 3000
TESTED = 20_000
Setting = tuple[float, float | None]


def ndcg(scores: Floats, wanted: list[npt.NDArray[Any]], k: int = 10) -> float:
    """Mean normalised discounted cumulative gain of the first k over customers who wanted something.

    scores: customers × products, what they have already at −∞; wanted: products of each.
    """
    some = min(k, scores.shape[1])
    top = np.argpartition(-scores, some - 1, axis=1)[:, :some]
    order = np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1, kind="stable")
    top = np.take_along_axis(top, order, axis=1)
    worth = 1 / np.log2(np.arange(2, some + 2))
    total, n = 0.0, 0
    for row, products in zip(top, wanted, strict=True):
        if len(products):
            total += float(
                worth[np.isin(row, products)].sum() / worth[: min(some, len(products))].sum()
            )
            n += 1
    return total / n if n else 0.0


def tuned(found: Firsts, kept: Any, wanted: list[Ints]) -> dict[Setting, float]:
    """How high each setting ranks what was bought next, asked with the rows that are kept."""
    owned = found.matrix(kept)
    some = askable(owned, wanted)[:ASKED]
    asked = [wanted[i] for i in some]
    hidden = owned[some].toarray() > 0
    questions = {h: found.matrix(kept, h)[some] for h in HALF_LIVES}
    said = {}
    for ridge in RIDGES:
        learned = Ease.fitted(owned, ridge).matrix()
        for half_life, question in questions.items():
            said[ridge, half_life] = round(ndcg(ranked(question, learned, hidden), asked), 5)
    return said


def askable(owned: sparse.csr_matrix, wanted: list[Ints]) -> Ints:
    """Customers who had something, and bought something new: of others there is nothing to say, or to test."""
    had = np.diff(owned.indptr) > 0
    return np.flatnonzero(had & np.array([len(w) > 0 for w in wanted]))


def ranked(question: sparse.csr_matrix, learned: Floats, hidden: Any) -> Floats:
    """Scores of every product for each customer, −∞ for what they have."""
    scores = np.asarray(question @ learned)
    scores[hidden] = -np.inf
    return scores


def best_of(said: dict[Setting, float], *, recent: bool | None = None) -> Setting:
    """The best setting; of those with a half-life, or without one, where that is asked."""
    some = [s for s in said if recent is None or (s[1] is not None) == recent]
    return max(some, key=lambda s: said[s])


def title(setting: Setting) -> str:
    """A candidate's name."""
    return "ease" if setting[1] is None else "ease+recent"


def judged(
    found: Firsts, said: dict[Setting, float], test: int, end: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every candidate on days that were not seen; the figures are those of the chosen one."""
    before = found.day <= test
    wanted = wanted_after(found, test, end)
    owned = found.matrix(before)
    some = askable(owned, wanted)[:TESTED]
    asked = [wanted[i] for i in some]
    hidden = owned[some].toarray() > 0
    plain = np.tile(popular(found, before), (len(some), 1))
    plain[hidden] = -np.inf
    chosen, candidates, ours = best_of(said), [], plain
    for setting in (best_of(said, recent=False), best_of(said, recent=True)):
        learned = Ease.fitted(owned, setting[0]).matrix()
        scores = ranked(found.matrix(before, setting[1])[some], learned, hidden)
        candidates.append(
            {"name": title(setting), "ridge": setting[0], "half_life": setting[1],
             "before": said[setting], "ndcg_10": round(ndcg(scores, asked), 5)}
        )  # fmt: skip
        ours = scores if setting == chosen else ours
    by_popularity = round(ndcg(plain, asked), 5)
    good = next(c["ndcg_10"] for c in candidates if c["name"] == title(chosen))
    first = np.argmax(ours, axis=1)
    hit = np.array([f in w for f, w in zip(first, asked, strict=True)], dtype=bool)
    return (
        {"error": round(1 - good, 5), "ndcg_10": good, "popular_ndcg_10": by_popularity,
         "first_hit": round(float(hit.mean()), 5) if len(hit) else 0.0},
        {"customers": len(some), "products": len(found.products),
         "candidates": [*candidates, {"name": "popular", "ndcg_10": by_popularity}],
         "found": found_by_place(ours, asked), "found_popular": found_by_place(plain, asked),
         "hit_by_tenth": hits_by_strength(ours.max(axis=1, initial=0), hit)},
    )  # fmt: skip


def found_by_place(scores: Floats, wanted: list[Ints], most: int = 10) -> list[float]:
    """Of all that was bought, the share that stood among the first one, two, … ten."""
    some = min(most, scores.shape[1])
    order = np.argsort(-scores, axis=1, kind="stable")[:, :some]
    hits = np.zeros(some)
    for row, products in zip(order, wanted, strict=True):
        hits += np.isin(row, products)
    total = max(sum(map(len, wanted)), 1)
    return [round(float(x), 4) for x in np.cumsum(hits) / total]


def hits_by_strength(strength: Floats, hit: Any) -> list[float]:
    """Of customers by tenth of their best offer's score, the weakest first: who bought it."""
    order = np.argsort(strength, kind="stable")
    return [round(float(hit[p].mean()), 4) for p in np.array_split(order, 10) if len(p)]
