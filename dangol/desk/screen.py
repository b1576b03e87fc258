"""Everything that the desk shows, read once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from dangol.campaigns.queries import calls_waiting
from dangol.campaigns.script import named, product_of, script_for
from dangol.contact_centre.models import BreakReason, Line, State
from dangol.contact_centre.queries import state_of
from dangol.core.models import User
from dangol.desk.hints import hints_for
from dangol.desk.models import Handling
from dangol.desk.queries import open_handling, points_and_asks, today_of
from dangol.interactions.models import Outcome
from dangol.interactions.queries import earlier_conversations
from dangol.surveys.asking import asking

# Alt works while typing too; the order is that of an agent's day.
OUTCOMES = [
    (Outcome.DONE, "alt+1"), (Outcome.CALL_BACK, "alt+2"), (Outcome.REFUSED, "alt+3"),
    (Outcome.NO_ANSWER, "alt+4"), (Outcome.BUSY, "alt+5"), (Outcome.WRONG_NUMBER, "alt+6"),
    (Outcome.MOVED, "alt+7"), (Outcome.FAILED, "alt+8"),
]  # fmt: skip
STATE_MEANINGS = {
    State.AVAILABLE: "good", State.ON_CALL: "accent", State.WRAP_UP: "watch",
    State.BREAK: "info", State.TRAINING: "info", State.OFFLINE: "",
}  # fmt: skip
LINE_WORDS = {
    "": gettext_lazy("Not dialled"),
    Line.DIALLING: gettext_lazy("Dialling"),
    Line.RINGING: gettext_lazy("Ringing"),
    Line.ANSWERED: gettext_lazy("Talking"),
    Line.HELD: gettext_lazy("On hold"),
    Line.ENDED: gettext_lazy("Ended"),
}
LINE_MEANINGS = {
    Line.DIALLING: "info", Line.RINGING: "info", Line.ANSWERED: "good", Line.HELD: "watch",
}  # fmt: skip


@dataclasses.dataclass
class CallView:
    """The call as the dock shows it."""

    handling: Handling
    line: str
    seconds: float
    """Since the present phase began."""
    point_value: str = ""

    @property
    def live(self) -> bool:
        """Whether the line is open."""
        return self.line not in ("", Line.ENDED)

    @property
    def talking(self) -> bool:
        """Whether somebody is on the line."""
        return self.line in (Line.ANSWERED, Line.HELD)

    @property
    def may_dial(self) -> bool:
        """Before the first call, or after one that nobody answered."""
        talk = self.handling.interaction
        return talk is None or (talk.ended_at is not None and talk.answered_at is None)

    @property
    def word(self) -> str:
        """The phase in words."""
        talk = self.handling.interaction
        if self.line == Line.ENDED and talk and talk.answered_at is None and talk.outcome:
            return str(talk.get_outcome_display())
        return str(LINE_WORDS.get(self.line, self.line))

    @property
    def meaning(self) -> str:
        """How the phase is coloured."""
        return LINE_MEANINGS.get(self.line, "")

    @property
    def outcome(self) -> str:
        """What was chosen, or what the line says."""
        if self.handling.outcome:
            return self.handling.outcome
        return self.handling.interaction.outcome if self.handling.interaction else ""

    @property
    def signature(self) -> str:
        """Changes when the dock must be drawn again."""
        key = self.handling.interaction_id or self.handling.pk
        return f"{key}:{self.line}:{self.handling.outcome}"


def call_view(handling: Handling, at: dt.datetime) -> CallView:
    """The call of a handling at an instant."""
    talk = handling.interaction
    if talk is None:
        return CallView(handling, "", (at - handling.opened_at).total_seconds())
    call = talk.call
    since = call.held_at or talk.ended_at or talk.answered_at or talk.ringing_at or talk.queued_at
    return CallView(handling, call.line, max(0.0, (at - since).total_seconds()), call.number)


def dock(handling: Handling, at: dt.datetime) -> dict[str, Any]:
    """Values of the dock at the foot of the centre column."""
    return {"handling": handling, "call": call_view(handling, at), "outcomes": OUTCOMES}


def agent_state(agent: User, at: dt.datetime) -> dict[str, Any]:
    """Values of the agent's own state."""
    interval = state_of(agent)
    state = State(interval.state) if interval else State.OFFLINE
    return {
        "interval": interval,
        "state": state.value,
        "state_label": state.label,
        "state_meaning": STATE_MEANINGS[state],
        "state_seconds": (at - interval.began_at).total_seconds() if interval else 0,
    }


def dock_again(handling: Handling, at: dt.datetime) -> dict[str, Any]:
    """The dock as an answer, with the agent's state beside it."""
    return dock(handling, at) | agent_state(handling.agent, at) | {"oob": True}


def screen(agent: User, at: dt.datetime | None = None, *, check: bool = False) -> dict[str, Any]:
    """Values of the whole desk; with `check`, questions that still lack an answer are marked."""
    at = at or timezone.now()
    handling = open_handling(agent)
    shown: dict[str, Any] = agent_state(agent, at) | {
        "reasons": BreakReason.choices,
        "today": today_of(agent, at),
        "handling": handling,
    }
    if not handling:
        shown["waiting"] = calls_waiting(agent, at)
    else:
        target = handling.target
        product = product_of(target)
        shown |= (
            dock(handling, at)
            | points_and_asks(handling)
            | {
                "target": target,
                "customer": target.customer,
                "product": named(product),
                "script": script_for(target, product=product, at=at),
                "earlier": [
                    talk
                    for talk in earlier_conversations(target.customer_id, limit=7)
                    if talk.pk != handling.interaction_id
                ][:6],
                "hints": hints_for(target.customer_id, agent),
                "try_number": target.attempts_made + 1,
            }
        )
        if handling.response:
            shown |= asking(handling.response, check=check)
    return shown
