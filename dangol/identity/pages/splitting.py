"""Splitting a customer by hand, and taking splits back."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.models import User
from dangol.customers.models import Customer, SourceRecord
from dangol.customers.queries import customers_by_ids
from dangol.customers.source_names import source_name
from dangol.identity.golden.told import records_of
from dangol.identity.golden.written import places_of
from dangol.identity.merging.halves import halves
from dangol.identity.merging.parting import parting_of
from dangol.identity.merging.preview import moved_by, moves_of
from dangol.identity.merging.splitting import in_the_way, split_records, undo_split
from dangol.identity.models import Split
from dangol.identity.pages.panels import the_customer
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.pages.undoing import undone
from dangol.identity.stewarding.namesakes import name_splits
from dangol.identity.stewarding.pair import raw_of
from dangol.identity.stewarding.queries import splits_visible_to
from dangol.ui.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    record_url,
)
from dangol.ui.templatetags.ui import badge


@needs("matching.decide")
def split_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose the records that are somebody else's, see what goes along, and confirm."""
    user: User = request.user  # type: ignore[assignment]
    customer = the_customer(request, pk, "matching.decide")
    sent = request.POST if request.method == "POST" else request.GET
    chosen = [int(k) for k in sent.getlist("record") if k.isdecimal() and len(k) < 19][:500]
    refusal = ""
    if request.method == "POST" and request.POST.get("sure"):
        try:
            split = split_as_shown(customer, chosen, request.POST.get("shown", ""), by=user)
            return redirect("matching:split", split.pk)
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
            customer = the_customer(request, pk, "matching.decide")
    record_access(request, "split", [customer.pk])
    records = records_of(customer.pk)
    places = places_of(records)
    parting = parting_of(customer.pk, chosen, records)
    context = {
        "customer": customer, "rows": rows_of(records, chosen, places), "parting": parting,
        "lines": halves(customer, parting, places), "moves": moves_of(parting) if parting.going else [],
        "refusal": refusal, "shown": shown_as(records, chosen), "tabs": tabs_for(user),
    }  # fmt: skip
    part = "#shown" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"identity/split_new.html{part}", context)


def shown_as(records: list[SourceRecord], chosen: list[int]) -> str:
    """What a preview is about: the records that go, and those that stay."""
    sides = (sorted(r.pk for r in records if (r.pk in chosen) is goes) for goes in (True, False))
    return "/".join(",".join(map(str, side)) for side in sides)


def split_as_shown(customer: Customer, chosen: list[int], shown: str, *, by: User) -> Split:
    """Split these records off, if this is the split that the person was shown."""
    now = shown_as(records_of(customer.pk), chosen)
    if shown != now and not now.startswith("/") and not now.endswith("/"):
        raise ValidationError(
            _("What is chosen now is not what was shown. Look at what would happen, then split.")
        )
    return split_records(customer, chosen, by=by)


def rows_of(
    records: list[SourceRecord], chosen: list[int], places: dict[str, str]
) -> list[dict[str, Any]]:
    """The records to choose from."""
    return [
        {
            "record": r,
            "source": source_name(r.source),
            "raw": raw_of(r, places),
            "on": r.pk in chosen,
        }
        for r in records
    ]


def state_of(split: Split) -> str:
    """Whether a split stands."""
    return _("undone") if split.undone_at else _("stands")


