"""Records that no matching has read yet: while some wait, an empty queue is not the end of the work."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from dangol.customers.models import SourceRecord
from dangol.identity.actions import loading
from dangol.identity.matching.kinds import KINDS
from dangol.identity.models import Question, Run

MOST = 10_000
"""Counted up to here; beyond it the page says “more than”."""
COUNTED = """(SELECT count(*) FROM (SELECT 1 FROM customers_sourcerecord
    WHERE unread AND kind = ANY(%s) LIMIT %s) waiting)"""


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
    """The records that wait to be matched, of whatever source, and what they wait for.

    Nobody's scope is known of them yet.
    """
    unread = SourceRecord.objects.filter(unread=True, kind__in=KINDS).values_list("pk")
    records = len(unread[: MOST + 1])
    if not records:
        return Waiting(0, None, False)
    return Waiting(records, the_run(), bool(loading()))


def with_waiting(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Questions with the number of records that wait as `unmatched`, counted once for all of them."""
    number = RawSQL(COUNTED, [list(KINDS), MOST + 1], IntegerField())
    return rows.annotate(unmatched=number)


def beside(rows: list[Question]) -> Waiting:
    """The number that came with the rows of a queue; without any, it is asked."""
    if not rows:
        return records_waiting()
    return Waiting(rows[0].unmatched, None, False)  # type: ignore[attr-defined]


def the_run() -> Run | None:
    """The run that is matching now, or the next one that somebody asked for."""
    return Run.objects.filter(ended_at=None).order_by("begun_at", "created_at").first()
