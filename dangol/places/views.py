"""Pages of places and calendars."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.masking import shown_phone
from dangol.places import actions, forms
from dangol.places.models import Calendar, Place
from dangol.places.queries import ancestors, calendar_of
from dangol.places.scope import places_visible_to
from dangol.ui.going import sent_to


@needs("places.see")
def place(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One place: where it stands, when it works, which days differ."""
    found = get_object_or_404(places_visible_to(request.user).select_related("parent"), pk=pk)  # type: ignore[arg-type]
    calendar = calendar_of(found)
    context = {
        "place": found,
        "line": ancestors(found).exclude(pk=found.pk),
        "phone": shown_phone(found.phone),
        "children": found.children.order_by("lo")[:200],
        "calendar": calendar,
        "hours": forms.HoursForm(calendar),
        "exceptions": found.exceptions.order_by("-on")[:50],
        "exception_form": forms.ExceptionForm(),
        "may_edit": request.user.can("places.edit"),  # type: ignore[union-attr]
    }
    return render(request, "places/place.html", context)


@require_POST
@needs("places.edit")
def closure(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a place."""
    return ended_or_not(
        request, pk, actions.close_place, _("Closed. “Reopen” takes it back into work.")
    )


@require_POST
@needs("places.edit")
def reopening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a closed place work again."""
    return ended_or_not(request, pk, actions.reopen_place, _("Open again."))


def ended_or_not(
    request: HttpRequest, pk: uuid.UUID, action: Callable[..., Place], done: str
) -> HttpResponse:
    """Do it, or say why not, on the place's page."""
    found = get_object_or_404(places_visible_to(request.user, "places.edit"), pk=pk)  # type: ignore[arg-type]
    try:
        action(found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return sent_to(request, "places:place", found.pk)


@needs("places.edit")
def edit(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Add a place, or change one; another parent moves it with everything below."""
    found = get_object_or_404(places_visible_to(request.user, "places.edit"), pk=pk) if pk else None  # type: ignore[arg-type]
    form = forms.PlaceForm(
        request.user,  # type: ignore[arg-type]
        request.POST or None,
        instance=found,
        initial={"parent": request.GET.get("below")} if "below" in request.GET else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            if found:
                saved = actions.change_place(found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            else:
                saved = actions.open_place(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("places:place", saved.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    return render(request, "places/edit.html", {"form": form, "place": found})


@require_POST
@needs("places.edit")
def exceptions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give one day other hours."""
    found = get_object_or_404(places_visible_to(request.user, "places.edit"), pk=pk)  # type: ignore[arg-type]
    form = forms.ExceptionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        actions.set_exception(
            found,
            data["on"],
            data["hours"],
            reason=data["reason"],
            by=request.user,  # type: ignore[arg-type]
        )
        return redirect("places:place", pk)
    return render(request, "places/exception.html", {"form": form, "place": found}, status=422)


@needs("places.edit")
def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar."""
    rows = [
        (c, forms.shown_week(c.hours), c.held)
        for c in Calendar.objects.annotate(held=Count("places")).order_by("name")
    ]
    return render(request, "places/calendars.html", {"rows": rows})


@needs("calendars.edit")
def calendar(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """A calendar's weekly hours; clocks are derived again when they change."""
    found = get_object_or_404(Calendar, pk=pk) if pk else None
    form = forms.HoursForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.keep_calendar(
                found,
                name=data["name"],
                country=data["country"],
                hours=data["hours"],
                by=request.user,  # type: ignore[arg-type]
            )
            return redirect("places:calendars")
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    return render(request, "places/calendar.html", {"form": form, "calendar": found})
