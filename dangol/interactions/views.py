"""Pages of conversations."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_contact, shown_phone
from dangol.core.models import Event
from dangol.customers.by_id import customer_or_404
from dangol.interactions import actions
from dangol.interactions.lists import OUTCOME_MEANINGS, talked
from dangol.interactions.models import Interaction
from dangol.interactions.queries import events_of_thread, interactions_visible_to

MOMENTS = {
    "queued_at": _("Begun"),
    "ringing_at": _("Rang"),
    "answered_at": _("Answered"),
    "ended_at": _("Ended"),
    "wrapped_at": _("Wrapped up"),
}
WORDS = {
    # event: icon, words
    "interactions.InteractionOpened": ("phone-outgoing", _("Conversation begun")),
    "interactions.InteractionEnded": ("phone", _("Conversation wrapped up")),
    "contact_centre.CallEnded": ("phone", _("Call ended")),
    "campaigns.TargetFinished": ("target", _("Due call finished")),
    "surveys.ResponseCompleted": ("clipboard-list", _("Answers given")),
    "surveys.ResponseCorrected": ("clipboard-list", _("Answers corrected")),
    "surveys.ResponseWithdrawn": ("clipboard-list", _("Answers withdrawn")),
    "cases.CaseOpened": ("flag", _("Case opened")),
    "cases.CaseResolved": ("flag", _("Case resolved")),
    "cases.CaseClosed": ("circle-check", _("Case closed")),
    "cases.CaseReopened": ("flag", _("Case opened again")),
}


def entry(event: Event) -> dict[str, Any]:
    """One event of a thread as the timeline draws it."""
    icon, words = WORDS.get(event.name, ("circle", event.name.split(".")[-1]))
    return {"at": event.at, "title": words, "icon": icon, "by": str(event.by) if event.by else ""}


def moments(row: Interaction) -> list[tuple[str, Any, float | None]]:
    """The instants of a conversation in order, with the seconds since the one before."""
    found: list[tuple[str, Any, float | None]] = []
    before = None
    for name, words in MOMENTS.items():
        if at := getattr(row, name):
            found.append((str(words), at, (at - before).total_seconds() if before else None))
            before = at
    return found


def reached(row: Interaction) -> str:
    """The number or address that was used, as this person may see it."""
    point = row.contact_point
    if point is None:
        return ""
    value = shown_phone(point.value) if point.kind == "phone" else point.value
    return shown_contact(point.kind, value)


@needs("interactions.see")
def interaction_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One conversation: its moments, what came of it, and everything of this turn of the loop."""
    rows = interactions_visible_to(request.user).select_related("thread", "contact_point")  # type: ignore[arg-type]
    row = get_object_or_404(rows, pk=pk)
    record_access(request, "conversation", [row.customer_id])
    turn = list(events_of_thread(row.thread_id)) if row.thread_id else []
    others = interactions_visible_to(request.user).filter(thread=row.thread_id)  # type: ignore[arg-type]
    shown = {
        "row": row,
        "moments": moments(row),
        "talk": talked(row),
        "reached": reached(row),
        "meaning": OUTCOME_MEANINGS.get(row.outcome, ""),  # type: ignore[call-overload]
        "turn": [entry(event) for event in reversed(turn) if event.name in WORDS],
        "others": others.exclude(pk=row.pk).order_by("-queued_at")[:20] if row.thread_id else [],
        "may_correct": row.agent_id == request.user.pk and row.wrapped_at,
    }
    return render(request, "interactions/interaction.html", shown)


@require_POST
@needs("interactions.see")
def note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The agent corrects the own note."""
    rows = interactions_visible_to(request.user).filter(agent=request.user)  # type: ignore[arg-type,misc]
    row = get_object_or_404(rows, pk=pk, wrapped_at__isnull=False)
    actions.correct_note(row, request.POST.get("note", "")[:5000], by=request.user)  # type: ignore[arg-type]
    return redirect("interactions:interaction", pk)


@needs("interactions.see")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A customer's latest conversations, for the customer page."""
    customer = customer_or_404(request.user, pk)
    rows = interactions_visible_to(request.user).filter(customer=customer)  # type: ignore[arg-type]
    listed = [
        (row, OUTCOME_MEANINGS.get(row.outcome, ""), talked(row))  # type: ignore[call-overload]
        for row in rows.order_by("-queued_at")[:10]
    ]
    return render(request, "interactions/_customer_interactions.html", {"rows": listed})
