"""The slot for hints beside a call (cross-sell, retention): other apps register, the desk shows.

@gives_hints
def service_is_due(customer_id, agent): return [Hint(title="…", text="…")]
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dangol.core.models import User
from dangol.scores.offering import offers_for
from dangol.scores.words import days


@dataclass(frozen=True)
class Hint:
    """One thing worth saying to this customer."""

    title: str
    text: str = ""
    url: str = ""
    meaning: str = "info"


Source = Callable[[uuid.UUID, User], list[Hint]]
_sources: list[Source] = []


def gives_hints(source: Source) -> Source:
    """Register a function from customer and agent to hints; it must answer in milliseconds."""
    _sources.append(source)
    return source


def hints_for(customer_id: uuid.UUID, agent: User) -> list[Hint]:
    """Every hint for this customer."""
    return [hint for source in _sources for hint in source(customer_id, agent)]


@gives_hints
def next_product(customer_id: uuid.UUID, agent: User) -> list[Hint]:
    """What goes with what they have, from the recommendation in memory."""
    return [
        Hint(
            title=offer.product,
            text=_("Owners of %(because)s buy it after about %(span)s")
            % {"because": offer.because, "span": days(offer.gap)}
            if offer.gap
            else _("Goes with %(because)s") % {"because": offer.because},
        )
        for offer in offers_for(customer_id, most=1)
    ]
