"""What interactions tells on the customer's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dangol.core.masking import shown_words
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.timeline import Moment, Source, register
from dangol.interactions.queries import interactions_visible_to

ICONS = {"phone": "phone", "email": "mail", "web": "globe", "message": "message-square"}
MEANINGS = {"done": "good", "wrong_number": "bad", "refused": "watch"}


def interactions_before(
    user: User, customer: Customer, before: dt.datetime, limit: int
) -> Iterable[Moment]:
    """Conversations with their outcome."""
    rows = interactions_visible_to(user).filter(customer=customer, queued_at__lt=before)
    for row in rows.order_by("-queued_at")[:limit]:
        icon = ICONS.get(row.channel, "message-square")
        if row.channel == "phone":
            icon = "phone-outgoing" if row.outbound else "phone-incoming"
        parts = [row.get_channel_display(), row.get_outcome_display()]
        yield Moment(
            row.queued_at,
            icon,
            " · ".join(str(part) for part in parts if part),
            text=shown_words(row.note),
            url=reverse("interactions:interaction", args=[row.pk]),
            by=str(row.agent or ""),
            meaning=MEANINGS.get(row.outcome, ""),
        )


register(Source("calls", _("Conversations"), interactions_before, "interactions.see"))
