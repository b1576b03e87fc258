"""Lists: programmes, due calls, decisions."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dangol.campaigns.explaining import spoken
from dangol.campaigns.forms import LEVEL_CHOICES
from dangol.campaigns.models import PROMISED, Campaign, Decision, Purpose, Reason, Target
from dangol.campaigns.queries import (
    decisions_visible_to,
    programmes_visible_to,
    progress_of,
    targets_visible_to,
)  # fmt: skip
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.interactions.models import Outcome
from dangol.places.filters import PlaceFilter
from dangol.ui.lists import BulkAction, ChoiceFilter, Column, DateRangeFilter, ListPage
from dangol.ui.templatetags.measures import figures, meter
from dangol.ui.templatetags.ui import badge

STATE_LABELS = {
    "running": (_("Running"), "good"),
    "paused": (_("Paused"), "watch"),
    "coming": (_("Not begun"), "info"),
    "ended": (_("Ended"), ""),
}


def state_of(campaign: Campaign) -> str:
    """running, paused, coming or ended."""
    today = timezone.localdate()
    if campaign.ends_on and campaign.ends_on < today:
        return "ended"
    if campaign.paused_at:
        return "paused"
    return "coming" if campaign.starts_on > today else "running"


def state_badge(campaign: Campaign) -> str:
    """The state with its colour and shape."""
    return badge(*STATE_LABELS[state_of(campaign)])


def progress_cell(campaign: Campaign) -> str:
    """How much of what fell due came to its end."""
    progress = campaign.progress  # type: ignore[attr-defined]
    if not progress.made:
        return format_html('<span class="muted">{}</span>', "–")
    share = progress.finished_share * 100
    return meter(share, 100, label=_("Progress"), text=f"{share:.0f}%")


class ProgrammeList(ListPage):
    """Programmes that the person may see."""

    key = "programmes"
    title = _("Programmes")
    ability = "programmes.see"
    columns = [
        Column("priority", _("Priority"), sortable=True, number=True),
        Column("name", _("Name"), value=str, main=True, sortable=True),
        Column("state", _("State"), value=state_of, cell=state_badge),
        Column("purpose", _("Purpose"), value=lambda c: c.get_purpose_display(), dim=True),
        Column("place", _("Place"), value=lambda c: str(c.place), dim=True),
        Column("open", _("Open"), value=lambda c: c.progress.open, number=True),
        Column("progress", _("Progress"), value=lambda c: c.progress.finished_share, cell=progress_cell),
        Column("daily_capacity", _("A day"), number=True,
               cell=lambda c: figures(c.daily_capacity) if c.daily_capacity else "∞"),
        Column("starts_on", _("From"), sortable=True, dim=True),
        Column("ends_on", _("Until"), dim=True),
    ]  # fmt: skip
    filters = [ChoiceFilter("purpose", _("Purpose"), Purpose.choices)]
    order = "priority"
    search = ("name", "name_en")
    search_hint = _("Name")
    page_template = "campaigns/programme_list.html"
    empty_title = _("No programmes yet")
    empty_text = _("A programme calls customers some days after a purchase or a service.")

    def rows(self, request: HttpRequest) -> QuerySet[Campaign]:
        return programmes_visible_to(request.user).select_related("place")  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return reverse("campaigns:programme", args=[row.pk])

    def completed(self, rows: list[Campaign]) -> None:  # type: ignore[override]
        found = progress_of([row.pk for row in rows])
        for row in rows:
            row.progress = found[row.pk]  # type: ignore[attr-defined]


class OfProgramme(ListPage):
    """A list within one programme."""

    ability = "programmes.see"
    page_template = "campaigns/part_list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.pk = kwargs.get("pk")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = programmes_visible_to(request.user)  # type: ignore[arg-type]
        self.campaign = get_object_or_404(mine, pk=self.pk)
        return super().get(request, *args, **kwargs)

    def extra(self, request: HttpRequest) -> dict[str, Any]:
        return {"campaign": self.campaign, "tab": self.key}

    def row_url(self, row: Model) -> str:
        return reverse("customers:customer", args=[row.customer_id])  # type: ignore[attr-defined]

    def shown(self, request: HttpRequest, rows: list[Any]) -> None:  # type: ignore[override]
        record_access(request, self.key, [row.customer_id for row in rows])


TARGET_STATES = {
    "waiting": (_("Waiting"), "info"),
    "leased": (_("At a desk"), "accent"),
    "done": (_("Done"), "good"),
    "dropped": (_("Given up"), ""),
}


def in_states(rows: QuerySet[Target], values: list[str]) -> QuerySet[Target]:
    """Due calls in any of these states."""
    leased = Q(finished_at=None, leased_by__isnull=False, next_at__gt=timezone.now())
    tests = {
        "waiting": Q(finished_at=None) & ~leased,
        "leased": leased,
        "done": Q(result__in=Outcome.values),
        "dropped": Q(finished_at__isnull=False) & ~Q(result__in=Outcome.values),
    }
    test = Q(pk__in=[])
    for value in values:
        test |= tests[value]
    return rows.filter(test)


def result_words(row: Target) -> str:
    """How a due call ended."""
    if not row.result:
        return ""
    labels = {**dict(Outcome.choices), **dict(Reason.choices)}
    return str(labels.get(row.result, row.result))


class TargetList(OfProgramme):
    """The due calls of a programme; those that come next first."""

    key = "targets"
    title = _("Due calls")
    columns = [
        Column("customer", _("Customer"), value=lambda t: shown_name(t.customer.name), main=True),
        Column("stage", _("Stage"), value=lambda t: str(t.stage)),
        Column("place", _("Site"), value=lambda t: t.place and str(t.place), dim=True),
        Column("state", _("State"), value=lambda t: t.state(),
               cell=lambda t: badge(*TARGET_STATES[t.state()], bare=True)),
        Column("result", _("Result"), value=result_words),
        Column("level", _("Order"), value=lambda t: str(dict(LEVEL_CHOICES).get(t.level, _("Promised"))),
               cell=lambda t: badge(_("Promised"), "accent") if t.level == PROMISED
               else dict(LEVEL_CHOICES)[t.level], dim=True),
        Column("attempts_made", _("Tries"), number=True),
        Column("assigned_to", _("Assigned to"), value=lambda t: t.assigned_to and str(t.assigned_to), shown=False),
        Column("due_on", _("Due"), dim=True),
        Column("next_at", _("Next try"), sortable=True, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "state", _("State"), [(k, v[0]) for k, v in TARGET_STATES.items()], apply=in_states
        ),
        PlaceFilter("place", _("Place")),
        DateRangeFilter("due_on", _("Due"), day=True),
    ]
    order = "next_at"
    presets = [(_("Waiting"), "state=waiting&state=leased"), (_("Done"), "state=done")]
    search = ("customer__name__startswith",)
    search_hint = _("Customer")
    actions = [
        BulkAction(_("Hand over"), "campaigns:hand_over", "users", "programmes.edit"),
        BulkAction(_("Change order"), "campaigns:level", "layers", "programmes.edit"),
        BulkAction(_("Take off the list"), "campaigns:drop", "x", "programmes.edit", danger=True),
    ]
    empty_title = _("No due calls")
    empty_text = _("Calls fall due by themselves when a transaction fits a stage.")

    def rows(self, request: HttpRequest) -> QuerySet[Target]:
        rows = targets_visible_to(request.user).select_related("assigned_to")  # type: ignore[arg-type]
        pk: uuid.UUID | None = getattr(self, "pk", None)
        return rows.filter(campaign=pk) if pk else rows


class DecisionList(OfProgramme):
    """Why customers were chosen or skipped."""

    key = "decisions"
    title = _("Decisions")
    columns = [
        Column("customer", _("Customer"), value=lambda d: shown_name(d.customer.name), main=True),
        Column("stage", _("Stage"), value=lambda d: str(d.stage)),
        Column("chosen", _("Chosen"), cell=lambda d: badge(_("Chosen"), "good", bare=True)
               if d.chosen else badge(_("Skipped"), "watch", bare=True)),
        Column("reason", _("Why"), value=lambda d: spoken(d.reason, d.facts)),
        Column("at", _("Decided"), sortable=True, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "reason", _("Reason"), [c for c in Reason.choices if c[0] not in
            {Reason.NOT_MATCHING, Reason.NOT_YET_DUE, Reason.BEFORE_START, Reason.CAPACITY,
             Reason.NOTHING_TO_CONFIRM}]
        ),
        DateRangeFilter("at", _("Decided")),
    ]  # fmt: skip
    order = "-at"
    search = ("customer__name__startswith",)
    search_hint = _("Customer")
    empty_title = _("Nothing was decided yet")
    empty_text = _("Each customer who was chosen or skipped stands here with the reason.")

    def rows(self, request: HttpRequest) -> QuerySet[Decision]:
        return decisions_visible_to(request.user).filter(campaign=self.pk)  # type: ignore[arg-type,misc]
