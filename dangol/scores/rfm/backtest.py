"""What came of the cells: as they were some time ago, and what their customers did since."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import numpy as np

from dangol.scores.purchases import Customers, customers_of, in_home
from dangol.scores.rfm.cells import CELLS, Ints, cell_numbers, ntile
from dangol.warehouse.engine import Lake

SINCE = 90
"""Days that the cells are watched."""


def quintiles(found: Customers) -> tuple[Ints, Ints, Ints]:
    """Recency, frequency and money from 1 to 5."""
    return ntile(-found.last), ntile(found.days), ntile(found.money)


def backtest(
    seen: Lake, settings: dict[str, Any], until: dt.date, now: Ints
) -> dict[str, Any] | None:
    """For each cell of 90 days ago: customers, who bought since, and their money; None where nothing was known then.

    `now`: today's cell of each customer, for the drift of the cells' sizes.
    """
    cut = until - dt.timedelta(days=SINCE)
    days = int(settings.get("days", 0))
    found = customers_of(seen, settings, cut, cut - dt.timedelta(days=days) if days else None)
    if len(found.number) < len(CELLS):
        return None
    which = cell_numbers(*quintiles(found))
    later = bought_since(seen, settings, cut, until)
    place = np.searchsorted(found.number, later["customer"])
    known = (place < len(found.number)) & (
        found.number[np.minimum(place, len(found.number) - 1)] == later["customer"]
    )
    money, came = np.zeros(len(found.number)), np.zeros(len(found.number))
    money[place[known]] = later["money"][known]
    came[place[known]] = later["purchases"][known] > 0
    count = np.bincount(which, minlength=len(CELLS))
    whole = np.maximum(count, 1)
    return {
        "cut": cut.isoformat(), "until": until.isoformat(), "customers": int(count.sum()),
        "rate": round(float(came.mean()), 4), "money": round(float(money.mean()), 2),
        "cells": {
            name: {
                "customers": int(count[i]),
                "came": round(float(np.bincount(which, came, len(CELLS))[i] / whole[i]), 4),
                "money": round(float(np.bincount(which, money, len(CELLS))[i] / whole[i]), 2),
            }
            for i, name in enumerate(CELLS)
        },
        "drift": drift(count, np.bincount(now, minlength=len(CELLS))),
    }  # fmt: skip


def bought_since(
    seen: Lake, settings: dict[str, Any], cut: dt.date, until: dt.date
) -> dict[str, Any]:
    """Customers with their purchases and money after one day and up to another."""
    t = seen.table("transactions")
    t = t.filter(t.day > ibis.date(cut), t.day <= ibis.date(until))
    if kinds := settings.get("kinds"):
        t = t.filter(t.kind.isin(kinds))
    t = t.mutate(money=in_home(t, settings), bought=(t.amount >= 0).cast("int64"))
    rows = seen.run(t.group_by("customer").agg(money=t.money.sum(), purchases=t.bought.sum()))
    return {name: rows[name].to_numpy() for name in rows.column_names}


def drift(then: Ints, now: Ints) -> float:
    """The population stability index of the cells' sizes; half a customer in an empty one."""
    was = np.maximum(then, 0.5) / max(then.sum(), 1)
    are = np.maximum(now, 0.5) / max(now.sum(), 1)
    return round(float(((are - was) * np.log(are / was)).sum()), 4)