class SplitList(ListPage):
    """Every split, the latest first."""

    key = "splits"
    title = gettext_lazy("Splits")
    ability = "matching.see"
    columns = [
        Column("name", gettext_lazy("Split off"), value=lambda s: s.went, main=True),
        Column("customer", gettext_lazy("Split off from"), value=lambda s: s.stayed, cell=lambda s: format_html("← {}", s.stayed)),
        Column("records", gettext_lazy("Records"), value=lambda s: len(s.records), number=True),
        Column("state", gettext_lazy("State"), value=state_of, cell=lambda s: badge(state_of(s), "" if s.undone_at else "good", bare=True)),
        Column("by", gettext_lazy("Decided by"), value=lambda s: str(s.by or ""), dim=True),
        Column("created_at", gettext_lazy("When"), sortable=True, dim=True),
        Column("undone_at", gettext_lazy("Undone"), dim=True, shown=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "state", gettext_lazy("State"),
            [("stands", gettext_lazy("stands")), ("undone", gettext_lazy("undone"))],
            apply=lambda rows, values: rows.filter(undone_at__isnull="stands" in values)
            if len(values) == 1 else rows,
        ),
        DateRangeFilter("created_at", gettext_lazy("When")),
    ]  # fmt: skip
    search = ("name",)
    actions = [
        BulkAction(
            gettext_lazy("Undo"),
            "matching:splits_undoing",
            "undo-2",
            "matching.decide",
            question=gettext_lazy(
                "Undo the chosen splits ({n})? Their records go back to the customers from whom they were taken."
            ),
        )  # fmt: skip
    ]
    empty_title = gettext_lazy("Nobody was split yet")
    empty_text = gettext_lazy("Records that turned out to be somebody else's stand here, and can be given back at any time.")  # fmt: skip
    page_template = "identity/splits.html"

    def rows(self, request: HttpRequest) -> QuerySet[Split]:
        return splits_visible_to(request.user).select_related("by")  # type: ignore[arg-type]

    def completed(self, rows: list[Any]) -> None:
        name_splits(rows)

    def row_url(self, row: Model) -> str:
        return record_url("matching:split", row.pk)

    def shown(self, request: HttpRequest, rows: list[Any]) -> None:
        record_access(request, "splits", [split.customer_key for split in rows])

    def extra(self, request: HttpRequest) -> dict[str, Any]:
        return {"tabs": tabs_for(request.user)}  # type: ignore[arg-type]


@require_POST
@needs("matching.decide")
def splits_undoing(request: HttpRequest) -> HttpResponse:
    """Give the records of the chosen splits back, the latest first."""
    mine = splits_visible_to(request.user, "matching.decide")  # type: ignore[arg-type]
    chosen = SplitList.chosen(request).filter(undone_at=None, pk__in=mine.values("pk"))
    rows = list(chosen.order_by("-created_at", "-pk")[:200])
    return undone(request, rows, lambda one: undo_split(one, by=request.user), "splits")  # type: ignore[arg-type]


def the_split(request: HttpRequest, pk: uuid.UUID, ability: str = "matching.see") -> Split:
    """A split of a customer that this person may see, or 404."""
    rows = splits_visible_to(request.user, ability)  # type: ignore[arg-type]
    return get_object_or_404(rows.select_related("by", "undone_by"), pk=pk)


@needs("matching.see")
def split(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One split: who came of it, and the way back."""
    return _split_page(request, the_split(request, pk))


def _split_page(request: HttpRequest, found: Split, refusal: str = "") -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    both = customers_by_ids(user, [found.customer_key, found.new_key])
    old, new = both.get(found.customer_key), both.get(found.new_key)
    record_access(request, "split", [found.customer_key, found.new_key])
    name_splits([found])
    records = SourceRecord.objects.filter(pk__in=found.records).order_by("pk")[:20]
    context = {
        "records": [(source_name(r.source), r.key) for r in records],
        "split": found, "old": old, "new": new,
        "moved": moved_by(found), "refusal": refusal, "tabs": tabs_for(user),
        "in_the_way": [] if found.undone_at else list(in_the_way(found)[:5]),
        "may_decide": user.can("matching.decide"),
    }  # fmt: skip
    return render(request, "identity/split.html", context)


@require_POST
@needs("matching.decide")
def split_undoing(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the records back."""
    found = the_split(request, pk, "matching.decide")
    try:
        undo_split(found, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        return _split_page(request, found, " ".join(refusal.messages))
    return redirect("matching:split", found.pk)
