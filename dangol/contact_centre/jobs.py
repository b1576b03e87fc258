"""Work without a person: calls whose desk is gone are followed to their end."""

from __future__ import annotations

from django.utils import timezone

from dangol.contact_centre.actions import follow_call
from dangol.contact_centre.queries import open_calls
from dangol.core.jobs import Lane, one_by_one, task


@task(
    Lane.QUICK, name="contact_centre.follow_calls", queueing_lock="contact_centre.follow_calls",
    pass_context=False,
)  # fmt: skip
def follow_calls(timestamp: int | None = None) -> int:
    """Write down what the line says of every open call; returns how many ended."""
    followed = one_by_one(open_calls()[:2000], lambda call: follow_call(call, at=timezone.now()))
    return sum(call.ended_at is not None for call in followed)
