"""What a call should verify: the contact points of one customer that are most probably wrong."""

from __future__ import annotations

import uuid

from dangol.quality.models import Risk
from dangol.quality.queries import policy_in_use


def to_verify(customer_id: uuid.UUID) -> dict[uuid.UUID, float]:
    """Contact point: chance of being wrong now; the most probable first, as many as the policy asks.

    For the desk, beside the script: two short queries by index.
    """
    policy = policy_in_use()
    rows = Risk.objects.filter(
        contact_point__customer=customer_id, contact_point__ended_at=None,
        chance__gte=policy.ask_from,
    ).exclude(contact_point__state__in=["wrong", "moved"])  # fmt: skip
    found = rows.order_by("-chance").values_list("contact_point_id", "chance")
    return dict(found[: policy.ask_most])
