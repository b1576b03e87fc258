"""What happens in the contact centre."""

from __future__ import annotations

import dataclasses
import uuid

from dangol.core.events import DomainEvent


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateChanged(DomainEvent):
    """An agent went from one state to another."""

    before: str
    after: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallEnded(DomainEvent):
    """A call is over."""

    interaction_id: uuid.UUID
    outcome: str
    answered: bool
    talk_seconds: float
