"""Sales: how many, how much in each currency, what and to how many customers."""

from __future__ import annotations

import ibis
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
from dangol.cubes.subjects.figures import as_is, ratio

KEYS = ("day", "place", "kind", "currency", "source")
LINE_KEYS = ("day", "place", "kind", "currency", "product")

TRANSACTIONS = Source(
    "transactions", "transactions", lambda t: t, KEYS,
    {
        "transactions": Part(lambda t: ibis.literal(1, "int64")),
        "amount": Part(lambda t: t.amount.fill_null(0)),
        "refunds": Part(lambda t: (t.amount < 0).fill_null(False).cast("int64")),
        "buyers": Part(lambda t: t.customer, Merge.DISTINCT),
    },
    (Aggregate("by_day", KEYS), Aggregate("by_month", ("month", "place", "kind", "currency", "source"))),
)  # fmt: skip
LINES = Source(
    "lines", "lines", lambda t: t, LINE_KEYS,
    {
        "units": Part(lambda t: (t.quantity * 1000).round().cast("int64")),
        "sold_for": Part(lambda t: t.amount.fill_null(0)),
    },
    (Aggregate("by_day", LINE_KEYS), Aggregate("by_month", ("month", "place", "kind", "currency", "product"))),
    record="transaction",
)  # fmt: skip

register(Subject(
    name="sales", label=_("Sales"), meaning=_("Sales and service visits, refunds taken off."),
    grain=_("One sale or service visit; by product one line of it"),
    sources=(TRANSACTIONS, LINES),
    dimensions=(
        *by.times(), *by.places(), *by.products(), by.transaction_kind(),
        Dimension("currency", _("Currency"), "currency"),
        Dimension("source", _("Source"), "source"),
    ),
    measures=(
        Measure("transactions", _("Transactions"), _("Sales and visits, refunds too."), ("transactions",), as_is, _("number of transactions"), better="up"),
        Measure("amount", _("Amount"), _("In one currency; of several nothing is added up."), ("amount",), as_is, _("sum of amounts, refunds below nought"), better="up", money=True),
        Measure("average", _("Average amount"), _("In one currency."), ("amount", "transactions"), ratio, _("amount ÷ transactions"), "", 0, Additivity.RATIO, "up", money=True),
        Measure("refunds", _("Refunds"), _("Transactions below nought."), ("refunds",), as_is, _("number of transactions"), better="down"),
        Measure("buyers", _("Customers"), _("Different customers."), ("buyers",), as_is, _("number of different customers"), additivity=Additivity.DISTINCT, better="up"),
        Measure("units", _("Units"), _("Quantities of the lines."), ("units",), lambda v: (v or 0) / 1000, _("sum of quantities"), better="up"),
        Measure("product_amount", _("Amount of lines"), _("By product; in one currency."), ("sold_for",), as_is, _("sum of the lines' amounts"), better="up", money=True),
    ),
    default={"rows": ("region",), "columns": ("kind",), "measures": ("transactions", "amount")},
    path=("region", "site", "kind", "month"),
    records="purchases.Transaction",
))  # fmt: skip
