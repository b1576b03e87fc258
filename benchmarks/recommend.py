"""recommend: ranking against a tuned EASE on MovieLens 100K by chance and by time; asking and learning in the request.

Three ways to hide a fifth: at random, each person's last, everybody's last days. Ours and the peer
(EASE with the ridge tuned, on all that somebody has) are tuned on the same part before the test.
Without the data set (the tests’ set-up fetches it) people, films and ratings are made up.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).resolve().parents[1] / ".venv/data/recbole/dataset_example/ml-100k"


def interactions() -> tuple[Any, Any, Any, str]:
    """User, item, moment; and what they are."""
    if (path := DATA / "ml-100k.inter").exists():
        lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
        rows = np.array([[float(v) for v in line[:4]] for line in lines])
        user = np.unique(rows[:, 0], return_inverse=True)[1]
        item = np.unique(rows[:, 1], return_inverse=True)[1]
        return user, item, rows[:, 3].astype(np.int64), "MovieLens 100K"
    draw = np.random.default_rng(1)
    taste, kind = draw.integers(0, 12, 943), draw.integers(0, 12, 1682)
    weight = np.where(taste[:, None] == kind[None, :], 8.0, 1.0) / (1 + np.arange(1682)) ** 0.5
    chance = np.minimum(weight * 106 / weight.sum(axis=1, keepdims=True), 1)
    user, item = np.nonzero(draw.random((943, 1682)) < chance)
    return user, item, draw.integers(0, 10**7, len(user)), "made-up ratings of MovieLens’ size"


def parts_of(user: Any, moment: Any) -> dict[str, Any]:
    """For each way to hide, 0 what is learned from, 1 the tenth to tune on, 2 the fifth to test."""
    draw = np.random.default_rng(7).random(len(user))
    order = np.lexsort((moment, user))
    count = np.bincount(user)
    start = np.r_[0, np.cumsum(count)[:-1]]
    rank = np.empty(len(user))
    rank[order] = (np.arange(len(user)) - start[user[order]]) / count[user[order]]
    late = np.argsort(np.argsort(moment, kind="stable"), kind="stable") / len(user)
    return {
        name: np.digitize(x, [0.7, 0.8])
        for name, x in {"at random": draw, "each one's last": rank, "the last days": late}.items()
    }


def ranking(found: Any, part: Any) -> dict[str, Any]:
    """Ours and a tuned EASE: NDCG of the first ten on the hidden fifth, and what was chosen."""
    from dangol.scores.next import testing
    from dangol.scores.next.ease import Ease

    def wanted(which: int) -> list[Any]:
        rows = part == which
        bounds = np.searchsorted(found.customer[rows], np.arange(len(found.numbers) + 1))
        return np.split(found.product[rows], bounds[1:-1])

    said = testing.tuned(found, part == 0, wanted(1))
    owned, hidden_in = found.matrix(part < 2), wanted(2)
    some = testing.askable(owned, hidden_in)
    hidden = owned[some].toarray() > 0

    def tested(setting: Any) -> float:
        question = found.matrix(part < 2, setting[1])[some]
        scores = testing.ranked(question, Ease.fitted(owned, setting[0]).matrix(), hidden)
        return round(testing.ndcg(scores, [hidden_in[i] for i in some]), 4)

    ours, peer = testing.best_of(said), testing.best_of(said, recent=False)
    return {
        "ours": tested(ours), "tuned EASE": tested(peer), "chosen": list(ours), "people": len(some)
    }  # fmt: skip


def in_the_request(found: Any) -> dict[str, Any]:
    """A thousand questions and as many purchases learned, one after the other."""
    from dangol.scores.next.ease import Ease

    owned = found.matrix(np.ones(len(found.customer), dtype=bool))
    began = time.perf_counter()
    model = Ease.fitted(owned, 400.0)
    refit = (time.perf_counter() - began) * 1000
    users, items = owned.shape
    baskets = [
        owned.indices[owned.indptr[u] : owned.indptr[u + 1]].astype(np.int64) for u in range(users)
    ]
    asked, learned = [], []
    for number in range(1000):
        basket = baskets[number % users]
        weight = 0.5 ** (np.arange(len(basket))[::-1] / 10)
        began = time.perf_counter()
        model.scores(basket, weight)
        asked.append((time.perf_counter() - began) * 1000)
        new = int(np.setdiff1d(np.arange(items), basket)[number % 7])
        began = time.perf_counter()
        model.learn(basket, new)
        learned.append((time.perf_counter() - began) * 1000)
        baskets[number % users] = np.append(basket, new)
    return {
        "refit_ms": round(refit, 1),
        "answer_ms": {"p50": round(float(np.median(asked)), 3), "p99": round(float(np.quantile(asked, 0.99)), 3)},
        "learn_ms": {"p50": round(float(np.median(learned)), 3), "p99": round(float(np.quantile(learned, 0.99)), 3),
                     "max_with_folding": round(max(learned), 2)},
    }  # fmt: skip


def run() -> dict[str, Any]:
    """Ranking on each split, then the request."""
    from dangol.scores.next.history import Firsts

    user, item, moment, name = interactions()
    order = np.lexsort((item, moment, user))
    user, item, moment = user[order], item[order], moment[order]
    found = Firsts(
        user, item, moment, moment // 86_400, np.arange(user.max() + 1), np.arange(item.max() + 1)
    )
    splits = {way: ranking(found, part) for way, part in parts_of(user, moment).items()}
    request = in_the_request(found)
    ours, peer = splits["each one's last"]["ours"], splits["each one's last"]["tuned EASE"]
    answered, learned = request["answer_ms"]["p50"], request["learn_ms"]["p50"]
    never_behind = all(s["ours"] >= 0.995 * s["tuned EASE"] for s in splits.values())
    return {
        "work": "next product: NDCG@10 on each person's last fifth",
        "data": f"{name}: {len(found.numbers):,} customers, {len(found.products):,} products, {len(user):,} purchases",
        "ours": ours, "peer": peer, "peer_name": "EASE, ridge tuned on the same part",
        "ratio": round(ours / peer, 2), "unit": "NDCG", "limit": None,
        "goal": "≥ tuned EASE on every split; learned and answered in ≤ 1 ms",
        "held": never_behind and learned <= 1 and answered <= 1,
        "details": {**{f"hidden {way}": said for way, said in splits.items()}, **request},
    }  # fmt: skip
