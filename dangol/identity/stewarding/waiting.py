"""Records that no matching has read yet: while some wait, an empty queue is not the end of the work."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.customers.models import SourceRecord
from dangol.identity.actions import loading
from dangol.identity.matching.kinds import KINDS
from dangol.identity.models import Run

MOST = 10_000
"""Counted up to here; beyond it the page says “more than”."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many records wait, and what has to happen before they are matched."""

    records: int
    run: Run | None
    """The run that is matching now, or was asked for and begins as soon as a worker is free."""
    loading: bool
    """A file is being loaded: the matching begins when it is whole."""

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.records > MOST

    @property
    def shown(self) -> int:
        """The number that the page says."""
        return min(self.records, MOST)


def records_waiting() -> Waiting:
    """The records that wait to be matched, of whatever source: nobody's scope is known of them yet."""
    unread = SourceRecord.objects.filter(unread=True, kind__in=KINDS).values_list("pk")
    records = len(unread[: MOST + 1])
    if not records:
        return Waiting(0, None, False)
    open_ones = Run.objects.filter(ended_at=None).order_by("begun_at", "created_at")
    return Waiting(records, open_ones.first(), loading())
