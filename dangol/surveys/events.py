"""What happens to responses; other apps name these by text."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class ResponseCompleted(DomainEvent):
    """A customer's answers are stored and count from now on."""

    interaction_id: uuid.UUID | None
    questionnaire_id: uuid.UUID
    process: str
    day: dt.date
    score: float | None
    """The respondent's own index, 0–100."""
    answers: dict[str, Any]
    """{question key: {"value", "score", "text"}}"""
    call_me: bool


@dataclass(frozen=True, kw_only=True)
class ResponseCorrected(ResponseCompleted):
    """Stored answers were put right."""


@dataclass(frozen=True, kw_only=True)
class ResponseWithdrawn(ResponseCompleted):
    """The answers count no more."""
