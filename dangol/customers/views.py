"""Pages of customers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access, record_change
from dangol.core.ids import sent_key, uuid7
from dangol.customers import actions, forms
from dangol.customers.doubles import likely_doubles
from dangol.customers.models import ContactPoint, Customer
from dangol.customers.preferring import choose_contact_point
from dangol.customers.queries import customers_visible_to
from dangol.customers.record import record, the_customer
from dangol.customers.timeline import hidden_from, moments_before
from dangol.ui.toast import tell_changed, toast

UNMASKED_FOR = dt.timedelta(minutes=15)


@needs("customers.see")
def customer_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything about one customer on one page."""
    customer = the_customer(request, pk)
    if customer.pk != pk:
        return redirect("customers:customer", customer.pk)
    record_access(request, "customer", [customer.pk])
    return render(request, "customers/customer.html", record(request, customer))


def instant_of(text: str) -> dt.datetime | None:
    """The instant that an address asks for; None when it is none, or has no time zone."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@needs("customers.see")
def timeline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The next piece of the timeline, or the same with other sources."""
    customer = the_customer(request, pk)
    before = instant_of(request.GET.get("before", ""))
    keys = request.GET.getlist("of")
    moments = moments_before(
        request.user,
        customer,
        before or timezone.now() + dt.timedelta(days=1),
        keys,  # type: ignore[arg-type]
    )
    context = {"customer": customer, "moments": moments, "chosen": keys}
    context["hidden"] = [] if moments else hidden_from(request.user)  # type: ignore[arg-type]
    return render(request, "customers/customer.html#moments", context)


@needs("customers.edit")
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct a customer's facts; somebody else's edit meanwhile is shown, not overwritten."""
    customer = the_customer(request, pk, "customers.edit")
    form = forms.CustomerForm(request.user, request.POST or None, instance=customer)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        sent = shown_fields(form)
        fields = {k: v for k, v in form.cleaned_data.items() if k in sent and k in request.POST}
        try:
            actions.change_customer(
                customer,
                by=request.user,  # type: ignore[arg-type]
                revision=form.cleaned_data["revision"] or 0,
                seen=seen_values(request, form),
                **fields,
            )
            return redirect("customers:customer", customer.pk)
        except actions.EditConflict as conflict:
            tell_conflict(form, conflict)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    context = {"form": form, "customer": customer, "seen": seen_initial(form)}
    return render(request, "customers/edit.html", context, status=200)


def seen_initial(form: forms.CustomerForm) -> list[tuple[str, str]]:
    """The values shown, sent back with the form, so that a lost edit is noticed."""
    return [(name, str(form.initial.get(name) or "")) for name in shown_fields(form)]


def shown_fields(form: forms.CustomerForm) -> list[str]:
    """The customer's fields that the form shows."""
    return [name for name in form.Meta.fields if name in form.fields]


def seen_values(request: HttpRequest, form: forms.CustomerForm) -> dict[str, Any]:
    """What the person saw when the form was shown, as values."""
    shown: dict[str, Any] = {}
    for name in shown_fields(form):
        raw = request.POST.get(f"seen-{name}")
        if raw is not None:
            try:
                shown[name] = form.fields[name].clean(raw)
            except ValidationError:
                continue
    return shown


def tell_conflict(form: forms.CustomerForm, conflict: actions.EditConflict) -> None:
    """Say field by field what somebody else wrote meanwhile; saving again overwrites knowingly."""
    fresh = Customer.objects.get(pk=form.instance.pk)
    for name, theirs in conflict.theirs.items():
        form.add_error(
            name,
            _("Somebody changed this meanwhile to “%(value)s”. Save again to use yours.")
            % {"value": theirs},
        )
    form.data = form.data.copy()
    form.data["revision"] = str(fresh.revision)
    for name in form.Meta.fields:
        form.initial[name] = fresh.home_place_id if name == "home_place" else getattr(fresh, name)


