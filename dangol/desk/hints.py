"""The slot for hints beside a call (cross-sell, retention): other apps register, the desk shows.

@gives_hints
def service_is_due(customer_id, agent): return [Hint(title="…", text="…")]
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from dangol.core.models import User


@dataclass(frozen=True)
class Hint:
    """One thing worth saying to this customer."""

    title: str
    text: str = ""
    url: str = ""
    meaning: str = "info"


Source = Callable[[uuid.UUID, User], list[Hint]]
_sources: list[Source] = []


def gives_hints(source: Source) -> Source:
    """Register a function from customer and agent to hints; it must answer in milliseconds."""
    _sources.append(source)
    return source


def hints_for(customer_id: uuid.UUID, agent: User) -> list[Hint]:
    """Every hint for this customer."""
    return [hint for source in _sources for hint in source(customer_id, agent)]
