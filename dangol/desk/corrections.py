"""Corrections of the customer's contact points during the call, in place."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.customers.actions import add_contact_point
from dangol.customers.models import ContactPoint
from dangol.desk import actions, forms
from dangol.desk.models import Handling
from dangol.desk.queries import open_handling, points_and_asks
from dangol.desk.screen import call_view
from dangol.desk.views import refreshed
from dangol.ui.toast import toast


@require_POST
@needs("desk.work")
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Verified, wrong, moved, or a new value."""
    handling = open_handling(request.user)  # type: ignore[arg-type]
    if handling is None:
        return refreshed(request)
    point = get_object_or_404(ContactPoint, pk=pk, customer=handling.target.customer_id)
    form = forms.CheckForm(request.POST)
    said, meaning = _("Noted."), "good"
    try:
        if not form.is_valid():
            raise ValidationError(_("A check says verified, wrong or moved."))
        actions.check_point(request.user, point, **form.cleaned_data)  # type: ignore[arg-type]
    except ValidationError as refusal:
        said, meaning = " ".join(refusal.messages), "bad"
    return points_again(request, handling, said, meaning)


@require_POST
@needs("desk.work")
def contact_points(request: HttpRequest) -> HttpResponse:
    """Another way to reach the customer."""
    handling = open_handling(request.user)  # type: ignore[arg-type]
    if handling is None:
        return refreshed(request)
    form = forms.PointForm(request.POST)
    said, meaning = _("Added."), "good"
    try:
        if not form.is_valid():
            raise ValidationError(_("Fill in the new value."))
        kind, value = form.cleaned_data["kind"], form.cleaned_data["value"]
        add_contact_point(handling.target.customer, kind, value, by=request.user, source="agent")  # type: ignore[arg-type]
    except ValidationError as refusal:
        said, meaning = " ".join(refusal.messages), "bad"
    return points_again(request, handling, said, meaning)


def points_again(request: HttpRequest, handling: Handling, said: str, meaning: str) -> HttpResponse:
    """The contact points after a change."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("desk:desk")
    shown: dict[str, Any] = {**points_and_asks(handling), "handling": handling, "oob_asks": True}
    shown["call"] = call_view(handling, timezone.now())
    return toast(render(request, "desk/desk.html#points", shown), said, meaning=meaning)
