"""Value: what a customer will bring in the coming days, with an interval, and whether they are still one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from dangol.scores.arrays import Floats
from dangol.scores.drift import profile, psi
from dangol.scores.models import Kind
from dangol.scores.purchases import (
    Customers,
    customers_of,
    home_of,
    last_day,
    purchase_days,
    without_rate,
)
from dangol.scores.ranks import cells_of
from dangol.scores.recipes import RECIPES, Lack, Learned, Progress, Scored, TooLittle, settings_now
from dangol.scores.value import gamma_gamma
from dangol.scores.value.backtest import WEEK, Days, backtest, histories, refitted, title
from dangol.scores.value.clocked import MODELS, STEPS, Clocked, grouped
from dangol.scores.value.drawing import purchases_between
from dangol.scores.value.fitting import NotFitted
from dangol.scores.value.gamma_gamma import GammaGamma
from dangol.scores.value.histories import collapse_days
from dangol.warehouse.engine import Lake

HORIZON = 365
CELLS = ("low", "middle", "high", "top")


def days_of(seen: Lake, settings: dict[str, Any], until: dt.date) -> tuple[Days, float]:
    """Every purchase day up to a day, and the median of what customers spent on their first."""
    bought = purchase_days(seen, settings, until).filter(lambda d: d.purchases > 0)
    rows = seen.run(bought.select("customer", "day", "money").order_by("customer", "day"))
    if not rows.num_rows:
        raise TooLittle(Lack.PURCHASES)
    number = rows["customer"].to_numpy()
    day = rows["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    begins = np.r_[True, number[1:] != number[:-1]]
    place = np.cumsum(begins) - 1
    first = rows["money"].to_numpy()[begins]
    centre = float(np.median(first))
    return Days(place, day - day.min(), int(place[-1]) + 1, grouped(first, centre)), centre


def repeat_mean(found: Customers) -> tuple[Floats, Floats]:
    """Repeat purchase days and their mean amount; no repeat, or no money: none."""
    x = (found.days - 1).astype(np.float64)
    mean = np.divide(
        found.money - found.first_money, x, out=np.zeros_like(found.money), where=x > 0
    )
    usable = (x > 0) & (mean > 0)
    return np.where(usable, x, 0), np.where(usable, mean, 0)


class Value:
    """Purchases by the best of three models, times what a purchase is worth."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """Choose and test on the past, then fit on everything."""
        settings, until = home_of(seen, settings), last_day(seen)
        days, centre = days_of(seen, settings, until)
        holdout = int(settings.get("holdout") or days.end // 3)
        if days.end < 60 or holdout < 7:
            raise TooLittle(Lack.DAYS)
        try:
            chosen, metrics, report = backtest(days, holdout)
            _known, h, _place = histories(days, days.end)
            made = refitted(chosen, h)
        except NotFitted:
            raise TooLittle(Lack.RETURNS) from None
        found = customers_of(seen, settings, until)
        money = worth(found)
        return Learned(
            title(made),
            {
                "settings": settings, "name": made.clocked.name, "model": vars(made.clocked.model),
                "gamma": made.clocked.gamma, "centre": centre, "money": money,
                "spread": [round(s, 4) for s in made.spread],
                "profile": {
                    "repeat": profile(found.days - 1), "last": profile(found.last),
                    "age": profile(found.first),
                },
            },
            metrics, report, until - dt.timedelta(days=days.end), until,
        )  # fmt: skip

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """Expected money in the horizon, its interval, and how surely the customer is still one."""
        chosen = settings_now(learned, settings)
        until, horizon = last_day(seen), int(chosen.get("horizon") or HORIZON)
        found = customers_of(seen, chosen, until)
        progress("score", 0, len(found.number))
        known = learned.parameters
        model = Clocked(known["name"], MODELS[known["name"]](**known["model"]), known["gamma"])
        z = grouped(found.first_money, known["centre"])
        h, place = collapse_days(
            found.days - 1, found.first - found.last, found.first, WEEK, z, STEPS
        )
        more = model.further_purchases(h, horizon / WEEK)[place]
        alive = model.alive(h)[place]
        low, high = purchases_between(model, h, horizon / WEEK)
        amount = amounts(found, learned.parameters["money"])
        value = more * amount
        then = learned.parameters["profile"]
        drift = {
            "repeat": psi(then["repeat"], found.days - 1), "last": psi(then["last"], found.last),
            "age": psi(then["age"], found.first),
        }  # fmt: skip
        cell = cells_of(value)
        return Scored(
            found.number, value, [CELLS[i] for i in cell.tolist()],
            [
                [["alive", round(a, 3), last], ["will_buy", round(n, 2), horizon], ["worth", round(m, 2), days]]
                for a, last, n, m, days in zip(
                    alive.tolist(), found.last.tolist(), more.tolist(), amount.tolist(),
                    found.days.tolist(), strict=True,
                )
            ],
            low[place] * amount, high[place] * amount, until,
            {
                "cells": sizes(value, cell), "drift": drift, "horizon": horizon,
                "currency": chosen.get("currency", ""), "without_rate": without_rate(seen, chosen),
                "alive": round(float(alive.sum()), 1), "distinct": len(h.x),
                "value": round(float(value.sum()), 2), "alive_parts": parts(alive),
            },
        )  # fmt: skip


def worth(found: Customers) -> dict[str, float]:
    """Gamma–Gamma over customers with repeat purchases; the plain mean where it cannot be fitted."""
    x, mean = repeat_mean(found)
    used = x > 0
    plain = float(found.money.sum()) / max(int(found.days.sum()), 1)
    try:
        fitted = gamma_gamma.fit(x[used], mean[used]).model
    except NotFitted:
        return {"mean": plain}
    return {"mean": plain} | (vars(fitted) if fitted.q > 1.01 else {})


def amounts(found: Customers, money: dict[str, float]) -> Floats:
    """What a purchase of each customer is worth."""
    if "p" not in money:
        return np.full(len(found.number), max(money["mean"], 0.0))
    x, mean = repeat_mean(found)
    return GammaGamma(money["p"], money["q"], money["gamma"]).expected_amount(x, mean)


def sizes(value: Floats, cell: Any) -> dict[str, dict[str, float]]:
    """Customers and value of each cell."""
    count = np.bincount(cell, minlength=4)
    whole = np.bincount(cell, weights=value, minlength=4)
    return {
        name: {"customers": int(count[i]), "value": round(float(whole[i]), 2)}
        for i, name in enumerate(CELLS)
    }


def parts(alive: Floats) -> list[int]:
    """Customers in ten groups of the probability of still being one."""
    return np.histogram(alive, bins=10, range=(0, 1))[0].tolist()


RECIPES[Kind.VALUE] = Value()
