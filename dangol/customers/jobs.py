"""Work in the background."""

from __future__ import annotations

from dangol.core.jobs import Lane, task
from dangol.customers import tallies


@task(
    Lane.LONG, name="customers.fold_check_tallies", queueing_lock="customers.fold_check_tallies",
    pass_context=False,
)  # fmt: skip
def fold_check_tallies(timestamp: int = 0) -> int:
    """Add the counts of checks up."""
    return tallies.fold_check_tallies()
