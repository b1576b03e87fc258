"""What happens in programmes."""

from __future__ import annotations

import dataclasses
import uuid

from dangol.core.events import DomainEvent


@dataclasses.dataclass(frozen=True, kw_only=True)
class DueCallsMade(DomainEvent):
    """A run made calls fall due."""

    chosen: int
    skipped: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class TargetFinished(DomainEvent):
    """A due call came to its end."""

    campaign_id: uuid.UUID
    result: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProgrammePaused(DomainEvent):
    """A programme hands out no calls until it is resumed."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProgrammeResumed(DomainEvent):
    """A programme hands out calls again."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StagesChanged(DomainEvent):
    """A programme calls otherwise from now on: its days are looked at again, soon."""
