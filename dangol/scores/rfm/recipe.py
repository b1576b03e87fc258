"""RFM: how lately, how often, for how much; nothing is learned, every run reads the newest lake."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from dangol.scores.models import Kind
from dangol.scores.purchases import Customers, customers_of, home_of, last_day, without_rate
from dangol.scores.recipes import RECIPES, Lack, Learned, Progress, Scored, TooLittle, settings_now
from dangol.scores.rfm.backtest import backtest, quintiles
from dangol.scores.rfm.cells import CELLS, cell_numbers
from dangol.warehouse.engine import Lake


class RFM:
    """Quintiles over all customers who bought in the window."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """The rule is the settings: a change of them is a new version."""
        return Learned("ntile", {"settings": home_of(seen, settings)}, last_day=last_day(seen))

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """The three quintiles of each customer, and the cell."""
        chosen = settings_now(learned, settings)
        as_of = last_day(seen)
        since = None
        if days := int(chosen.get("days", 0)):
            since = as_of - dt.timedelta(days=days)
        found = customers_of(seen, chosen, as_of, since)
        if not len(found.number):
            raise TooLittle(Lack.PURCHASES)
        progress("score", 0, len(found.number))
        recency, frequency, money = quintiles(found)
        which = cell_numbers(recency, frequency, money)
        tables = summary_of(found, recency, (frequency + money + 1) // 2, which)
        return Scored(
            customer=found.number,
            value=(recency * 100 + frequency * 10 + money).astype(np.float64),
            cell=[CELLS[i] for i in which.tolist()],
            reasons=[
                [["bought_last", last, r], ["bought_often", days, f], ["bought_for", round(spent, 2), m]]
                for last, days, spent, r, f, m in zip(
                    found.last.tolist(), found.days.tolist(), found.money.tolist(),
                    recency.tolist(), frequency.tolist(), money.tolist(), strict=True,
                )
            ],
            as_of=as_of,
            summary=tables | {
                "currency": chosen.get("currency", ""), "without_rate": without_rate(seen, chosen),
                "backtest": backtest(seen, chosen, as_of, which),
            },
        )  # fmt: skip


def summary_of(found: Customers, recency: Any, both: Any, which: Any) -> dict[str, Any]:
    """Of each cell: customers, money, mean days since the last purchase; and the 5 × 5 grid."""
    count = np.bincount(which, minlength=len(CELLS))
    money = np.bincount(which, weights=found.money, minlength=len(CELLS))
    last = np.bincount(which, weights=found.last, minlength=len(CELLS)) / np.maximum(count, 1)
    often = np.bincount(which, weights=found.days, minlength=len(CELLS)) / np.maximum(count, 1)
    grid = np.bincount((recency - 1) * 5 + both - 1, minlength=25).reshape(5, 5)
    return {
        "cells": {
            name: {
                "customers": int(count[i]), "money": round(float(money[i]), 2),
                "last": round(float(last[i]), 1), "often": round(float(often[i]), 2),
            }
            for i, name in enumerate(CELLS)
        },
        "grid": grid.tolist(),
    }  # fmt: skip


RECIPES[Kind.RFM] = RFM()
