"""The relations of a customer, on the customer page."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers import forms, relations
from dangol.customers.models import Customer, Relation
from dangol.customers.record import record, the_customer
from dangol.ui.toast import tell_changed, toast


@require_POST
@needs("customers.edit")
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tie the customer to another, in the direction that was chosen."""
    customer = the_customer(request, pk, "customers.edit")
    form = forms.RelationForm(request.user, customer, request.POST)  # type: ignore[arg-type]
    if form.is_valid():
        kind, other = form.cleaned_data["kind"], form.cleaned_data["other"]
        pair = (other, customer) if kind.startswith("-") else (customer, other)
        try:
            relations.add_relation(*pair, kind.removeprefix("-"), by=request.user)  # type: ignore[arg-type]
            form = None
        except ValidationError as refusal:
            form.add_error("other", refusal.messages)
    return relations_again(request, customer, form)


@require_POST
@needs("customers.edit")
def ending(request: HttpRequest, pk: uuid.UUID, relation_pk: uuid.UUID) -> HttpResponse:
    """The tie holds no more."""
    customer = the_customer(request, pk, "customers.edit")
    own = Relation.objects.filter(Q(from_customer=customer) | Q(to_customer=customer))
    relations.end_relation(get_object_or_404(own, pk=relation_pk, ended_at=None), by=request.user)  # type: ignore[arg-type]
    return toast(relations_again(request, customer, None), _("The relation has ended."))


def relations_again(
    request: HttpRequest, customer: Customer, form: forms.RelationForm | None
) -> HttpResponse:
    """The relations after a change: the part for htmx, the page for others."""
    if not request.htmx and (form is None or not form.errors):  # type: ignore[attr-defined]
        return redirect("customers:customer", customer.pk)
    record_access(request, "customer", [customer.pk])
    context = record(request, customer, **({"relation_form": form} if form else {}))
    part = "#relations" if request.htmx else ""  # type: ignore[attr-defined]
    answer = render(request, f"customers/customer.html{part}", context)
    return tell_changed(answer)
