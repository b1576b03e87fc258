"""The page that says how fresh the customer data are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dangol.core.access import needs
from dangol.customers.freshness import LINE, Rate, freshness_of
from dangol.customers.source_names import source_name

SPANS = {"30": 30, "90": 90, "365": 365}


def percent(value: float | None) -> str:
    """A share as people read it."""
    return "–" if value is None else f"{value * 100:.1f} %"


def told(label: Any, rate: Rate) -> dict[str, Any]:
    """One line of the page."""
    low, high = rate.bounds
    return {
        "label": label or _("unknown"),
        "rate": percent(rate.share),
        "bounds": f"{low * 100:.1f} – {high * 100:.1f} %",
        "wrong": rate.wrong,
        "checked": rate.checked,
        "verdict": rate.verdict,
    }


def chart(months: list[tuple[dt.date, Rate]]) -> dict[str, Any]:
    """Rate by month with its bounds and the line that it must stay under."""
    return {
        "kind": "line",
        "x": [date_format(month, "Y.m") for month, _rate in months],
        "digits": 1,
        "unit": "%",
        "series": [
            {
                "name": _("Rate of wrong data"),
                "role": "main",
                "data": [round((r.share or 0) * 100, 2) for _m, r in months],
            },
            {
                "name": _("Interval"),
                "role": "interval",
                "data": [[round(b * 100, 2) for b in r.bounds] for _m, r in months],
            },
            {"name": _("Limit"), "role": "goal", "data": [LINE * 100] * len(months)},
        ],
    }


@needs("customers.see")
def freshness(request: HttpRequest) -> HttpResponse:
    """The rate of wrong contact points by source, site and month, against the line of 3 %."""
    days = SPANS.get(request.GET.get("days", ""), 365)
    found = freshness_of(request.user, days, timezone.now(), 100)  # type: ignore[arg-type]
    context = {
        "days": str(days),
        "spans": [(d, _("%(n)s days") % {"n": d}, f"?days={d}") for d in SPANS],
        "all": told("", found.overall),
        "line": percent(LINE),
        "months": found.by_month,
        "chart": chart(found.by_month),
        "by_source": [told(source_name(key), rate) for key, rate in found.by_source],
        "by_site": [told(key, rate) for key, rate in found.by_site],
    }
    return render(request, "customers/freshness.html", context)
