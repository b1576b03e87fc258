"""The tables of the rates and of the measures as files, in the person's scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from dangol.core.access import needs
from dangol.customers.source_names import source_name
from dangol.places.models import Place
from dangol.places.scope import scoped
from dangol.quality.measures.fields import FIELDS, MEASURES
from dangol.quality.measures.reading import COUNTS, Counts, last_day, sees_all, tells
from dangol.quality.models import Measure
from dangol.quality.rate_page import asked_of
from dangol.quality.tried.ages import NAMES
from dangol.quality.tried.rates import Rates, rates_of
from dangol.quality.words import kind_word, short_verdict
from dangol.ui.lists.tables import table_file

EVERY_SITE = 100_000
PIECE = 2000
Row = list[Any]


@needs("quality.see")
def rates_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every table of the page of rates, as narrowed there, with each site."""
    found = rates_of(request.user, asked_of(request), EVERY_SITE)  # type: ignore[arg-type]
    head = [
        _("Broken down by"), _("Value"), _("Tried"), _("Wrong or moved"), _("Rate, %"),
        _("95% from"), _("95% to"), _("Verdict"),
    ]  # fmt: skip
    form = request.GET.get("form", "")
    return table_file(request, "misinformation", form, head, rate_rows(found))


def rate_rows(found: Rates) -> Iterator[Row]:
    """The whole first, then each way to break it down."""
    yield rate_row(_("All"), "", found.overall)
    names = {
        "month": (_("Month"), lambda key: key.strftime("%Y-%m")),
        "source": (_("Source"), lambda key: str(source_name(key) or _("unknown"))),
        "kind": (_("Kind"), kind_word),
        "age": (_("Age of what was tried"), lambda key: str(NAMES[key])),
        "place_id": (_("Site"), lambda key: str(found.places.get(key) or _("unknown"))),
    }
    for by, (title, told) in names.items():
        for key, rate in found.by.get(by, []):
            yield rate_row(title, told(key), rate)


def rate_row(title: str, value: str, rate: Any) -> Row:
    """One line: counts as they are, shares in per cent."""
    low, high = rate.bounds
    return [
        title, value, rate.checked, rate.wrong, in_percent(rate.share), in_percent(low),
        in_percent(high), short_verdict(rate.verdict),
    ]  # fmt: skip


def in_percent(share: float | None) -> float | None:
    """A share as a spreadsheet calculates with it, in per cent."""
    return None if share is None else round(share * 100, 3)


@needs("quality.see")
def measures_file(request: HttpRequest) -> StreamingHttpResponse:
    """Each field of each source as it was measured last: of the company, then of each site."""
    words = [label for label, _fault, _meaning in MEASURES.values()]
    head = [
        _("Day"), _("Site"), _("Source"), _("Field"), _("Records"), _("Filled"), _("Valid"),
        _("Twice in the source"), _("Fresh"), _("Comparable"), _("Agreeing"),
        *(f"{word}, %" for word in words),
    ]  # fmt: skip
    form = request.GET.get("form", "")
    return table_file(request, "measures", form, head, measure_rows(request.user))


def measure_rows(user: Any) -> Iterator[Row]:
    """The rows of the last day in the scope, some thousand at a time."""
    day = last_day()
    if day is None:
        return
    sites = scoped(
        Measure.objects.filter(day=day).exclude(place=None), user, "quality.see", "place"
    )
    names = {p.pk: str(p) for p in Place.objects.filter(pk__in=sites.values("place"))}
    company = Measure.objects.filter(day=day, place=None)
    for rows in ([company] if sees_all(user) else []) + [sites]:
        after = 0
        while some := list(rows.filter(pk__gt=after).order_by("pk")[:PIECE]):
            for row in some:
                yield measure_row(row, names)
            after = some[-1].pk


def measure_row(row: Measure, names: dict[Any, str]) -> Row:
    """One field of one source: its counts, and the five measures in per cent."""
    counts = Counts(*(getattr(row, name) for name in COUNTS))
    return [
        row.day.isoformat(), names.get(row.place_id, _("Company")),
        str(source_name(row.source) or _("unknown")), str(FIELDS[row.field]),
        *(getattr(counts, name) for name in COUNTS),
        *(in_percent(counts.share(m)) if tells(m, row.field) else None for m in MEASURES),
    ]  # fmt: skip
