"""Jobs of cases."""

from __future__ import annotations

from dangol.cases import actions
from dangol.core.jobs import Lane, task


@task(Lane.QUICK, name="cases.escalate_due_cases", queueing_lock="cases.escalate_due_cases")
def escalate_due_cases(timestamp: int = 0) -> int:
    """Every minute: warn and escalate."""
    return actions.escalate_due_cases()