@needs("customers.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Add a customer; likely doubles are shown first."""
    form = forms.NewCustomerForm(request.user, request.POST or None)  # type: ignore[arg-type]
    doubles: list[tuple[Customer, str]] = []
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        phone, email = data.pop("phone"), data.pop("email")
        data.pop("revision", None)
        visible = customers_visible_to(request.user)  # type: ignore[arg-type]
        once = sent_key(request.POST.get("once", ""))
        if visible.filter(pk=once).exists():
            return redirect("customers:customer", once)
        if request.POST.get("anyway") != "1":
            doubles = likely_doubles(visible, name=data["name"], phone=phone, email=email)
        if not doubles:
            with transaction.atomic():
                customer = actions.add_customer(id=once, by=request.user, source="manual", **data)  # type: ignore[arg-type]
                for kind, value in (("phone", phone), ("email", email)):
                    if value:
                        actions.add_contact_point(
                            customer,
                            kind,
                            value,
                            by=request.user,  # type: ignore[arg-type]
                            source="manual",
                        )
            return redirect("customers:customer", customer.pk)
    record_access(request, "customer doubles", [customer.pk for customer, _why in doubles])
    return render(
        request,
        "customers/new.html",
        {"form": form, "doubles": doubles, "once": request.POST.get("once") or uuid7()},
    )


@require_POST
@needs("customers.edit")
def contact_points(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down a further way to reach the customer."""
    customer = the_customer(request, pk, "customers.edit")
    form = forms.ContactPointForm(request.POST)
    if form.is_valid():
        actions.add_contact_point(
            customer, form.cleaned_data["kind"], form.cleaned_data["value"],
            by=request.user, source="manual",  # type: ignore[arg-type]
        )  # fmt: skip
        form = forms.ContactPointForm()
    return contacts_again(request, customer, form)


@require_POST
@needs("customers.edit")
def checks(request: HttpRequest, pk: uuid.UUID, point_pk: uuid.UUID) -> HttpResponse:
    """Store what a try to use a contact point said."""
    customer = the_customer(request, pk, "customers.edit")
    point = get_object_or_404(ContactPoint, pk=point_pk, customer=customer, ended_at=None)
    try:
        actions.check_contact_point(
            point,
            request.POST.get("outcome", ""),
            by=request.user,  # type: ignore[arg-type]
            new_value=request.POST.get("new_value") or None,
        )
    except ValidationError as refusal:
        return toast(contacts_again(request, customer), " ".join(refusal.messages), meaning="bad")
    return contacts_again(request, customer)


@require_POST
@needs("customers.edit")
def choosing(request: HttpRequest, pk: uuid.UUID, point_pk: uuid.UUID) -> HttpResponse:
    """Use a contact point before the others of its kind."""
    customer = the_customer(request, pk, "customers.edit")
    point = get_object_or_404(ContactPoint, pk=point_pk, customer=customer, ended_at=None)
    try:
        choose_contact_point(point, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        return toast(contacts_again(request, customer), " ".join(refusal.messages), meaning="bad")
    return contacts_again(request, customer)


def contacts_again(
    request: HttpRequest, customer: Customer, form: forms.ContactPointForm | None = None
) -> HttpResponse:
    """The contact points after a change: the part for htmx, the page for others."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("customers:customer", customer.pk)
    context = record(request, customer, **({"contact_form": form} if form else {}))
    answer = render(request, "customers/customer.html#contacts", context)
    return tell_changed(answer)


@require_POST
@needs("customers.unmask")
def unmasking(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a customer whole for a quarter of an hour; the reason is written down."""
    customer = the_customer(request, pk, "customers.unmask")
    form = forms.UnmaskForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        record_access(request, "unmask", [customer.pk], reason=reason)
        record_change("unmask_customer", customer, by=request.user, reason=reason)  # type: ignore[arg-type]
        unmasked = request.session.get("unmasked", {})
        unmasked[str(customer.pk)] = (timezone.now() + UNMASKED_FOR).isoformat()
        request.session["unmasked"] = unmasked
    return redirect("customers:customer", customer.pk)
