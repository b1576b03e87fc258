"""Work without a person: calls fall due every few minutes, and soon after a load."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from dangol.campaigns.due_calls import make_due_calls
from dangol.core.jobs import Lane, task


@task(
    Lane.STEADY, name="campaigns.make_due_calls", queueing_lock="campaigns.make_due_calls",
    pass_context=False,
)  # fmt: skip
def make_due_calls_job(timestamp: int | None = None) -> int:
    """Make what fell due by now; returns how many calls were added."""
    return sum(chosen for chosen, _skipped in make_due_calls().values())


def make_due_calls_later() -> None:
    """Make due calls soon; one waiting job is enough."""
    # The savepoint keeps the caller's transaction whole when a job waits already.
    with suppress(AlreadyEnqueued), transaction.atomic():
        make_due_calls_job.defer()
