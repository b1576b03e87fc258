"""Churn as the company says it: who left is a yes/no attribute, learned from the other attributes.

There is no time in it, so that the test is cross-validation: customers fall into five parts by
their numbers, each part is judged by a model that saw only the other four, and calibrated on them.
The same five models go on to score: nobody is ever scored by a model that saw their own outcome.
Purchases and calls are left out: after leaving there are none, and a score would learn just that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from dangol.customers.attributes.queries import all_attributes
from dangol.scores.arrays import Floats, Ints
from dangol.scores.churn import own as own_attributes
from dangol.scores.churn.features import Known
from dangol.scores.churn.learning import LEARNERS, calibrated, kept, probability
from dangol.scores.drift import profile, psi
from dangol.scores.judging import auc, courses, figures
from dangol.scores.recipes import Lack, Learned, Progress, Scored, TooLittle
from dangol.segments.rules import PRIME
from dangol.warehouse.engine import Lake

FOLDS = 5
FEWEST = 50
PREFIX = "left_"
"""Before the learner's name in a version's algorithm: never mistaken for the other kind of churn."""
TELLING = 0.98
"""An attribute that alone ranks so well was most likely filled in after they had left."""


@dataclass(frozen=True)
class Outcome:
    """Who is known to have left, or not."""

    number: Ints
    away: Any


def as_of(seen: Lake) -> dt.date:
    """The lake's own day."""
    return seen.manifest.read_at.date()


def outcome_of(seen: Lake, key: str) -> Outcome:
    """What the company says of each customer."""
    t = seen.table("customer_attributes")
    t = t.filter(t.attribute == key, t.flag.notnull(), t.customer.notnull())
    rows = seen.run(t.select("customer", "flag").order_by("customer"))
    flags = rows["flag"].to_numpy(zero_copy_only=False).astype(bool)
    return Outcome(rows["customer"].to_numpy().astype(np.int64), flags)


def fold_of(numbers: Ints) -> Any:
    """The part that a customer always falls into, mixed as the segments' samples are."""
    h = (numbers * 48_271) % PRIME
    h = (h * h) % PRIME
    return (h * 69_621) % PRIME % FOLDS


def known_of(seen: Lake, own: own_attributes.Own, numbers: Ints, until: dt.date) -> Known:
    """Birth and own attributes of these customers."""
    t = seen.table("customers")
    rows = seen.run(t.select("id", "birth_band").order_by("id"))
    at = np.searchsorted(rows["id"].to_numpy(), numbers)
    born = rows["birth_band"].cast("float64").to_numpy(zero_copy_only=False)[at]
    return own_attributes.with_own(seen, Known(numbers, born[:, None], ["birth_band"]), own, until)


def crossed(name: str, values: Floats, away: Any, fold: Any) -> tuple[list[Any], Floats]:
    """A learner's model for each part, and the log-odds that each part got from the others."""
    models, odds = [], np.empty(len(away))
    for part in range(FOLDS):
        unseen = fold == part
        model = LEARNERS[name](values[~unseen], away[~unseen])
        models.append(model)
        odds[unseen] = model.explained(values[unseen])[0]
    return models, odds


def unseen_probability(odds: Floats, away: Any, fold: Any) -> Floats:
    """Probabilities whose calibration, too, was learned on the other parts."""
    p = np.empty(len(odds))
    for part in range(FOLDS):
        unseen = fold == part
        p[unseen] = probability(odds[unseen], calibrated(odds[~unseen], away[~unseen]))
    return p


def tried(name: str, values: Floats, away: Any, fold: Any) -> dict[str, Any]:
    """One learner on parts that it had not seen."""
    models, odds = crossed(name, values, away, fold)
    p = unseen_probability(odds, away, fold)
    by_part = [auc(odds[fold == part], away[fold == part]) for part in range(FOLDS)]
    return {
        "models": models, "odds": odds, "figures": figures(p, away),
        "auc": round(auc(odds, away), 4),
        "parts": [round(min(by_part), 4), round(max(by_part), 4)], "courses": courses(p, away),
    }  # fmt: skip


