"""Reads over subscribers."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from dangol.core.models import User
from dangol.sources.outgoing.models import Delivery, Subscriber


def subscribers_visible_to(user: User) -> QuerySet[Subscriber]:
    """Every system that is kept in step, for those who may see the sources."""
    rows = Subscriber.objects.filter(ended_at=None).select_related("by")
    return rows if user.can("sources.see") else rows.none()


def with_deliveries(user: User) -> QuerySet[Subscriber]:
    """The same with when the last message arrived and how many wait."""
    return subscribers_visible_to(user).annotate(
        arrived_at=Max("deliveries__delivered_at"),
        waiting=Count("deliveries", filter=Q(deliveries__next_at__isnull=False)),
    )


def deliveries_of(subscriber: Subscriber) -> QuerySet[Delivery]:
    """The log, the newest first."""
    return subscriber.deliveries.order_by("-created_at")
