"""The model in use: what the company's own records taught, or what the product brings."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import Parameters
from dangol.identity.models import Model
from dangol.identity.usual import USUAL


@dataclass(frozen=True, slots=True)
class Learned:
    """Parameters, thresholds, and the row they come from (None for those of the product)."""

    parameters: Parameters
    thresholds: Thresholds
    row: Model | None


def learned(kind: str = "person") -> Learned:
    """The newest model that is not ended."""
    row = Model.objects.filter(kind=kind, ended_at=None).order_by("-version").first()
    if row is None:
        return Learned(USUAL, Thresholds(), None)
    return Learned(Parameters(**row.parameters), Thresholds(row.join_from, row.review_from), row)
