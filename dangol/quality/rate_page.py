"""The page of the misinformation rate, with what it costs to correct a record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dangol.core.access import needs
from dangol.customers.freshness import LINE
from dangol.customers.models import ContactKind
from dangol.customers.source_names import source_name
from dangol.quality.queries import policy_in_use
from dangol.quality.tried.ages import NAMES
from dangol.quality.tried.cost import Cost, cost_of
from dangol.quality.tried.rates import Asked, Rates, place_asked_for, rates_of, whole_months
from dangol.quality.views import course, money
from dangol.quality.words import (
    kind_word,
    percent,
    tabs_for,
    told_rate,
    verdict_words,
    with_intervals,
)

SPANS = (3, 12, 24)
MOST_SITES = 25
SITES_A_PAGE = 100


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for; what it cannot mean is left out."""
    months = request.GET.get("months", "")
    span = whole_months(int(months) if months in map(str, SPANS) else 12, timezone.localdate())
    kind, source = request.GET.get("kind", ""), request.GET.get("source")
    return Asked(
        span.first, span.last, kind if kind in ContactKind.values else "",
        source[:40] if source is not None else None,
        place_asked_for(request.user, request.GET.get("site", "")),  # type: ignore[arg-type]
    )  # fmt: skip


@needs("quality.see")
def rates(request: HttpRequest) -> HttpResponse:
    """The share found wrong when tried, by source, site, month, age and kind, against the line."""
    asked, policy, user = asked_of(request), policy_in_use(), request.user
    skipped, most = sites_of(request)
    found = rates_of(user, asked, most + 1, skipped)  # type: ignore[arg-type]
    more_sites = len(found.by.get("place_id", [])) > most
    found.by["place_id"] = found.by.get("place_id", [])[:most]
    cost = cost_of(policy, found)
    months = request.GET.get("months", "12")
    narrowed = [
        (label, without(request, name))
        for name, label in (
            ("kind", kind_word(asked.kind) if asked.kind else ""),
            ("source", str(source_name(asked.source) or _("unknown")) if asked.source is not None else ""),
            ("site", str(asked.place) if asked.place else ""),
        )
        if label
    ]  # fmt: skip
    spans = [
        (str(n), ngettext("%(n)s month", "%(n)s months", n) % {"n": n}, without(request, "months", months=n))
        for n in SPANS
    ]  # fmt: skip
    context = {
        "tabs": tabs_for(user), "view": "rates", "spans": spans, "narrowed": narrowed,
        "months": months if months in map(str, SPANS) else "12", "line": percent(LINE, 0),
        "all": told_rate("", found.overall), "verdict": verdict_words(found.overall.verdict),
        "chart": course(found.by.get("month", []), []), "cost": told_cost(cost),
        "tables": tables_of(request, found), "wrong_url": wrong_url(request, asked),
        "more_sites": more_sites, **ways_to_sites(request, skipped, most),
        "csv_url": reverse("quality:rates_file") + without(request, "form", form="csv"),
        "xlsx_url": reverse("quality:rates_file") + without(request, "form", form="xlsx"),
    }  # fmt: skip
    return render(request, "quality/rates.html", context)


def sites_of(request: HttpRequest) -> tuple[int, int]:
    """How many sites are passed over and how many are shown: the first few, or a page of all."""
    start = request.GET.get("sites", "")
    if start == "all":
        return 0, SITES_A_PAGE
    if start.isdecimal() and len(start) < 7:
        return int(start), SITES_A_PAGE
    return 0, MOST_SITES


def ways_to_sites(request: HttpRequest, skipped: int, most: int) -> dict[str, Any]:
    """Where all sites are, and those before and after the ones that are shown."""
    return {
        "paged": most == SITES_A_PAGE, "all_sites": without(request, "sites", sites=0),
        "earlier_sites": without(request, "sites", sites=max(0, skipped - most)) if skipped else "",
        "later_sites": without(request, "sites", sites=skipped + most),
    }  # fmt: skip


def without(request: HttpRequest, name: str, **more: Any) -> str:
    """The address of the page without one of what it asks, or with another value of it."""
    query = {k: v for k, v in request.GET.items() if k in {"months", "kind", "source", "site"}}
    query.pop(name, None)
    return "?" + urlencode(query | more)


def tables_of(request: HttpRequest, found: Rates) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each way to break the rate down, with links that narrow the page."""
    by = found.by

    def narrow(name: str, value: Any) -> str:
        return without(request, name, **{name: value})

    sites = [
        told_rate(found.places.get(key), rate, narrow("site", found.places[key].code) if key in found.places else "")
        for key, rate in by.get("place_id", [])
    ]  # fmt: skip
    tables = [
        (_("By source"), [told_rate(source_name(k), r, narrow("source", k)) for k, r in by.get("source", [])]),
        (_("By kind"), [told_rate(kind_word(k), r, narrow("kind", k)) for k, r in by.get("kind", [])]),
        (_("By age of what was tried"), [told_rate(NAMES[k], r) for k, r in by.get("age", [])]),
        (_("By site"), sites),
    ]  # fmt: skip
    return [(title, with_intervals(rows)) for title, rows in tables]


def wrong_url(request: HttpRequest, asked: Asked) -> str:
    """The list of the very checks that found something wrong."""
    if not request.user.can("customers.see"):  # type: ignore[union-attr]
        return ""
    query: dict[str, Any] = {"at_from": asked.first.isoformat()}
    if asked.kind:
        query["kind"] = asked.kind
    if asked.source is not None:
        query["source"] = asked.source
    if asked.place:
        query["site"] = asked.place.code
    return reverse("quality:checks") + "?" + urlencode(query)


def told_cost(cost: Cost) -> dict[str, Any]:
    """What it costs, in words: every part of the sum."""
    seconds, policy = cost.seconds, cost.policy
    return {
        "one": money(cost.for_one_corrected, policy.currency),
        "whole": money(cost.whole, policy.currency),
        "minute": money(float(policy.minute_cost), policy.currency),
        "seconds": f"{seconds.value:.0f}", "measured": seconds.measured, "calls": seconds.calls,
        "low": f"{seconds.low:.0f}" if seconds.low is not None else "",
        "high": f"{seconds.high:.0f}" if seconds.high is not None else "",
        "tried": cost.rate.checked, "wrong": cost.rate.wrong, "corrected": cost.corrected,
    }  # fmt: skip
