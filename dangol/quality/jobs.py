"""Work in the background."""

from __future__ import annotations

from procrastinate import RetryStrategy

from dangol.core.alone import Busy
from dangol.core.jobs import Lane, task
from dangol.quality import nightly
from dangol.quality.tried.counting import count_checks as count

LATER = RetryStrategy(max_attempts=30, wait=60, retry_exceptions=[Busy])


@task(Lane.LONG, name="quality.count_checks", queueing_lock="quality.count_checks")
def count_checks(timestamp: int = 0) -> int:
    """Every hour: months with new checks are counted again."""
    return count()


@task(
    Lane.LONG,
    name="quality.look_every_night",
    queueing_lock="quality.look_every_night",
    retry=LATER,
)
def look_every_night(timestamp: int = 0, key: str = "") -> str:
    """Every night, or as somebody asked: learn decay, tell every chance, measure the records, make the sites' tasks."""
    return nightly.look(key)
