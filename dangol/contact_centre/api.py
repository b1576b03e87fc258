"""Agent states by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from dangol.contact_centre import actions
from dangol.contact_centre.models import State
from dangol.contact_centre.queries import state_of, wallboard
from dangol.core.api import Body, Problem, may

router = Router(tags=["agents"])


class StateOut(Schema):
    """What an agent is doing since when."""

    agent_id: uuid.UUID
    state: str
    reason: str
    began_at: dt.datetime | None


class AgentOut(StateOut):
    """An agent with today's figures (seconds are averages of answered calls)."""

    name: str
    calls: int
    answered: int
    talk_seconds: float
    wrap_seconds: float


class StateIn(Body):
    """What the agent does next; only a break has a reason."""

    state: Literal["available", "break", "training", "offline"]
    reason: Literal["", "meal", "rest", "meeting", "protected", "other"] = ""


@router.get("/agents", response=list[AgentOut])
def list_agents(request: HttpRequest):  # type: ignore[no-untyped-def]
    """The agents that you may see, with state and today's figures."""
    return [
        {
            "agent_id": row.agent.pk,
            "name": row.agent.name,
            "state": row.interval.state if row.interval else State.OFFLINE,
            "reason": row.interval.reason if row.interval else "",
            "began_at": row.interval.began_at if row.interval else None,
            "calls": row.figures.calls,
            "answered": row.figures.answered,
            "talk_seconds": round(row.figures.talk_seconds, 1),
            "wrap_seconds": round(row.figures.wrap_seconds, 1),
        }
        for row in wallboard(may(request, "agents.see"))
    ]


@router.get("/agents/me/state", response=StateOut)
def get_my_state(request: HttpRequest):  # type: ignore[no-untyped-def]
    """What you are doing."""
    user = may(request, "desk.work")
    held = state_of(user)
    if held is None:
        return {"agent_id": user.pk, "state": State.OFFLINE, "reason": "", "began_at": None}
    return held


@router.put("/agents/me/state", response=StateOut)
def change_my_state(request: HttpRequest, body: StateIn):  # type: ignore[no-untyped-def]
    """Change your state; not while you are on a call."""
    user = may(request, "desk.work")
    held = state_of(user)
    if held and held.state == State.ON_CALL:
        raise Problem(409, _("On a call"), _("End the call first."))
    return actions.change_state(user, body.state, reason=body.reason, by=user)
