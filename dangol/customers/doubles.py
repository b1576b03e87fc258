"""Who may already be known: warned of before a customer is entered twice."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dangol.customers.contact_values import contact_value
from dangol.customers.hangul import letters
from dangol.customers.models import ContactPoint, Customer


def likely_doubles(
    visible: QuerySet[Customer], *, name: str, phone: str = "", email: str = "", limit: int = 5
) -> list[tuple[Customer, str]]:
    """Known customers with the same phone or e-mail, or without either the same name, and why."""
    found: dict[Customer, str] = {}
    values = Q(pk__in=[])
    if phone:
        values |= Q(kind="phone", value=contact_value("phone", phone))
    if email:
        values |= Q(kind="email", value=contact_value("email", email))
    points = ContactPoint.objects.filter(values, ended_at=None)
    by_customer = dict(points.values_list("customer_id", "kind")[:50])
    for customer in visible.filter(pk__in=by_customer)[:limit]:
        found[customer] = by_customer[customer.pk]
    if name and len(found) < limit and not (phone or email):
        for customer in visible.filter(name_jamo=letters(name))[:limit]:
            found.setdefault(customer, "name")
    return list(found.items())[:limit]
