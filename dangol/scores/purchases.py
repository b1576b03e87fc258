"""Purchases as the scores read them: one row for each customer and day, in one currency.

A purchase is a transaction whose amount is not below zero; several on one day count once. Refunds
lower the money of their day and are no purchase. Amounts are turned into the company's currency at
the rates of the settings; a currency without a rate counts as a purchase but carries no money, and
is named in the summary. What lies after the lake's own moment is a wrong clock and is left out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from dangol.scores.recipes import Lack, TooLittle
from dangol.warehouse.engine import Lake

HOME = "KRW"


def rates_of(settings: dict[str, Any]) -> dict[str, Decimal]:
    """What one unit of each currency is in the company's."""
    given = {c: Decimal(str(r)) for c, r in settings.get("rates", {}).items()}
    return {settings.get("currency", HOME): Decimal(1)} | given


def home_of(seen: Lake, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the company's currency: the one that was set, or the one of most transactions."""
    if settings.get("currency"):
        return settings
    found = currencies(seen)
    return settings | {"currency": max(found, key=lambda c: found[c])} if found else settings


def currencies(seen: Lake) -> dict[str, int]:
    """How many transactions each currency has."""
    t = seen.table("transactions")
    rows = seen.run(t.group_by("currency").agg(n=t.count())).to_pylist()
    return {row["currency"]: row["n"] for row in rows}


def without_rate(seen: Lake, settings: dict[str, Any]) -> dict[str, int]:
    """Currencies that carry no money because nobody said their rate, with their transactions."""
    known = rates_of(settings)
    return {c: n for c, n in currencies(seen).items() if c not in known}


def in_home(t: ir.Table, settings: dict[str, Any]) -> ir.Value:
    """The amount in the company's currency; 0 without a rate."""
    pairs = [
        (t.currency == currency, t.amount.cast("float64") * float(rate))
        for currency, rate in sorted(rates_of(settings).items())
    ]
    return ibis.cases(*pairs, else_=0.0)


def last_day(seen: Lake) -> dt.date:
    """The last day that the lake knows something of, by its own clock: scores hold as of this day.

    Never the day of the run: a company that stopped importing would look as if all had left.
    """
    limit = seen.manifest.read_at.date() + dt.timedelta(days=1)
    t = seen.table("transactions")
    found = seen.run(t.filter(t.day <= ibis.date(limit)).day.max())[0][0].as_py()
    if found is None:
        raise TooLittle(Lack.PURCHASES)
    return found


def purchase_days(
    seen: Lake, settings: dict[str, Any], until: dt.date, since: dt.date | None = None
) -> ir.Table:
    """customer, day, money, purchases: one row for each customer and day up to `until`."""
    t = seen.table("transactions").filter(lambda t: t.day <= ibis.date(until))
    if since is not None:
        t = t.filter(t.day >= ibis.date(since))
    if kinds := settings.get("kinds"):
        t = t.filter(t.kind.isin(kinds))
    t = t.mutate(money=in_home(t, settings), bought=(t.amount >= 0).cast("int64"))
    return t.group_by(["customer", "day"]).agg(money=t.money.sum(), purchases=t.bought.sum())


@dataclass(frozen=True)
class Customers:
    """Each customer who ever bought, in the order of their numbers."""

    number: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    """Days with a purchase."""
    money: npt.NDArray[np.float64]
    first: npt.NDArray[np.int64]
    """Days before `until` of the first purchase."""
    last: npt.NDArray[np.int64]
    """Days before `until` of the last purchase."""
    first_money: npt.NDArray[np.float64]
    """Money of the first day."""


def customers_of(
    seen: Lake, settings: dict[str, Any], until: dt.date, since: dt.date | None = None
) -> Customers:
    """One row for each customer with a purchase up to `until`."""
    days = purchase_days(seen, settings, until, since)
    bought = days.purchases > 0
    whole = days.group_by("customer").agg(
        days=bought.cast("int64").sum(), money=days.money.sum(),
        first=days.day.min(where=bought), last=days.day.max(where=bought),
        first_money=days.money.argmin(days.day),
    )  # fmt: skip
    rows = seen.run(whole.filter(whole.days > 0).order_by("customer"))
    end = np.datetime64(until)

    def ago(name: str) -> npt.NDArray[np.int64]:
        return (end - rows[name].to_numpy().astype("datetime64[D]")).astype(np.int64)

    return Customers(
        rows["customer"].to_numpy().astype(np.int64), rows["days"].to_numpy().astype(np.int64),
        rows["money"].to_numpy().astype(np.float64), ago("first"), ago("last"),
        rows["first_money"].to_numpy().astype(np.float64),
    )  # fmt: skip
