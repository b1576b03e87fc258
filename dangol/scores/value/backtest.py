"""The back-test of value: calibrate on the first part, forecast the rest, compare with what came.

The model is chosen before, on the calibration alone: three models, each plain and with the first
day's money as a covariate, by Schwarz's criterion, the customary approximation of how likely a model
held all that happened, one day after the other. The hold-out is then looked at once by the chosen
one; what the others would have said stands beside it on the page and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dangol.scores.arrays import Floats, Ints
from dangol.scores.value.clocked import MODULES, STEPS, Clocked, Fitted, fit
from dangol.scores.value.drawing import purchases_between
from dangol.scores.value.fitting import NotFitted
from dangol.scores.value.histories import Histories, collapse_days

WEEK = 7.0
SAMPLE = 3_000
"""Customers who decide which model is chosen; the chosen one is fitted on all."""


@dataclass(frozen=True)
class Days:
    """Purchase days of all customers, in days since the first of all; ordered by customer and day."""

    customer: Ints
    """The customer's place, 0 … n − 1, rising."""
    day: Ints
    customers: int
    z: Ints
    """Each customer's first day's money in steps, see `clocked.grouped`."""

    @property
    def end(self) -> int:
        """The last day that is known."""
        return int(self.day.max())

    def until(self, day: int) -> Known:
        """What was known of customers by a day."""
        seen = self.day <= day
        c, d = self.customer[seen], self.day[seen]
        begins = np.flatnonzero(np.r_[True, c[1:] != c[:-1]]) if len(c) else np.empty(0, np.int64)
        ends = np.r_[begins[1:], len(c)] - 1 if len(c) else begins
        return Known(c[begins], ends - begins, d[begins], d[ends])


@dataclass(frozen=True)
class Known:
    """Customers who had come by a day: their places, repeat purchases, first and last day."""

    who: Ints
    x: Ints
    first: Ints
    last: Ints


def histories(days: Days, until: int) -> tuple[Known, Histories, Ints]:
    """Customers known by a day, their distinct histories in weeks, and the place of each one's."""
    known = days.until(until)
    h, place = collapse_days(
        known.x, known.last - known.first, until - known.first, WEEK, days.z[known.who], STEPS
    )
    return known, h, place


