"""Pages of outgoing changes: who is kept in step, the log of deliveries, sending again."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.sources.outgoing import actions
from dangol.sources.outgoing.models import Delivery, FeedEntity, Subscriber, Way
from dangol.sources.outgoing.queries import (
    deliveries_of,
    subscribers_visible_to,
    with_deliveries,
)
from dangol.sources.outgoing.rights import may_read
from dangol.sources.wizard_views import told
from dangol.sources.words import schedule_words
from dangol.ui.lists import ChoiceFilter, Column, ListPage
from dangol.ui.templatetags.ui import badge

SHOWN = 50


class SubscriberForm(forms.Form):
    """A system that shall be kept in step."""

    name = forms.CharField(label=_("Name"), max_length=80)
    entity = forms.ChoiceField(label=_("What it receives"), choices=FeedEntity)
    way = forms.ChoiceField(label=_("How it is sent"), choices=Way)
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False,
        help_text=_("Webhook: https://…; file: a folder below the outbox, such as erp/customers."),
    )  # fmt: skip
    schedule = forms.CharField(
        label=_("Schedule"), max_length=60, required=False, help_text=_("File: a cron line, as in 30 2 * * *.")
    )  # fmt: skip
    everything = forms.BooleanField(label=_("Start with everything there is now"), required=False)

    def __init__(self, user: Any, *said: Any) -> None:
        super().__init__(*said)
        self.fields["entity"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in FeedEntity.choices if may_read(user, value)
        ]


def state_of(subscriber: Any) -> tuple[Any, str]:
    """How it stands, as word and meaning."""
    if subscriber.disabled_at:
        return _("Sending has stopped"), "bad"
    if subscriber.beginning:
        return _("Beginning"), "info"
    if subscriber.failures:
        return _("Tried again"), "bad" if subscriber.trouble else "watch"
    return _("In step"), "good"


class SubscriberList(ListPage):
    """Every system that is kept in step."""

    key = "subscribers"
    title = _("Outgoing changes")
    ability = "sources.see"
    order = "name"
    columns = [
        Column("name", _("System"), main=True, sortable=True),
        Column("state", _("State"), value=lambda s: str(state_of(s)[0]), cell=lambda s: badge(*state_of(s))),
        Column("entity", _("Receives"), value=lambda s: s.get_entity_display()),
        Column("way", _("Way"), value=lambda s: s.get_way_display()),
        Column("address", _("Address"), dim=True),
        Column("schedule", _("Schedule"), value=lambda s: schedule_words(s.schedule) if s.schedule else None),
        Column("arrived_at", _("Last arrived"), dim=True),
        Column("waiting", _("Waiting"), number=True),
    ]  # fmt: skip
    filters = [ChoiceFilter("way", _("Way"), lambda: list(Way.choices))]
    search = ("name", "address")
    empty_title = _("No system receives changes yet")
    empty_text = _("Other systems stay in step by signed webhooks, by files, or by asking the API. Nothing is lost while one of them is away.")  # fmt: skip
    page_template = "sources/subscribers.html"

    def rows(self, request: HttpRequest) -> QuerySet[Subscriber]:
        return with_deliveries(request.user)  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return reverse("sources:subscriber", args=[row.pk])


def the_subscriber(request: HttpRequest, pk: uuid.UUID) -> Subscriber:
    """A subscriber that this person may see, or 404."""
    return get_object_or_404(subscribers_visible_to(request.user), pk=pk)  # type: ignore[arg-type]


@needs("sources.change")
def new(request: HttpRequest) -> HttpResponse:
    """Keep a system in step."""
    form = SubscriberForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = actions.subscribe(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            if secret:
                return render(request, "sources/subscriber_secret.html", {"subscriber": made, "secret": secret})  # fmt: skip
            return redirect("sources:subscriber", made.pk)
        except ValidationError as refusal:
            told(form, refusal)
    return render(request, "sources/subscriber_new.html", {"form": form}, status=422 if form.errors else 200)  # fmt: skip


@needs("sources.see")
def subscriber(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A subscriber and the log of what it was sent."""
    found = the_subscriber(request, pk)
    context = {
        "subscriber": found, "state": state_of(found), "schedule": schedule_words(found.schedule),
        "deliveries": [delivery_line(one) for one in deliveries_of(found)[:SHOWN]],
        "feed": f"/api/v1/changes?subscriber_id={found.pk}",
    }  # fmt: skip
    return render(request, "sources/subscriber.html", context)


def delivery_line(one: Delivery) -> dict[str, Any]:
    """A message as the log shows it."""
    if one.delivered_at:
        state = (_("Arrived"), "good")
    elif one.given_up_at:
        state = (_("Given up"), "bad")
    elif one.tries:
        state = (_("Tried again"), "watch")
    else:
        state = (_("Waits"), "info")
    return {"row": one, "state": state}


@require_POST
@needs("sources.change")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tell it nothing any more."""
    actions.end_subscriber(the_subscriber(request, pk), by=request.user)  # type: ignore[arg-type]
    return redirect("sources:subscribers")


@require_POST
@needs("sources.run")
def enabling(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send again."""
    if actions.enable_again(the_subscriber(request, pk), by=request.user):  # type: ignore[arg-type]
        messages.success(
            request,
            str(_("It was stopped for longer than changes are kept, so everything is sent anew.")),
        )
    return redirect("sources:subscriber", pk)


@require_POST
@needs("sources.run")
def resending(request: HttpRequest, pk: uuid.UUID, delivery: uuid.UUID) -> HttpResponse:
    """Send one message once more."""
    found = the_subscriber(request, pk)
    one = get_object_or_404(found.deliveries, pk=delivery)
    if found.way == Way.WEBHOOK:
        actions.resend(one, by=request.user)  # type: ignore[arg-type]
        messages.success(request, str(_("It is sent again within seconds.")))
    return redirect("sources:subscriber", pk)
