"""Pages of own attributes: their settings, and a customer's values."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.actions import EditConflict, change_customer
from dangol.customers.attributes import actions
from dangol.customers.attributes.forms import AttributeForm, ValuesForm
from dangol.customers.attributes.models import Attribute
from dangol.customers.attributes.queries import (
    PREFIX,
    attributes_in_use,
    attributes_with_sizes,
    values_of,
)
from dangol.customers.attributes.values import shown
from dangol.customers.models import Customer
from dangol.customers.record import the_customer

FEW = 12
"""Attributes that a customer's panel shows before “show all”."""


@needs("attributes.edit")
def own_attributes(request: HttpRequest) -> HttpResponse:
    """Every attribute, and a new one."""
    form = AttributeForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_attribute(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("customers:own_attributes")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    rows = list(attributes_with_sizes())
    context = {
        "attributes": [a for a in rows if a.ended_at is None],
        "ended": [a for a in rows if a.ended_at],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "customers/own_attributes.html", context, status=status)


@needs("attributes.edit")
def own_attribute(request: HttpRequest, key: str) -> HttpResponse:
    """Change an attribute."""
    attribute = get_object_or_404(Attribute, key=key)
    form = AttributeForm(attribute, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_attribute(attribute, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("customers:own_attributes")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"attribute": attribute, "form": form}
    status = 422 if form.errors else 200
    return render(request, "customers/own_attribute.html", context, status=status)


@require_POST
@needs("attributes.edit")
def ending(request: HttpRequest, key: str) -> HttpResponse:
    """Ask and show an attribute no more."""
    actions.end_attribute(get_object_or_404(Attribute, key=key), by=request.user)  # type: ignore[arg-type]
    return redirect("customers:own_attributes")


@require_POST
@needs("attributes.edit")
def resumption(request: HttpRequest, key: str) -> HttpResponse:
    """Ask and show it again."""
    actions.resume_attribute(get_object_or_404(Attribute, key=key), by=request.user)  # type: ignore[arg-type]
    return redirect("customers:own_attributes")


def panel(request: HttpRequest, customer: Customer, **more: Any) -> HttpResponse:
    """The values of one customer as the customer page shows them."""
    attributes, values = list(attributes_in_use()), values_of(customer.pk)
    everything = "all" in request.GET
    lines = [
        (a, shown(a, values.get(a.key)), a.key in values) for a in attributes
        if everything or a.key in values
    ]  # fmt: skip
    context = {
        "customer": customer, "lines": lines if everything else lines[:FEW],
        "hidden": 0 if everything else len(attributes) - len(lines[:FEW]), "any": attributes,
        "everything": everything, "may_edit": request.user.can("customers.edit"),  # type: ignore[union-attr]
        "may_define": request.user.can("attributes.edit"), **more,  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "customers/_attributes.html", context)


@needs("customers.see")
def values(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is known of a customer; a panel of the customer page."""
    customer = the_customer(request, pk)
    record_access(request, "customer attributes", [customer.pk])
    return panel(request, customer)


@needs("customers.edit")
def edit_values(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a customer's values in place; somebody else's edit meanwhile is shown, not overwritten."""
    customer = the_customer(request, pk, "customers.edit")
    attributes, known = list(attributes_in_use()), values_of(customer.pk)
    form = ValuesForm(attributes, known, customer.revision, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_customer(
                customer, by=request.user, revision=form.cleaned_data["revision"],  # type: ignore[arg-type]
                seen=form.seen(request.POST), attributes=form.values,
            )  # fmt: skip
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect("customers:customer", customer.pk)
            return panel(request, customer)
        except EditConflict as conflict:
            tell_conflict(form, conflict, Customer.objects.get(pk=customer.pk).revision)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    seen = [(b.name, b.initial if b.initial is not None else "") for b in form.visible_fields()]
    record_access(request, "customer attributes", [customer.pk])
    context = {"customer": customer, "form": form, "seen": seen}
    template = "customers/_attributes_edit.html"
    if not request.htmx:  # type: ignore[attr-defined]
        template = "customers/attributes_edit.html"
    return render(request, template, context)


def tell_conflict(form: ValuesForm, conflict: EditConflict, revision: int) -> None:
    """Say what somebody else wrote meanwhile; saving again overwrites knowingly."""
    by_name = {PREFIX + a.key: a for a in form.attributes}
    for name, theirs in conflict.theirs.items():
        told = _("Somebody changed this meanwhile to “%(value)s”. Save again to use yours.")
        form.add_error(name, told % {"value": shown(by_name[name], theirs)})
    form.data = form.data.copy()
    form.data["revision"] = str(revision)
