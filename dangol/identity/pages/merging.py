"""Merging two customers by hand, and taking merges back."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.core.models import User
from dangol.customers.choosing import CustomerField, written
from dangol.customers.models import Customer, SourceRecord
from dangol.customers.queries import customer_by_id, present_id
from dangol.customers.source_names import source_name
from dangol.identity.golden.told import records_of, whole_record
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.both import in_both
from dangol.identity.merging.history import done_by
from dangol.identity.merging.outcome import outcome
from dangol.identity.merging.preview import given_back_by, merge_moves, moved_by
from dangol.identity.merging.rewinding import parted_since
from dangol.identity.models import Merge
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.pages.undoing import undone
from dangol.identity.stewarding.namesakes import name_merges
from dangol.identity.stewarding.queries import merges_visible_to
from dangol.identity.stewarding.sayings import said_between
from dangol.ui.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    record_url,
)
from dangol.ui.lists.page import as_uuid
from dangol.ui.templatetags.ui import badge

MOST_UNDONE = 200
"""So many are taken back by one press."""


class TwoCustomersForm(forms.Form):
    """The two customers who are one."""

    a = CustomerField(label=gettext_lazy("Customer who stays"))
    b = CustomerField(label=gettext_lazy("Customer who is taken in"))

    def __init__(
        self, user: User, chosen: list[Customer | None], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field, other in zip(self.fields.values(), reversed(chosen), strict=True):
            field.within(user, other)  # type: ignore[attr-defined]
        wanted = next((n for n in self.fields if not self.initial.get(n)), "a")
        self.fields[wanted].widget.attrs["autofocus"] = True


def with_survivor(rows: QuerySet, value: str) -> QuerySet:
    """Merges that a certain customer holds now."""
    key = as_uuid(value)
    return rows.filter(survivor=present_id(key)) if key else rows.none()


def state_of(merge: Merge) -> str:
    """Whether a merge stands."""
    return _("undone") if merge.undone_at else _("stands")


def add_sources(merges: list[Any]) -> None:
    """Put to each merge where the records of whom it took in come from."""
    wanted = {key for merge in merges for key in done_by(merge).records}
    found = SourceRecord.objects.filter(pk__in=wanted).values_list("pk", "source")
    sources = {str(key): str(source_name(source)) for key, source in found}
    for merge in merges:
        told = (sources[key] for key in done_by(merge).records if key in sources)
        merge.sources = list(dict.fromkeys(told))


class MergeList(ListPage):
    """Every merge, by hand or by itself, the latest first."""

    key = "merges"
    title = gettext_lazy("Merges")
    ability = "matching.see"
    columns = [
        Column("name", gettext_lazy("Taken in"), value=lambda m: m.came, main=True),
        Column("survivor", gettext_lazy("Taken in by"), value=lambda m: m.stayed, cell=lambda m: format_html("→ {}", m.stayed)),
        Column("sources", gettext_lazy("Sources"), value=lambda m: " · ".join(m.sources), dim=True),
        Column("records", gettext_lazy("Records"), value=lambda m: len(done_by(m).records), number=True),
        Column("state", gettext_lazy("State"), value=state_of, cell=lambda m: badge(state_of(m), "" if m.undone_at else "good", bare=True)),
        Column("by", gettext_lazy("Decided by"), value=lambda m: str(m.by) if m.by else _("the matching"), dim=True),
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
        ChoiceFilter(
            "who", gettext_lazy("Decided by"),
            [("person", gettext_lazy("a person")), ("model", gettext_lazy("the matching"))],
            apply=lambda rows, values: rows.filter(by__isnull="model" in values)
            if len(values) == 1 else rows,
        ),
        DateRangeFilter("created_at", gettext_lazy("When")),
    ]  # fmt: skip
    search = ("name",)
    actions = [
        BulkAction(
            gettext_lazy("Undo"),
            "matching:merges_undoing",
            "undo-2",
            "matching.decide",
            question=gettext_lazy(
                "Undo the chosen merges ({n})? Each customer becomes two again, and only a person can join the two."
            ),
        )  # fmt: skip
    ]
    empty_title = gettext_lazy("Nobody was merged yet")
    empty_text = gettext_lazy(
        "Two customers who turn out to be one stand here, and can be parted again at any time."
    )
    page_template = "identity/merges.html"

    def rows(self, request: HttpRequest) -> QuerySet[Merge]:
        rows = merges_visible_to(request.user).select_related("survivor", "by")  # type: ignore[arg-type]
        key = as_uuid(request.GET.get("survivor", ""))
        return rows.filter(survivor=present_id(key)) if key else rows

    def completed(self, rows: list[Any]) -> None:
        add_sources(rows)
        name_merges(rows)

    def row_url(self, row: Model) -> str:
        return record_url("matching:merge", row.pk)

    def shown(self, request: HttpRequest, rows: list[Any]) -> None:
        record_access(request, "merges", [m.survivor_id for m in rows if m.survivor_id])

    def extra(self, request: HttpRequest) -> dict:
        user: User = request.user  # type: ignore[assignment]
        return {"tabs": tabs_for(user), "may_decide": user.can("matching.decide")}


def side_of(customer: Customer) -> dict[str, Any]:
    """One of two customers as they stand side by side."""
    records = records_of(customer.pk)
    return {
        "customer": customer, "name": shown_name(customer.name), "records": records,
        "lines": whole_record(customer, records),
    }  # fmt: skip


@needs("matching.decide")
def merge_new(request: HttpRequest) -> HttpResponse:
    """Choose two customers, see what would move, and confirm."""
    user: User = request.user  # type: ignore[assignment]
    chosen = [_by_id(user, request.GET.get(n, "") or request.POST.get(n, "")) for n in "ab"]
    if all(chosen):
        return _confirm(request, *chosen)  # type: ignore[arg-type]
    form = TwoCustomersForm(
        user, chosen, request.POST or None, initial={"a": chosen[0] and chosen[0].pk, "b": chosen[1] and chosen[1].pk}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        a, b = form.cleaned_data["a"], form.cleaned_data["b"]
        if a.pk != b.pk:
            return redirect(f"{request.path}?a={a.pk}&b={b.pk}")
        form.add_error("b", _("A customer cannot be merged with itself."))
    return render(request, "identity/merge_new.html", {"form": form, "tabs": tabs_for(user)})


def _by_id(user: User, text: str) -> Customer | None:
    key = as_uuid(text)
    return customer_by_id(user, key, "matching.decide") if key else None


def _confirm(request: HttpRequest, a: Customer, b: Customer) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    refusal = ""
    sent = [as_uuid(request.POST.get(n, "")) for n in "ab"]
    if request.method == "POST" and sent != [a.pk, b.pk]:
        refusal = _("One of the two was merged in the meantime.")
    elif request.method == "POST":
        try:
            merge = merge_customers(a, b, by=user, decided=True)
            return redirect("matching:merge", merge.pk)
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
    record_access(request, "merge", [a.pk, b.pk])
    sides = side_of(a), side_of(b)
    context = {
        "a": sides[0], "b": sides[1], "after": outcome(a, *(side["records"] for side in sides)),
        "moves": merge_moves(b.pk, a.pk), "refusal": refusal,
        "both": in_both(a.pk, b.pk) if a.pk != b.pk else [],
        "one": a.pk == b.pk, "said": said_between(a.pk, b.pk, a.kind) if a.pk != b.pk else [],
        "tabs": tabs_for(user),
    }  # fmt: skip
    return render(request, "identity/merge_confirm.html", context)


def the_merge(request: HttpRequest, pk: uuid.UUID, ability: str = "matching.see") -> Merge:
    """A merge that this person may see, or 404."""
    rows = merges_visible_to(request.user, ability)  # type: ignore[arg-type]
    return get_object_or_404(rows.select_related("survivor", "by", "undone_by"), pk=pk)


@needs("matching.see")
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One merge: what moved, and the way back."""
    return _merge_page(request, the_merge(request, pk))


