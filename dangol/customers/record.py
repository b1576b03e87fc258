"""What the page of one customer shows."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dangol.core.masking import WHOLE, see_whole, shown_contact, shown_phone
from dangol.customers import forms
from dangol.customers.lists import MEANINGS
from dangol.customers.models import Check, ContactState, Customer
from dangol.customers.queries import customer_by_id
from dangol.customers.relations import ties_of
from dangol.customers.source_names import source_name
from dangol.customers.timeline import sources_for


def the_customer(request: HttpRequest, pk: uuid.UUID, ability: str = "customers.see") -> Customer:
    """A customer that this person may see or edit (an old id of a merged one too), or 404."""
    customer = customer_by_id(request.user, pk, ability)  # type: ignore[arg-type]
    if customer is None:
        raise Http404
    until = request.session.get("unmasked", {}).get(str(customer.pk))
    if until and parse_datetime(until) > timezone.now():  # type: ignore[operator]
        see_whole(True)
    return customer


def record(request: HttpRequest, customer: Customer, **more: Any) -> dict[str, Any]:
    """What the page of one customer shows."""
    checked = Check.objects.select_related("by").order_by("-at")
    points = list(
        customer.contact_points.filter(ended_at=None)
        .order_by("kind", "-preferred", "created_at")
        .prefetch_related(Prefetch("checks", checked))
    )
    sources = sources_for(request.user)  # type: ignore[arg-type]
    return {
        "customer": customer,
        "points": [
            (
                p,
                shown_contact(p.kind, shown_phone(p.value) if p.kind == "phone" else p.value),
                MEANINGS[p.state],
                source_name(p.source),
            )
            for p in points
        ],
        "source": source_name(customer.source),
        "checked_at": max((p.checked_at for p in points if p.checked_at), default=None),
        "sources": sources,
        "chosen": request.GET.getlist("of"),
        "may_edit": request.user.can("customers.edit"),  # type: ignore[union-attr]
        "masked": not WHOLE.get(),
        "may_unmask": not WHOLE.get() and request.user.can("customers.unmask"),  # type: ignore[union-attr]
        "contact_form": forms.ContactPointForm(),
        "ties": ties_of(customer, request.user),  # type: ignore[arg-type]
        "relation_form": forms.RelationForm(request.user, customer),  # type: ignore[arg-type]
        "unmask_form": forms.UnmaskForm(),
        "outcomes": [(s.value, s.label) for s in ContactState if s != ContactState.UNVERIFIED],
        **more,
    }
