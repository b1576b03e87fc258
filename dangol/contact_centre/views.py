"""The supervisor's wallboard of agents."""

from __future__ import annotations

import uuid
from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dangol.contact_centre import actions
from dangol.contact_centre.models import State
from dangol.contact_centre.queries import Figures, WallRow, agents_visible_to, state_of, wallboard
from dangol.core.access import needs

MEANINGS = {
    State.AVAILABLE: "good", State.ON_CALL: "accent", State.WRAP_UP: "watch",
    State.BREAK: "info", State.TRAINING: "info", State.OFFLINE: "",
}  # fmt: skip
ORDER = {state: place for place, state in enumerate(State)}


def total_of(rows: list[WallRow]) -> Figures:
    """The figures of all agents together; times weigh by answered calls."""
    answered = sum(row.figures.answered for row in rows)

    def weighed(name: str) -> float:
        total = sum(getattr(row.figures, name) * row.figures.answered for row in rows)
        return float(total) / (answered or 1)

    calls = sum(row.figures.calls for row in rows)
    return Figures(calls, answered, weighed("talk_seconds"), weighed("wrap_seconds"))


@needs("agents.see")
def agents(request: HttpRequest) -> HttpResponse:
    """Every agent: state with its time, today's calls and handle time; redrawn as states change."""
    now = timezone.now()
    rows = wallboard(request.user, now)  # type: ignore[arg-type]
    rows.sort(key=lambda r: (ORDER[State(r.interval.state)] if r.interval else 9, r.agent.name))
    counts = Counter(row.interval.state if row.interval else State.OFFLINE for row in rows)
    shown = {
        "rows": [
            {
                "row": row,
                "label": row.interval.get_state_display() if row.interval else State.OFFLINE.label,
                "meaning": MEANINGS[State(row.interval.state)] if row.interval else "",
                "seconds": (now - row.interval.began_at).total_seconds() if row.interval else 0,
            }
            for row in rows
        ],
        "counts": [(state.label, counts.get(state, 0), MEANINGS[state]) for state in State],
        "total": total_of(rows),
    }
    template = "contact_centre/agents.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#wall"
    return render(request, template, shown)


@require_POST
@needs("agents.see")
def agent_state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A supervisor ends a forgotten state: the agent is put offline, unless on a call."""
    agent = get_object_or_404(agents_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    held = state_of(agent)
    if held and held.state != State.ON_CALL:
        actions.change_state(agent, State.OFFLINE, by=request.user)  # type: ignore[arg-type]
    return redirect("contact_centre:agents")