def _merge_page(request: HttpRequest, found: Merge, refusal: str = "") -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    record_access(request, "merge", [k for k in (found.survivor_id, found.merged_key) if k])
    name_merges([found])
    moved, now = moved_by(found), given_back_by(found)
    records = SourceRecord.objects.filter(pk__in=done_by(found).records).order_by("pk")[:20]
    context = {
        "merge": found, "moved": moved, "now": now if now != moved else None, "refusal": refusal,
        "records": [(source_name(r.source), r.shown_key) for r in records],
        "holders": [(one.pk, written(one)) for one in holders_of(user, found)],
        "may_decide": user.can("matching.decide"), "tabs": tabs_for(user),
        "in_the_way": [] if found.undone_at else list(parted_since(found)[:5]),
    }  # fmt: skip
    return render(request, "identity/merge.html", context)


def holders_of(user: User, found: Merge) -> list[Customer]:
    """Who has the two now: one customer, or both once it was undone, as far as the person sees them."""
    keys = (found.survivor_key, found.merged_key)
    both = (customer_by_id(user, k) for k in keys) if found.undone_at else [found.survivor]
    holders = list(dict.fromkeys(one for one in both if one))
    prefetch_related_objects(holders, "contact_points")
    return holders


@require_POST
@needs("matching.decide")
def merges_undoing(request: HttpRequest) -> HttpResponse:
    """Take the chosen merges back, the latest first; what stands in the way of one is told."""
    chosen = MergeList.chosen(request).filter(undone_at=None, survivor__isnull=False)
    mine = merges_visible_to(request.user, "matching.decide")  # type: ignore[arg-type]
    rows = list(
        chosen.filter(pk__in=mine.values("pk")).order_by("-created_at", "-pk")[:MOST_UNDONE]
    )
    return undone(request, rows, lambda m: undo_merge(m, by=request.user, apart=True), "merges")  # type: ignore[arg-type]


@require_POST
@needs("matching.decide")
def merge_undoing(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a merge back; the two are not joined again without a person's look."""
    found = the_merge(request, pk, "matching.decide")
    if found.survivor_id is None:
        raise Http404
    try:
        undo_merge(found, by=request.user, apart=True)  # type: ignore[arg-type]
    except ValidationError as refusal:
        return _merge_page(request, found, " ".join(refusal.messages))
    return redirect("matching:merge", found.pk)
