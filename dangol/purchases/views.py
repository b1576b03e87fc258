"""Pages of purchases: one transaction, a new product, what a customer owns and bought."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.money import shown_money
from dangol.customers.models import Customer
from dangol.customers.queries import customer_by_id
from dangol.customers.source_names import source_name
from dangol.purchases import actions
from dangol.purchases.forms import ProductForm
from dangol.purchases.lists import gone_words, name_products
from dangol.purchases.queries import ownerships_of, transactions_visible_to

SHOWN = 8


def the_customer(request: HttpRequest, pk: uuid.UUID) -> Customer:
    """A customer that this person may see, or 404."""
    found = customer_by_id(request.user, pk)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@needs("purchases.see")
def transaction(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One sale or visit with its lines."""
    rows = transactions_visible_to(request.user).select_related("customer", "place")  # type: ignore[arg-type]
    done = get_object_or_404(rows, pk=pk)
    record_access(request, "purchase", [done.customer_id])
    context = {
        "done": done,
        "source": source_name(done.source),
        "gone": gone_words(done),
        "may_see_customer": request.user.can("customers.see"),  # type: ignore[union-attr]
        "total": shown_money(done.amount, done.currency),
        "lines": [
            (line, shown_money(line.amount, done.currency))
            for line in done.lines.select_related("product").order_by("pk")
        ],
    }
    return render(request, "purchases/transaction.html", context)


@needs("places.edit")
def new_product(request: HttpRequest) -> HttpResponse:
    """Put a product into the tree."""
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_product(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("purchases:products")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    status = 422 if form.errors else 200
    return render(request, "purchases/new_product.html", {"form": form}, status=status)


@needs("purchases.see")
def owned(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a customer owns; a panel of the customer page."""
    customer = the_customer(request, pk)
    things = ownerships_of(request.user, customer)[: SHOWN * 4]  # type: ignore[arg-type]
    shown = [(thing, gone_words(thing.transaction)) for thing in things]
    return render(request, "purchases/_owned.html", {"things": shown})


@needs("purchases.see")
def of_customer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The latest purchases of a customer; a panel of the customer page."""
    customer = the_customer(request, pk)
    rows = transactions_visible_to(request.user).filter(customer=customer)  # type: ignore[arg-type]
    latest = list(rows.select_related("place").order_by("-at")[:SHOWN])
    name_products(latest)
    shown = [(row, shown_money(row.amount, row.currency), gone_words(row)) for row in latest]
    return render(
        request, "purchases/_of_customer.html", {"rows": shown, "none": _("No purchases yet")}
    )
