"""Keeping what a model learned, and which version of it scores."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.scores.models import ModelVersion, ModelWeights, ScoreModel
from dangol.scores.recipes import Learned

WORSE = 0.05
"""How much larger the error of a fresh version may be for it to follow the champion by itself."""


def packed(weights: dict[str, Any]) -> bytes:
    """Arrays as one compressed file; never an object that would run code when read."""
    target = BytesIO()
    np.savez_compressed(target, allow_pickle=False, **weights)
    return target.getvalue()


@transaction.atomic
def keep_version(model: ScoreModel, learned: Learned, lake_version: int) -> ModelVersion:
    """Write down what was learned; it becomes champion by itself only where nobody need judge."""
    locked = (
        ScoreModel.objects.select_for_update(of=("self",))
        .select_related("champion")
        .get(pk=model.pk)
    )
    last = locked.versions.order_by("-number").first()
    if last and (last.algorithm, last.parameters) == (learned.algorithm, learned.parameters):
        return last
    version = ModelVersion.objects.create(
        model=locked, number=last.number + 1 if last else 1, lake_version=lake_version,
        algorithm=learned.algorithm, parameters=learned.parameters, metrics=learned.metrics,
        report=learned.report, first_day=learned.first_day, last_day=learned.last_day,
    )  # fmt: skip
    if learned.weights:
        ModelWeights.objects.create(version=version, body=packed(learned.weights))
    record_change(
        "scores.version_learned", version, by=None, changes={"metrics": [{}, learned.metrics]}
    )
    if follows(locked.champion, version):
        crown(locked, version, by=None, at=timezone.now())
    return version


def follows(champion: ModelVersion | None, version: ModelVersion) -> bool:
    """The first version; later a fresh one of the same algorithm that errs no more than 5% more."""
    if champion is None:
        return True
    before, after = champion.metrics.get("error"), version.metrics.get("error")
    same = champion.algorithm == version.algorithm
    return same and (before is None or after is None or after <= before * (1 + WORSE))


def crown(model: ScoreModel, version: ModelVersion, *, by: User | None, at: dt.datetime) -> None:
    """Make a version the champion; inside the caller's transaction and lock."""
    before = model.champion.number if model.champion else None
    version.promoted_at, version.promoted_by = at, by
    version.save(update_fields=["promoted_at", "promoted_by"])
    model.champion = version
    model.save(update_fields=["champion"])
    record_change(
        "scores.version_promoted", model, by=by, at=at,
        changes={"champion": [before, version.number]},
    )  # fmt: skip
