"""What happens to sources."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SourceRead(DomainEvent):
    """A run of a source was applied to its end."""

    run_id: str
    code: str
    entity: str
    new: int
    changed: int
    gone: int
    refused: int
