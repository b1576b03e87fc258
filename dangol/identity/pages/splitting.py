"""Splitting a customer by hand, and taking splits back."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.queries import customer_by_id
from dangol.customers.source_names import source_name
from dangol.identity.golden.told import records_of
from dangol.identity.golden.written import places_of
from dangol.identity.merging.preview import in_words, split_moves
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.models import Split
from dangol.identity.pages.panels import the_customer
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.stewarding.pair import raw_of


@needs("matching.decide")
def split_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose the records that are somebody else's, see what goes along, and confirm."""
    user: User = request.user  # type: ignore[assignment]
    customer = the_customer(request, pk, "matching.decide")
    sent = request.POST if request.method == "POST" else request.GET
    chosen = [int(k) for k in sent.getlist("record") if k.isdecimal()][:500]
    refusal = ""
    if request.method == "POST" and request.POST.get("sure"):
        try:
            split = split_records(customer, chosen, by=user)
            return redirect("matching:split", split.pk)
        except ValidationError as refused:
            refusal = " ".join(refused.messages)
    record_access(request, "split", [customer.pk])
    context = {
        "customer": customer, "rows": rows_of(customer, chosen), "chosen": chosen,
        "moves": split_moves(customer.pk, chosen) if chosen else [], "refusal": refusal,
        "tabs": tabs_for(user),
    }  # fmt: skip
    part = "#split" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"identity/split_new.html{part}", context)


def rows_of(customer: Customer, chosen: list[int]) -> list[dict[str, Any]]:
    """The records to choose from."""
    records = records_of(customer.pk)
    places = places_of(records)
    return [
        {
            "record": r,
            "source": source_name(r.source),
            "raw": raw_of(r, places),
            "on": r.pk in chosen,
        }
        for r in records
    ]


def the_split(request: HttpRequest, pk: uuid.UUID, ability: str = "matching.see") -> Split:
    """A split of a customer that this person may see, or 404."""
    found = get_object_or_404(Split.objects.select_related("by", "undone_by"), pk=pk)
    user: User = request.user  # type: ignore[assignment]
    if not user.can(ability) or customer_by_id(user, found.customer_key, ability) is None:
        raise Http404
    return found


@needs("matching.see")
def split(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One split: who came of it, and the way back."""
    return _split_page(request, the_split(request, pk))


def _split_page(request: HttpRequest, found: Split, refusal: str = "") -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    old = customer_by_id(user, found.customer_key)
    new = customer_by_id(user, found.new_key)
    moved = {"customers_sourcerecord": len(found.records)}
    for table, _column, keys in found.rows:
        moved[table] = moved.get(table, 0) + len(keys)
    record_access(request, "split", [found.customer_key, found.new_key])
    context = {
        "split": found, "name": shown_name(found.name), "old": old, "new": new,
        "moved": in_words(moved), "refusal": refusal, "tabs": tabs_for(user),
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