def sample(days: Days, until: int) -> Histories:
    """The histories of every customer, or of every n-th where there are more than it takes to choose."""
    n = len(np.unique(days.customer[days.day <= until]))
    if n <= SAMPLE:
        return histories(days, until)[1]
    kept = days.customer % (n // SAMPLE + 1) == 0
    return histories(Days(days.customer[kept], days.day[kept], days.customers, days.z), until)[1]


def candidates(h: Histories) -> list[Fitted]:
    """Every candidate that the histories determine, the likeliest first."""
    found: list[Fitted] = []
    pays = True
    for name in MODULES:  # the costliest last: where the covariate says nothing, it is spared
        try:
            plain = fit(name, h, covariate=False)
            found.append(plain)
            if pays:
                found.append(fit(name, h, covariate=True, near=plain.clocked))
                pays = found[-1].bic(h.customers) < plain.bic(h.customers)
        except NotFitted:
            continue
    if not found:
        raise NotFitted("no model fits")
    return sorted(found, key=lambda one: one.bic(h.customers))


def refitted(one: Fitted, h: Histories) -> Fitted:
    """The same candidate on these histories."""
    return fit(one.clocked.name, h, covariate=one.parameters == 5)


def title(one: Fitted) -> str:
    """A candidate's name."""
    return one.clocked.name + ("+first" if one.parameters == 5 else "")


def cumulative(days: Days, until: int, model: Clocked, calibrated: int) -> dict[str, list[float]]:
    """Repeat purchases week by week: what came, and what the model expects of customers as they came."""
    known = days.until(calibrated)
    steps = days.z[known.who] - days.z.min()
    kinds, sizes = np.unique(known.first * 1000 + steps, return_counts=True)
    firsts, z = kinds // 1000, (kinds % 1000 + days.z.min()) / STEPS
    ends = np.unique(np.append(np.arange(int(firsts.min()) + 7, until, 7), until))
    kept = np.isin(days.customer, known.who)
    day = np.sort(days.day[kept])
    joined = np.sort(known.first)
    actual = np.searchsorted(day, ends, side="right") - np.searchsorted(joined, ends, side="right")
    expected = [
        float(
            sizes[firsts < end]
            @ model.expected_purchases((end - firsts[firsts < end]) / WEEK, z[firsts < end])
        )
        for end in ends
    ]
    return {
        "week": (ends / 7).round().tolist(),
        "actual": actual.tolist(),
        "expected": [round(e, 2) for e in expected],
    }


def by_frequency(
    x: Floats, actual: Floats, expected: Floats, most: int = 7
) -> dict[str, list[float]]:
    """Purchases in the hold-out for each number of repeat purchases before: expected and actual means."""
    group = np.minimum(x, most).astype(int)
    n = np.bincount(group, minlength=most + 1)
    whole = np.maximum(n, 1)
    return {
        "x": list(range(most + 1)), "customers": n.tolist(),
        "actual": (np.bincount(group, actual, most + 1) / whole).round(4).tolist(),
        "expected": (np.bincount(group, expected, most + 1) / whole).round(4).tolist(),
    }  # fmt: skip


def lift_by_tenth(score: Floats, outcome: Floats) -> list[float]:
    """Share of the outcome in each tenth of customers, the highest score first."""
    order = np.argsort(-score, kind="stable")
    total = max(float(outcome.sum()), 1e-12)
    return [round(float(part.sum()) / total, 4) for part in np.array_split(outcome[order], 10)]


def coverage(model: Clocked, h: Histories, place: Ints, holdout: int, actual: Floats) -> float:
    """The share of customers whose purchases in the hold-out lay within their 80% interval."""
    low, high = purchases_between(model, h, holdout / WEEK)
    inside = (low[place] <= actual) & (actual <= high[place])
    return round(float(inside.mean()), 4)


def backtest(days: Days, holdout: int) -> tuple[Fitted, dict[str, Any], dict[str, Any]]:
    """Calibrate, choose and test; the chosen candidate, its figures, and what the page draws."""
    calibrated = days.end - holdout
    known, h, place = histories(days, calibrated)
    asked = sample(days, calibrated)
    found = candidates(asked)
    best = found[0] if asked.customers == h.customers else refitted(found[0], h)
    model = best.clocked
    later = np.bincount(days.customer[days.day > calibrated], minlength=days.customers)
    actual = later[known.who].astype(np.float64)
    expected = model.further_purchases(h, holdout / WEEK)[place]
    course = cumulative(days, days.end, model, calibrated)
    metrics = {
        "error": round(float(np.abs(actual - expected).mean()), 4),
        "total_error": total_error(course),
        "holdout_error": round(float(expected.sum() / max(actual.sum(), 1) - 1), 4),
        "top_tenth": lift_by_tenth(expected, actual)[0],
        "interval_holds": coverage(model, h, place, holdout, actual),
        "log_likelihood": round(best.log_likelihood, 2),
    }
    report = {
        "course": course, "calibrated": round(calibrated / 7, 1),
        "by_frequency": by_frequency(h.x[place], actual, expected),
        "lift": lift_by_tenth(expected, actual), "lift_best": lift_by_tenth(actual, actual),
        "candidates": [
            {
                "name": title(one), "log_likelihood": round(one.log_likelihood, 2),
                "bic": round(one.bic(asked.customers), 1),
                "total_error": total_error(cumulative(days, days.end, one.clocked, calibrated)),
            }
            for one in found
        ],
        "distinct": len(h.x), "customers": h.customers, "asked": asked.customers,
    }  # fmt: skip
    return best, metrics, report


def total_error(course: dict[str, list[float]]) -> float:
    """Expected over actual repeat purchases at the end, less one."""
    come, said = course["actual"][-1], course["expected"][-1]
    return round(said / come - 1, 4) if come else 0.0
