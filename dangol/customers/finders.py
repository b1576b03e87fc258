"""Customers in the palette (Ctrl-K)."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.customers.finding import customers_found_by
from dangol.customers.models import Customer
from dangol.ui.finders import Finder, Found, register


def find(request: HttpRequest, words: str) -> Iterable[Found]:
    """The best eight."""
    found = customers_found_by(request.user, words, 8)  # type: ignore[arg-type]
    record_access(request, "find", [customer.pk for customer in found])
    for customer in found:
        yield Found(
            shown_name(customer.name),
            reverse("customers:customer", args=[customer.pk]),
            "user" if customer.kind == "person" else "building-2",
            hint_of(customer),
        )


def hint_of(customer: Customer) -> str:
    """What tells two customers of one name apart: the site, and the tier."""
    return " · ".join(filter(None, [str(customer.home_place or ""), customer.tier]))


register(Finder("customers", _("Customers"), find, "customers.see", order=10))
