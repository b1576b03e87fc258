"""Choosing a customer of a million: a search field for forms, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_contact, shown_name, shown_phone
from dangol.core.models import User
from dangol.customers.finders import hint_of
from dangol.customers.finding import customers_found
from dangol.customers.models import Customer
from dangol.customers.queries import customers_visible_to, present_id, usable_phone
from dangol.ui.choosing import ChosenField, Offered, offer
from dangol.ui.lists.page import as_uuid

SHOWN = 12
SEPARATOR = " · "


def written(customer: Customer) -> str:
    """A customer as they stand in a field: the name and a phone number, as the person may see them."""
    point = usable_phone(customer)
    phone = shown_contact("phone", shown_phone(point.value)) if point else ""
    return SEPARATOR.join(filter(None, [shown_name(customer.name), phone]))


class CustomerField(ChosenField):
    """A customer, found by name, phone, e-mail or number among those that the person may see."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Customer.objects.none(), **more)

    def within(self, user: User, but: Customer | None = None) -> None:
        """Only customers that the person may see; `but` is chosen beside it and not offered again."""
        self.queryset = customers_visible_to(user).select_related("home_place")
        self.search("customers:found", **({"but": str(but.pk)} if but else {}))

    def written(self, row: Customer) -> str:
        """Name and phone."""
        return written(row)

    def by_key(self, key: str) -> Any:
        """The customer of an id, also of one from before a merge; None for anything else."""
        found = as_uuid(key)
        return super().by_key(str(present_id(found))) if found else None

    def read(self, text: str) -> Iterable[Customer]:
        """Whoever the phone after the name leads to, else whoever the words lead to."""
        tail = text.rpartition(SEPARATOR)[2]
        return customers_found(tail, self.queryset, 2) or customers_found(text, self.queryset, 2)


@needs("customers.see")
def found(request: HttpRequest) -> HttpResponse:
    """What a customer field offers for the words in it; who was shown is written down."""
    words = request.GET.get("q", "").strip()[:80]
    among = customers_visible_to(request.user)  # type: ignore[arg-type]
    if but := as_uuid(request.GET.get("but", "")):
        among = among.exclude(pk=but)
    customers = customers_found(words, among, SHOWN)
    prefetch_related_objects(customers, "contact_points")
    record_access(request, "find", [customer.pk for customer in customers])
    lines = (
        Offered(customer.pk, written(customer), written(customer), hint_of(customer))
        for customer in customers
    )
    return offer(request, lines, words)
