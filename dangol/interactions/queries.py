"""Reads over conversations."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from dangol.core.models import Event, User
from dangol.interactions.models import Interaction, Thread
from dangol.places.scope import scoped


def interactions_visible_to(user: User) -> QuerySet[Interaction]:
    """The conversations at the places where the person may see them."""
    return scoped(Interaction.objects.all(), user, "interactions.see").select_related(
        "customer", "agent", "place"
    )


def threads_visible_to(user: User) -> QuerySet[Thread]:
    """The turns of the loop at the places where the person may see conversations."""
    return scoped(Thread.objects.all(), user, "interactions.see").select_related(
        "customer", "place"
    )


def earlier_conversations(customer_id: uuid.UUID, *, limit: int = 8) -> QuerySet[Interaction]:
    """A customer's latest conversations, newest first."""
    rows = Interaction.objects.filter(customer_id=customer_id).select_related("agent", "place")
    return rows.order_by("-queued_at")[:limit]


def events_of_thread(thread_id: uuid.UUID, *, limit: int = 200) -> QuerySet[Event]:
    """Everything that happened in one turn of the loop, in order."""
    return (
        Event.objects.filter(thread_id=thread_id).select_related("by").order_by("position")[:limit]
    )
