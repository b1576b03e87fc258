"""What stewards answered moves the thresholds: from where two records are asked about, and joined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from scipy.optimize import minimize

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.identity.audits.counting import weights_of_pairs
from dangol.identity.learned import learned, new_version
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.models import Answer, Label, Model, QuestionWhy

LEAST_LABELS = 50
LEAST_OF_EACH = 5
PRECISION = 0.999
EACH = 0.99
"""The chance that even the weakest pair must have that is joined by itself."""
ASKED_FROM = 0.60
"""From this chance on a pair is worth a look."""
FARTHEST = 4.0
"""Bits by which a threshold falls at most in one step."""
STRICTER = 20.0
"""Bits by which it rises at most: to be careful is always allowed."""
BY_WEIGHT = (QuestionWhy.WEIGHT, QuestionWhy.AUDIT, QuestionWhy.CUSTOMERS)
"""Questions that a threshold decides; the others ask because of a contradiction."""
SPREAD = (3.0, 0.5)
"""How far the labels may move the curve's place (in bits) and its slope from the model's own."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Thresholds as the labels would have them, and what they promise."""

    labels: int
    same: int
    thresholds: Thresholds
    present: Thresholds
    shift: float
    slope: float
    precision: float
    precision_now: float
    counted: bool = True
    """Whether it is known how many pairs have which weight: without that nothing is promised."""

    @property
    def enough(self) -> bool:
        """Whether there are labels enough to act upon."""
        return (
            self.counted
            and self.labels >= LEAST_LABELS
            and self.same >= LEAST_OF_EACH
            and self.labels - self.same >= LEAST_OF_EACH
        )


def labelled(kind: str = "person") -> tuple[np.ndarray, np.ndarray]:
    """Weights of the pairs that were answered, and whether they were the same."""
    rows = (
        Label.objects.filter(question__why__in=BY_WEIGHT, question__a__kind=kind)
        .exclude(answer=Answer.UNSURE)
        .values_list("question__weight", "answer")
    )
    told = list(rows)
    weights = np.array([w for w, _a in told], float)
    return weights, np.array([a == Answer.SAME for _w, a in told], float)


def fitted(weights: np.ndarray, same: np.ndarray) -> tuple[float, float]:
    """Place and slope of the curve from bits to chance: Platt's logistic (1999), its prior being
    the model's own claim (0 bits, slope 1)."""
    middle, spread = np.array([0.0, 1.0]), np.array(SPREAD)

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        odds = np.log(2) * (beta[0] + beta[1] * weights)
        off = 1 / (1 + np.exp(-np.clip(odds, -40, 40))) - same
        away = (beta - middle) / spread
        slope = np.log(2) * np.array([off.sum(), (off * weights).sum()]) + away / spread
        return float((np.logaddexp(0, odds) - same * odds).sum() + (away**2).sum() / 2), slope

    found = minimize(loss, middle, jac=True, method="L-BFGS-B", bounds=[(None, None), (0.05, None)])
    return float(found.x[0]), float(found.x[1])


def chance_of(weights: np.ndarray, shift: float, slope: float) -> np.ndarray:
    """The chance that pairs of these bits are one person."""
    return np.asarray(1 / (1 + 2.0 ** -np.clip(shift + slope * weights, -60, 60)))


def proposal(kind: str = "person") -> Proposal:
    """The thresholds that the labels about a kind of customer speak for."""
    weights, same = labelled(kind)
    present = learned(kind).thresholds
    if len(weights) < LEAST_LABELS:
        return Proposal(len(weights), int(same.sum()), present, present, 0.0, 1.0, 0.0, 0.0)
    pairs = weights_of_pairs(kind)
    if pairs is None:
        return Proposal(
            len(weights), int(same.sum()), present, present, 0.0, 1.0, 0.0, 0.0, counted=False
        )
    shift, slope = fitted(weights, same)
    at, number = pairs

    def precision(join: float) -> float:
        above = at >= join
        whole = number[above].sum()
        return (
            float((number[above] * chance_of(at[above], shift, slope)).sum() / whole)
            if whole
            else 1.0
        )

    review = (np.log2(ASKED_FROM / (1 - ASKED_FROM)) - shift) / slope
    grid = np.arange(present.join - FARTHEST, present.join + STRICTER, 0.25)
    sure = chance_of(grid, shift, slope) >= EACH
    good = (float(t) for t, ok in zip(grid, sure, strict=True) if ok and precision(t) >= PRECISION)
    join = next(good, float(grid[-1]))
    review = float(np.clip(review, present.review - FARTHEST, present.review + STRICTER))
    found = Thresholds(round(join, 2), round(min(review, join), 2))
    return Proposal(
        len(weights), int(same.sum()), found, present, shift, slope, precision(join),
        precision(present.join),
    )  # fmt: skip


@transaction.atomic
def apply_proposal(kind: str = "person", *, by: User | None) -> Model:
    """Let the labels' thresholds hold from now on, as a new version of the model."""
    found = proposal(kind)
    if not found.enough:
        raise ValidationError(
            _("There are not enough answers yet: %(n)s of %(least)s.")
            % {"n": found.labels, "least": LEAST_LABELS}
        )
    model = new_version(kind, thresholds=found.thresholds, labels=found.labels, by=by)
    record_change(
        "apply_thresholds", model, by=by,
        changes={
            "join": [found.present.join, found.thresholds.join],
            "review": [found.present.review, found.thresholds.review],
        },
    )  # fmt: skip
    return model
