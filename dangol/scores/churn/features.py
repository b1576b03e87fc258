"""What is known of a customer at the end of a day; nothing that came later is ever looked at.

Every table is cut at the day before anything else is done with it, and attributes that change with
time (a tier, a home site) are no features: their present value may say what happened since. Own
attributes are the exception that the settings may make (`own.py`), and the page says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from dangol.scores.arrays import Floats, Ints
from dangol.scores.purchases import in_home
from dangol.warehouse.engine import Lake

ACTIVE = 1095
"""Days within which a customer must have bought to be asked about at all."""
PRODUCTS = 40
SPANS = (90, 180, 365)


@dataclass(frozen=True)
class Known:
    """Customers and their features at one cut, in the order of their numbers."""

    number: Ints
    values: Floats
    """customers × features; nan is unknown."""
    names: list[str]


def day_table(t: ir.Table, until: dt.date, day: str = "day") -> ir.Table:
    """The rows up to the end of a day, with how many days before it they were."""
    end = ibis.date(until)
    return t.filter(t[day] <= end).mutate(ago=end.delta(t[day], unit="day"))


def bought(seen: Lake, settings: dict[str, Any], until: dt.date) -> ir.Table:
    """Purchases by customer up to a day."""
    t = day_table(seen.table("transactions"), until)
    if kinds := settings.get("kinds"):
        t = t.filter(t.kind.isin(kinds))
    t = t.mutate(money=in_home(t, settings), buys=t.amount >= 0)
    days = t.group_by(["customer", "ago"]).agg(
        money=t.money.sum(), buys=t.buys.cast("int64").sum(), refunds=(~t.buys).cast("int64").sum()
    )
    came = days.buys > 0
    recent = {f"last_{span}": (came & (days.ago < span)).cast("int64").sum() for span in SPANS}
    return days.group_by("customer").agg(
        recency=days.ago.min(where=came), tenure=days.ago.max(where=came),
        often=came.cast("int64").sum(), money=days.money.sum(), refunds=days.refunds.sum(), **recent,
    )  # fmt: skip


def voices(seen: Lake, until: dt.date) -> ir.Table:
    """Their own index: how often, the last, the lowest, up to a day."""
    t = day_table(seen.table("answers"), until)
    t = t.filter(t.question == "", t.counts, t.score.notnull())
    return t.group_by("customer").agg(
        answers=t.count(), last_index=t.score.argmin(t.ago) / 1000, lowest_index=t.score.min() / 1000,
        asked_ago=t.ago.min(),
    )  # fmt: skip


def troubles(seen: Lake, until: dt.date) -> ir.Table:
    """Cases opened up to a day."""
    t = seen.table("cases")
    t = day_table(t.mutate(day=t.opened_at.cast("date")), until)
    return t.group_by("customer").agg(cases=t.count(), case_ago=t.ago.min())


def owned(seen: Lake, until: dt.date, products: list[int]) -> ir.Table | None:
    """Which of the commonest products they bought up to a day."""
    if not products:
        return None
    t = seen.table("lines")
    t = t.mutate(day=t.at.cast("date")).filter(lambda t: t.day <= ibis.date(until), t.amount >= 0)
    had = {f"product_{p}": (t["product"] == p).cast("int64").max() for p in products}
    return t.group_by("customer").agg(**had)


def common_products(seen: Lake, until: dt.date) -> list[int]:
    """The products of most customers up to a day, where there are several."""
    t = seen.table("lines")
    t = t.filter(t.at.cast("date") <= ibis.date(until))
    found = t.group_by("product").agg(n=t.customer.nunique())
    rows = seen.run(found.order_by(ibis.desc("n"), "product").limit(PRODUCTS)).to_pylist()
    return [r["product"] for r in rows if r["product"] is not None] if len(rows) > 1 else []


def features(seen: Lake, settings: dict[str, Any], until: dt.date, products: list[int]) -> Known:
    """The features of every customer who bought in the three years before the end of a day."""
    whole = bought(seen, settings, until)
    whole = whole.filter(whole.recency < ACTIVE)
    born = seen.table("customers").select("id", "birth_band")
    for more in (voices(seen, until), troubles(seen, until), owned(seen, until, products)):
        if more is not None:
            whole = whole.left_join(more, "customer").drop("customer_right")
    whole = whole.left_join(born, whole.customer == born.id).drop("id")
    rows = seen.run(whole.order_by("customer"))
    names = [n for n in rows.column_names if n != "customer"]
    columns = {n: rows[n].cast("float64").to_numpy(zero_copy_only=False) for n in names}
    counts = ("answers", "cases", *(n for n in names if n.startswith("product_")))
    for name in counts:
        columns[name] = np.nan_to_num(columns[name])
    gap = np.divide(
        columns["tenure"] - columns["recency"], columns["often"] - 1,
        out=np.full(len(rows), np.nan), where=columns["often"] > 1,
    )  # fmt: skip
    columns["gap"] = gap
    columns["overdue"] = np.divide(
        columns["recency"], gap, out=np.full(len(rows), np.nan), where=gap > 0
    )
    columns["each"] = columns["money"] / np.maximum(columns["often"], 1)
    matrix = np.column_stack(list(columns.values())) if len(rows) else np.empty((0, len(columns)))
    return Known(rows["customer"].to_numpy().astype(np.int64), matrix, list(columns))


def stayed_away(
    seen: Lake, settings: dict[str, Any], numbers: Ints, since: dt.date, until: dt.date
) -> npt.NDArray[np.bool_]:
    """Whether each customer bought nothing after one day and up to another."""
    t = seen.table("transactions")
    t = t.filter(t.day > ibis.date(since), t.day <= ibis.date(until), t.amount >= 0)
    if kinds := settings.get("kinds"):
        t = t.filter(t.kind.isin(kinds))
    came = seen.run(t.select("customer").distinct())["customer"].to_numpy()
    return ~np.isin(numbers, came)
