"""What a source said about somebody, now and before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils import timezone

OURS = "dangol"
"""The source of what people wrote here by hand; its key is the customer's id."""

BY_HAND = frozenset({OURS, "manual", "agent", "api", ""})
"""Sources under which people and programs write here."""
MOST_WAYS = 9
WAYS = {
    way: (way, *(f"{way}{n}" for n in range(2, MOST_WAYS + 1)))
    for way in ("phone", "email", "address")
}
"""Where a record says how to reach somebody; there is no gap between those in use."""


def fields_of_way(way: str, values: dict[str, Any]) -> Iterator[str]:
    """The fields in which these values say how to reach somebody."""
    for place, field in enumerate(WAYS[way]):
        if field in values:
            yield field
        elif place:
            return


def told_since(times: dict[str, str], as_of: dt.datetime | None, field: str) -> dt.datetime | None:
    """Since when a source says what it says: when it changed, else its own instant. When we first
    read a record says nothing of how old its values are."""
    told = times.get(field)
    return dt.datetime.fromisoformat(told) if told else as_of


class SourceRecord(models.Model):
    """One row of one source about one customer: what it says now. Keys of a source never change.

    A record without a customer waits for the matching, which finds the one that it speaks of or
    makes one.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, default="person")
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, related_name="records"
    )
    values = models.JSONField(default=dict)
    """Field: what the source says, in one form; a field that is not there is not known to it."""
    times = models.JSONField(default=dict)
    """Field: since when the source says so, for fields that changed after it was first seen."""
    as_of = models.DateTimeField(null=True)
    """The source's own instant of its last change, where it has one."""
    attributes = models.JSONField(default=dict, db_default={})
    """Own attribute, by its key: what files of this source said last, in any state of the customer."""
    raw = models.JSONField(null=True)
    """The cells as they came, where the source was read directly."""
    refused = models.JSONField(null=True)
    """[field, why, the cell] of what it says and cannot be: left out of `values`, or not believed."""
    first_seen_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    """When the source last said anything of it."""
    changed_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)
    """When the source no longer had it."""
    revision = models.PositiveIntegerField(default=1)
    unread = models.BooleanField(default=True)
    """New or changed since the matching last read it."""
    failed_at = models.DateTimeField(null=True)
    """When the matching failed at it; until it changes it waits for a comparison of all records."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="source_record_key"),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(unread=True), name="source_record_unread"
            ),
            models.Index(
                fields=["source"], condition=models.Q(unread=True), name="source_record_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"

    @property
    def shown_key(self) -> str:
        """The number that people know it by in its source; a record of our own has none."""
        return "" if self.source == OURS else self.key

    @property
    def direct(self) -> bool:
        """Whether the source itself was read, and not a file that somebody loaded."""
        return self.raw is not None

    def since(self, field: str) -> dt.datetime | None:
        """Since when the source says what it says of a field."""
        return told_since(self.times, self.as_of, field)


class RecordVersion(models.Model):
    """What a record said before it changed. Never changed itself."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(SourceRecord, models.CASCADE, related_name="versions")
    values = models.JSONField()
    raw = models.JSONField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.record_id} {self.since:%Y-%m-%d}"
