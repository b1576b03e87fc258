"""Data quality: how much of what was checked was wrong."""

from __future__ import annotations

import ibis
from django.utils.translation import gettext_lazy as _

from dangol.cubes.subjects import dimensions as by
from dangol.cubes.subjects.catalogue import (
    Additivity,
    Aggregate,
    Dimension,
    Kind,
    Measure,
    Merge,
    Part,
    Source,
    Subject,
    register,
)
from dangol.cubes.subjects.figures import as_is, share
from dangol.customers.source_names import SOURCES

KEYS = ("day", "place", "source", "kind", "by")


CHECKS = Source(
    "checks", "checks", lambda t: t.mutate(place=t.home_place), KEYS,
    {
        "checked": Part(lambda t: ibis.literal(1, "int64")),
        "wrong": Part(lambda t: t.outcome.isin(["wrong", "moved"]).cast("int64")),
        "people": Part(lambda t: t.customer, Merge.DISTINCT),
    },
    (Aggregate("by_day", KEYS), Aggregate("by_month", ("month", "place", "source", "kind"))), record="customer",
)  # fmt: skip

register(Subject(
    name="quality", label=_("Data quality"),
    meaning=_("What conversations found out about phone numbers and addresses."),
    grain=_("One check of a contact point"), sources=(CHECKS,),
    dimensions=(
        *by.times(), *by.places(),
        Dimension("source", _("Source"), "source", words=lambda: SOURCES), by.contact_kind(),
        Dimension("by", _("Checked by"), "by", Kind.REF, table="staff"),
    ),
    measures=(
        Measure("checked", _("Checks"), _("Contact points that somebody tried."), ("checked",), as_is, _("number of checks")),
        Measure("wrong", _("Wrong or moved"), _("Checks that met a wrong or an old value."), ("wrong",), as_is, _("number of checks"), better="down"),
        Measure("misinformation_rate", _("Misinformation rate"), _("Held at 3% or less."),
                ("wrong", "checked"), share, _("wrong or moved ÷ checks × 100"), "%", 2, Additivity.RATIO, "down"),
        Measure("people_checked", _("Customers"), _("Different customers whose data were checked."), ("people",), as_is, _("number of different customers"), additivity=Additivity.DISTINCT),
    ),
    default={"rows": ("source",), "columns": (), "measures": ("misinformation_rate", "wrong", "checked")},
    path=("source", "region", "site", "contact_kind", "month"),
    records="customers.Customer",
))  # fmt: skip
