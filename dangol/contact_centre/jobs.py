"""Work without a person: calls whose desk is gone are followed to their end."""

from __future__ import annotations

import logging

from django.utils import timezone

from dangol.contact_centre.actions import follow_call
from dangol.contact_centre.queries import open_calls
from dangol.core.jobs import task

logger = logging.getLogger(__name__)


@task(name="contact_centre.follow_calls", pass_context=False)
def follow_calls(timestamp: int | None = None) -> int:
    """Write down what the line says of every open call; returns how many ended."""
    ended = 0
    for call in open_calls()[:2000]:
        ended += follow_call(call, at=timezone.now()).ended_at is not None
    return ended
