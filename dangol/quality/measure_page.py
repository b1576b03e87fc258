"""The page of completeness, validity, uniqueness, freshness and consistency."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dangol.core.access import needs
from dangol.customers.source_names import source_name
from dangol.quality.measures.fields import FIELDS, MEASURES
from dangol.quality.measures.reading import (
    Counts,
    by_site,
    by_source,
    history,
    last_day,
    sees_all,
    tells,
)
from dangol.quality.views import look_context, shade
from dangol.quality.words import percent, rounded, tabs_for

HISTORY_DAYS = 90
MOST_LINES = 6
MOST_SITES = 25
ALL_SITES = 2000


@needs("quality.see")
def measures(request: HttpRequest) -> HttpResponse:
    """One measure: each field of each source, each leads to the very records; sites; its course."""
    user, day = request.user, last_day()
    measure = request.GET.get("measure", "")
    measure = measure if measure in MEASURES else "complete"
    field = request.GET.get("field", "")
    sources = by_source(user, day) if day else {}  # type: ignore[arg-type]
    if field not in FIELDS or not tells(measure, field):
        field = worst_field(sources, measure)
    label, fault, meaning = MEASURES[measure]
    most = ALL_SITES if request.GET.get("sites") == "all" else MOST_SITES
    context: dict[str, Any] = {
        "tabs": tabs_for(user), "view": "measures", "day": day, "measure": measure, "field": field,
        "label": label, "meaning": meaning, "whole": sees_all(user),  # type: ignore[arg-type]
        "choices": [(m, words[0], f"?measure={m}&field={field}") for m, words in MEASURES.items()],
        "fields": [(f, word, f"?measure={measure}&field={f}") for f, word in FIELDS.items() if tells(measure, f)],
        "field_name": FIELDS[field],
        **look_context(user), "all_fields": [(f, word, "") for f, word in FIELDS.items()],
    }  # fmt: skip
    if day:
        may_list = user.can("customers.see")  # type: ignore[union-attr]
        context["rows"] = [
            {
                "name": source_name(source) or _("unknown"), "records": fields["name"].records,
                "cells": [cell(source, f, fields.get(f), measure, fault, may_list) for f in FIELDS],
            }
            for source, fields in sources.items()
        ]  # fmt: skip
        context["sites"] = [
            (place, percent(counts.share(measure)), counts.faults(measure), counts.records)
            for place, counts in by_site(user, day, field, measure, most)  # type: ignore[arg-type]
        ]
        context["more_sites"] = len(context["sites"]) >= most
        context["chart"] = course(measure, field) if context["whole"] else None
    return render(request, "quality/measures.html", context)


def worst_field(sources: dict[str, dict[str, Counts]], measure: str) -> str:
    """The field that lacks the most records."""

    def lacking(field: str) -> int:
        return sum(f[field].faults(measure) for f in sources.values() if field in f)

    return max((f for f in FIELDS if tells(measure, f)), key=lacking)


def cell(
    source: str, field: str, counts: Any, measure: str, fault: str, may_list: bool
) -> dict[str, Any]:
    """One field of one source, with the way to its records; a dash for what its records cannot have."""
    if counts is None or not tells(measure, field):
        share = percent(None) if tells(measure, field) else ""
        return {"share": share, "shade": "", "url": "", "faults": 0}
    share, faults = counts.share(measure), counts.faults(measure)
    query = urlencode({"source": source, "field": field, "fault": fault})
    return {
        "share": percent(share), "shade": shade(share), "faults": faults,
        "url": f"{reverse('quality:records')}?{query}" if faults and may_list else "",
    }  # fmt: skip


def course(measure: str, field: str) -> dict[str, Any] | None:
    """The share of the largest sources, day by day; None before a second day."""
    lines = history(field, measure, HISTORY_DAYS, timezone.localdate())
    seen = {day for line in lines.values() for day, _share in line}
    if len(seen) < 2:
        return None
    # days without a look stand there too: a gap must be seen as one
    spanned = (max(seen) - min(seen)).days
    days = [min(seen) + dt.timedelta(days=n) for n in range(spanned + 1)]
    most = sorted(lines.items(), key=lambda pair: -len(pair[1]))[:MOST_LINES]
    return {
        "kind": "line", "x": [date_format(day, "MONTH_DAY_FORMAT") for day in days], "digits": 1, "unit": "%",
        "series": [
            {
                "name": str(source_name(source) or _("unknown")),
                "data": [rounded(dict(line).get(day)) for day in days],
            }
            for source, line in most
        ],
    }  # fmt: skip
