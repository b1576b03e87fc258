"""Churn: will a customer stay away for the whole horizon? The other side of it is repurchase."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from dangol.scores.arrays import Floats
from dangol.scores.churn import left
from dangol.scores.churn.features import Known, common_products, features, stayed_away
from dangol.scores.churn.learning import LEARNERS, calibrated, kept, probability
from dangol.scores.churn.own import Own, Owner, chosen, with_own
from dangol.scores.drift import profile, psi
from dangol.scores.judging import auc, courses, figures
from dangol.scores.models import Kind
from dangol.scores.purchases import home_of, last_day
from dangol.scores.ranks import cells_of
from dangol.scores.recipes import RECIPES, Lack, Learned, Progress, Scored, TooLittle
from dangol.warehouse.engine import Lake

CELLS = ("low", "usual", "raised", "high")
HORIZON = 365
FEWEST = 50
"""Customers who stayed away, and who came, that it takes to learn."""
REASONS = 3


def span(seen: Lake, until: dt.date) -> int:
    """How many days the purchases reach back."""
    first = seen.run(seen.table("transactions").day.min())[0][0].as_py()
    return (until - first).days


class Churn:
    """Learned at one cut, calibrated at a later one, tested at the last whose outcome is known."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """Test with the newest outcome unseen; then move every cut one horizon on."""
        if settings.get("left_by"):
            return left.learn(seen, settings, progress)
        settings, until = home_of(seen, settings), last_day(seen)
        horizon = int(settings.get("horizon") or min(HORIZON, span(seen, until) // 5))
        if horizon < 7:
            raise TooLittle(Lack.DAYS)
        step = dt.timedelta(days=horizon)
        products = common_products(seen, until - 3 * step)
        own = chosen(seen, settings.get("attributes"))
        at = []
        for number in (3, 2, 1):
            progress("features", 3 - number, 3)
            cut = until - number * step
            known = with_own(seen, features(seen, settings, cut, products), own, cut)
            at.append((known, stayed_away(seen, settings, known.number, cut, cut + step)))
        if any(min(away.sum(), (~away).sum()) < FEWEST for _known, away in at):
            raise TooLittle(Lack.OUTCOMES)
        tests = {name: tried(name, at) for name in LEARNERS}
        best = max(tests, key=lambda name: tests[name]["earlier_auc"])
        final = LEARNERS[best](at[1][0].values, at[1][1])
        odds, _added = final.explained(at[2][0].values)
        p = probability(odds, calibration := calibrated(odds, at[2][1]))
        return Learned(
            best,
            {
                "settings": settings, "horizon": horizon, "features": at[2][0].names,
                "products": products, "own": own, "calibration": calibration,
                "profile": {
                    n: profile(np.nan_to_num(at[2][0].values[:, at[2][0].names.index(n)]))
                    for n in ("recency", "often", "money")
                } | {"chance": profile(p)},
            },
            tests[best]["figures"],
            tests[best]["courses"] | {
                "candidates": {n: t["figures"] | {"earlier_auc": t["earlier_auc"]} for n, t in tests.items()},
                "customers": len(at[2][1]), "cut": (until - step).isoformat(),
                "names": names_of(seen, products),
            },
            until - 3 * step, until, final.arrays(),
        )  # fmt: skip

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """The chance of staying away, with what speaks for it most."""
        parameters = learned.parameters
        if parameters.get("left_by"):
            return left.score(seen, learned, progress, reasons_of, cells_said)
        asked, own = parameters["settings"] | settings, parameters.get("own", [])
        until, horizon = last_day(seen), parameters["horizon"]
        known = features(seen, asked, until, parameters["products"])
        if not len(known.number):
            raise TooLittle(Lack.PURCHASES)
        known = with_own(seen, known, own, until)
        progress("score", 0, len(known.number))
        assert learned.weights is not None
        odds, added = kept(learned.algorithm, learned.weights).explained(known.values)
        p = probability(odds, parameters["calibration"])
        cell, summary = cells_said(p)
        drift = {
            n: psi(parameters["profile"][n], np.nan_to_num(known.values[:, known.names.index(n)]))
            for n in ("recency", "often", "money")
        } | {"chance": psi(parameters["profile"]["chance"], p)}
        names = {str(k): v for k, v in learned.report["names"].items()}
        return Scored(
            known.number, p, cell, reasons_of(known, added, names, own, until), as_of=until,
            summary=summary | {
                "horizon": horizon, "drift": drift, "currency": asked.get("currency", ""),
            },
        )  # fmt: skip


def cells_said(p: Floats) -> tuple[list[str], dict[str, Any]]:
    """Each customer's cell, and what the page says of all of them."""
    cell = cells_of(p)
    return [CELLS[i] for i in cell.tolist()], {
        "cells": {
            name: {
                "customers": int((cell == i).sum()),
                "chance": round(float(p[cell == i].mean()), 4) if (cell == i).any() else 0,
            }
            for i, name in enumerate(CELLS)
        },
        "rate": round(float(p.mean()), 4),
        "parts": np.histogram(p, bins=10, range=(0, 1))[0].tolist(),
    }  # fmt: skip


def tried(name: str, at: list[tuple[Known, Any]]) -> dict[str, Any]:
    """One learner: learned at the first cut, calibrated and judged at the second, tested at the third."""
    (first, came), (second, later), (third, last) = at
    model = LEARNERS[name](first.values, came)
    odds, _added = model.explained(second.values)
    unseen, _added = model.explained(third.values)
    p = probability(unseen, calibrated(odds, later))
    return {
        "earlier_auc": round(auc(odds, later), 4), "figures": figures(p, last),
        "courses": courses(p, last),
    }  # fmt: skip


def reasons_of(
    known: Known, added: Floats, names: dict[str, Any], own: Own, until: dt.date
) -> list[list[Any]]:
    """For each customer what moved the score most, with its value; + is toward leaving."""
    owner = Owner(own, known.names)
    added, plain, attributes = owner.gathered(added)
    some = min(REASONS, added.shape[1])
    top = np.argsort(-np.abs(added), axis=1, kind="stable")[:, :some]
    values = np.nan_to_num(known.values, nan=-1.0)
    said = []
    for row, strongest in enumerate(top.tolist()):
        mine = []
        for j in strongest:
            if abs(added[row, j]) < 0.02:
                continue
            toward = 1 if added[row, j] > 0 else -1
            if j >= len(plain):
                mine.append(
                    owner.said(attributes[j - len(plain)], known.values[row], toward, until)
                )
                continue
            feature = known.names[plain[j]]
            ko, en = names.get(feature.removeprefix("product_"), ("", ""))
            mine.append(["churn", feature.partition("_")[0] if ko else feature,
                         round(float(values[row, plain[j]]), 2), toward, ko, en])  # fmt: skip
        said.append(mine)
    return said


def names_of(seen: Lake, products: list[int]) -> dict[int, list[str]]:
    """Both names of products."""
    t = seen.table("products")
    rows = seen.run(
        t.filter(t.id.isin(products or [-1])).select("id", "name", "name_en")
    ).to_pylist()
    return {r["id"]: [r["name"], r["name_en"] or r["name"]] for r in rows}


RECIPES[Kind.CHURN] = Churn()
