"""Repurchase: how many sales go to those who bought before, and after how long."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from dangol.cubes.subjects import dimensions as by
from dangol.cubes.subjects.catalogue import (
    Additivity,
    Aggregate,
    Dimension,
    Measure,
    Merge,
    Part,
    Source,
    Subject,
    register,
)
from dangol.cubes.subjects.figures import as_is, ratio, share

KEYS = ("day", "place", "source", "turn")
MANY = 5


def sales(t: ir.Table) -> ir.Table:
    """Sales (refunds are none) with their turn in the customer's history and the days since the last."""
    kept = t.filter(t.kind == "sale", t.amount.fill_null(0) >= 0)
    history = ibis.window(group_by=kept.customer, order_by=[kept.at, kept.id])
    turn = ibis.row_number().over(history)
    gap = (kept.at.epoch_seconds() - kept.at.lag().over(history).epoch_seconds()) // 86400
    ranked = kept.mutate(number=turn, gap=gap.cast("int64"))
    word = ibis.ifelse(ranked.number + 1 >= MANY, MANY, ranked.number + 1).cast("string")
    return ranked.mutate(turn=word)


def turns() -> dict[str, object]:
    """First, second … sale of the customer."""
    named = {str(n): _("%(n)s. sale") % {"n": n} for n in range(1, MANY)}
    return named | {str(MANY): _("%(n)s. sale and later") % {"n": MANY}}


SALES = Source(
    "sales", "transactions", sales, KEYS,
    {
        "sales": Part(lambda t: ibis.literal(1, "int64")),
        "again": Part(lambda t: (t.number > 0).cast("int64")),
        "gaps": Part(lambda t: t.gap.fill_null(0)),
        "median_gap": Part(lambda t: t.gap, Merge.MEDIAN),
        "regulars": Part(lambda t: ibis.ifelse(t.number > 0, t.customer, ibis.null("int64")), Merge.DISTINCT),
    },
    (Aggregate("by_day", KEYS), Aggregate("by_month", ("month", "place", "source", "turn"))),
    history="customer",
)  # fmt: skip

register(Subject(
    name="repurchase", label=_("Repurchase"),
    meaning=_("Who comes back to buy: each sale by its turn in the customer's history."),
    grain=_("One sale"), sources=(SALES,),
    dimensions=(
        *by.times(), *by.places(), Dimension("turn", _("Turn"), "turn", words=turns),
        Dimension("source", _("Source"), "source"),
    ),
    measures=(
        Measure("sales", _("Sales counted"), _("Sales of any turn."), ("sales",), as_is, _("number of sales"), better="up"),
        Measure("again", _("Repurchases"), _("Sales to customers who had bought before, anywhere in the company."), ("again",), as_is, _("number of second and later sales"), better="up"),
        Measure("repurchase_share", _("Repurchase share"), _("Of all sales, those to customers who had bought before."),
                ("again", "sales"), share, _("repurchases ÷ sales × 100"), "%", 1, Additivity.RATIO, "up"),
        Measure("gap_mean", _("Days between purchases"), _("From the sale before, of repurchases."), ("gaps", "again"), ratio, _("days ÷ repurchases"), _("days"), 0, Additivity.RATIO, "down"),
        Measure("gap_median", _("Median days between purchases"), _("Half came back sooner."), ("median_gap",), lambda v: None if v is None else float(v), _("days since the sale before"), _("days"), 0, Additivity.QUANTILE, "down"),
        Measure("regulars", _("Customers who came back"), _("Different customers."), ("regulars",), as_is, _("number of different customers"), additivity=Additivity.DISTINCT, better="up"),
    ),
    default={"rows": ("region",), "columns": (), "measures": ("sales", "again", "repurchase_share", "gap_median")},
    path=("region", "site", "turn", "month"),
    records="purchases.Transaction",
))  # fmt: skip