def learn(seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
    """Both learners on five parts; the better one's five models are kept."""
    key, until = settings["left_by"], as_of(seen)
    said = all_attributes(key).get(key)
    own = own_attributes.chosen(seen, settings.get("attributes") or True, without=key)
    if said is None or said.kind != "yes_no" or not own:
        raise TooLittle(Lack.ATTRIBUTES)
    outcome = outcome_of(seen, key)
    away, fold = outcome.away, fold_of(outcome.number)
    smallest = [min(away[fold != n].sum(), (~away[fold != n]).sum()) for n in range(FOLDS)]
    if min(away.sum(), (~away).sum()) < FEWEST or not min(smallest):
        raise TooLittle(Lack.LEAVERS)
    known = known_of(seen, own, outcome.number, until)
    tests = {}
    for done, name in enumerate(LEARNERS):
        progress("learn", done, len(LEARNERS))
        tests[name] = tried(name, known.values, away, fold)
    best = max(tests, key=lambda name: tests[name]["auc"])
    test = tests[best]
    calibration = calibrated(test["odds"], away)
    p = probability(test["odds"], calibration)
    return Learned(
        PREFIX + best,
        {
            "settings": settings, "left_by": key, "said": [said.name, said.name_en or said.name],
            "own": own, "features": known.names, "calibration": calibration,
            "profile": {"chance": profile(p[~away])},
        },
        test["figures"],
        test["courses"] | {
            "candidates": {
                PREFIX + n: t["figures"] | {"parts": t["parts"]} for n, t in tests.items()
            },
            "customers": len(away), "folds": FOLDS,
            "telling": telling(own, known, away), "left_by": [said.name, said.name_en or said.name],
        },
        None, until,
        {f"{n}_{k}": v for n, model in enumerate(test["models"]) for k, v in model.arrays().items()},
    )  # fmt: skip


def telling(own: own_attributes.Own, known: Known, away: Any) -> list[list[str]]:
    """Attributes that alone say nearly everything, by their value or by being known at all."""
    owner, found = own_attributes.Owner(own, known.names), []
    for a in own:
        columns = [known.values[:, j] for j in owner.places(a)]
        columns += [np.isnan(c).astype(float) for c in columns[:1]]
        ranks = [auc(np.nan_to_num(c, nan=-1e300), away) for c in columns]
        if any(max(rank, 1 - rank) >= TELLING for rank in ranks):
            found.append(a["names"])
    return found


def asked_about(seen: Lake, own: own_attributes.Own, key: str) -> Ints:
    """Everybody of whom an attribute is known and who is not said to have left."""
    t = seen.table("customer_attributes")
    t = t.filter(t.attribute.isin([key, *(a["key"] for a in own)]), t.customer.notnull())
    gone = (t.attribute == key) & t.flag.fill_null(False)
    stay = t.group_by("customer").agg(gone=gone.any()).filter(~ibis._.gone)
    return (
        seen.run(stay.select("customer").order_by("customer"))["customer"]
        .to_numpy()
        .astype(np.int64)
    )


def score(seen: Lake, learned: Learned, progress: Progress, reasons: Any, cells: Any) -> Scored:
    """The chance of leaving of all who have not, each by the model that never saw them."""
    parameters, until = learned.parameters, as_of(seen)
    own, key = parameters["own"], parameters["left_by"]
    numbers = asked_about(seen, own, key)
    if not len(numbers):
        raise TooLittle(Lack.LEAVERS)
    progress("score", 0, len(numbers))
    known, fold = known_of(seen, own, numbers, until), fold_of(numbers)
    if known.names != parameters["features"]:
        raise TooLittle(Lack.ATTRIBUTES)
    odds, added = np.empty(len(numbers)), np.empty(known.values.shape)
    assert learned.weights is not None
    for part in range(FOLDS):
        mine = fold == part
        arrays = {
            k.partition("_")[2]: v for k, v in learned.weights.items() if k.startswith(f"{part}_")
        }
        model = kept(learned.algorithm.removeprefix(PREFIX), arrays)
        odds[mine], added[mine] = model.explained(known.values[mine])
    p = probability(odds, parameters["calibration"])
    cell, summary = cells(p)
    return Scored(
        numbers, p, cell, reasons(known, added, {}, own, until), as_of=until,
        summary=summary | {
            "left_by": parameters["said"], "drift": {"chance": psi(parameters["profile"]["chance"], p)},
        },
    )  # fmt: skip
