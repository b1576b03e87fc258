"""Who came and who left, as events: each subscriber sees each exactly once.

    with changes_for("campaigns.welcome", segment) as new:
        for change in new: ...        # rows of its own, in the same transaction

The cursor moves in the transaction of what the subscriber writes: a crash in between undoes both,
and two at once wait for each other. Changes are written by one count at a time, so their positions
become visible in their order and a cursor passes none by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone

from dangol.segments.models import Change, Segment, Subscription

AT_ONCE = 10_000
KEPT_DAYS, ABANDONED_DAYS = 100, 400
"""How long a change is kept that everybody has seen; and how long one who reads nothing is waited for."""


@transaction.atomic
def subscribe(name: str, segment: Segment) -> Subscription:
    """Begin to follow a segment from now on; a second time changes nothing."""
    newest = Change.objects.filter(segment=segment).aggregate(n=Max("position"))["n"] or 0
    subscription, _made = Subscription.objects.get_or_create(
        name=name, segment=segment, defaults={"position": newest}
    )
    return subscription


@transaction.atomic
def unsubscribe(name: str, segment: Segment) -> None:
    """Follow it no more."""
    Subscription.objects.filter(name=name, segment=segment).delete()


@contextmanager
def changes_for(name: str, segment: Segment, most: int = AT_ONCE) -> Iterator[list[Change]]:
    """The next changes of a subscriber; they count as seen when the block ends without an error.

    Subscription.DoesNotExist where it never subscribed.
    """
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).get(name=name, segment=segment)
        rows = Change.objects.filter(segment=segment, position__gt=row.position)
        new = list(rows.order_by("position")[:most])
        yield new
        if new:
            row.position, row.read_at = new[-1].position, timezone.now()
            row.save(update_fields=["position", "read_at"])


def forget_changes(at: dt.datetime) -> int:
    """Delete old changes that every subscriber has seen, a portion at a time; the days' figures stay.

    A subscriber who has read nothing for long, though there was something, is waited for no more.
    """
    long_ago, day = at - dt.timedelta(days=ABANDONED_DAYS), at.date() - dt.timedelta(days=KEPT_DAYS)
    forgotten = 0
    for segment in (
        Change.objects.filter(day__lt=day).order_by().values_list("segment", flat=True).distinct()
    ):
        waited = Subscription.objects.filter(segment=segment).exclude(
            Q(read_at__lt=long_ago) | Q(read_at=None, created_at__lt=long_ago)
        )
        seen = waited.aggregate(n=Min("position"))["n"]
        old = Change.objects.filter(segment=segment, day__lt=day)
        old = old if seen is None else old.filter(position__lte=seen)
        while some := list(old.order_by("position").values_list("pk", flat=True)[:AT_ONCE]):
            forgotten += Change.objects.filter(pk__in=some).delete()[0]
    return forgotten


def acknowledge(name: str, segment: Segment, position: int) -> Subscription:
    """A subscriber outside says how far it has come; never backwards."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).get(name=name, segment=segment)
        newest = Change.objects.filter(segment=segment).aggregate(n=Max("position"))["n"] or 0
        if row.position < position <= newest:
            row.position, row.read_at = position, timezone.now()
            row.save(update_fields=["position", "read_at"])
        return row
