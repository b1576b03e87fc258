"""What happens to conversations."""

from __future__ import annotations

import dataclasses

from dangol.core.events import DomainEvent


@dataclasses.dataclass(frozen=True, kw_only=True)
class InteractionOpened(DomainEvent):
    """A conversation was begun."""

    channel: str
    outbound: bool
    purpose: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class InteractionEnded(DomainEvent):
    """A conversation was wrapped up; what came of it is known."""

    channel: str
    outcome: str
