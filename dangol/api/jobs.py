"""Jobs of the API."""

from __future__ import annotations

from dangol.api import actions
from dangol.core.jobs import Lane, task


@task(Lane.LONG, name="api.forget_old_answers", queueing_lock="api.forget_old_answers")
def forget_old_answers(timestamp: int = 0) -> int:
    """Every hour: drop answers kept for more than a day."""
    return actions.forget_old_answers()
