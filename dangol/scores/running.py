"""Runs a model: learn where asked, then score. Safe to begin again, and never two at once for one model."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from django.utils import timezone

from dangol.core.alone import alone
from dangol.scores.actions.failing import tell_of_failure
from dangol.scores.actions.versions import keep_version
from dangol.scores.actions.writing import write_scores
from dangol.scores.lack import rows_known
from dangol.scores.models import ModelVersion, ModelWeights, Run, ScoreModel
from dangol.scores.recipes import Lack, Learned, TooLittle, recipe_of
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import NoLake


def progress_of(run: Run) -> Callable[[str, int, int], None]:
    """Writes down how far a run has come."""

    def write(doing: str, done: int = 0, total: int = 0) -> None:
        run.doing, run.done, run.total = doing, done, total
        Run.objects.filter(pk=run.pk).update(doing=doing, done=done, total=total)

    return write


def perform(run: Run) -> Run:
    """Do what a run asks for; one that found too little or failed says why, and what was there
    before stays."""
    with alone(f"scores {run.model_id}"):
        run.refresh_from_db()
        if run.finished_at:
            return run
        run.started_at = run.started_at or timezone.now()
        run.save(update_fields=["started_at"])
        try:
            work(run)
        except TooLittle as reason:
            run.failure, run.summary = reason.lack, {"rows": rows_known(lake())}
        except NoLake:
            run.failure, run.summary = Lack.LAKE, {"rows": 0}
        except Exception as failure:
            finish(run, f"{type(failure).__name__}: {failure}"[:2000])
            tell_of_failure(run)
            raise
        finish(run, run.failure)
    return run


def finish(run: Run, failure: str) -> None:
    """Close a run, so that the next may begin."""
    run.failure, run.finished_at, run.doing = failure, timezone.now(), ""
    run.save()


def work(run: Run) -> None:
    """Learn, then score, over one version of the lake."""
    model, progress = ScoreModel.objects.get(pk=run.model_id), progress_of(run)
    recipe, seen = recipe_of(model.kind), lake()
    if (run.learn or model.champion_id is None) and run.learned_at is None:
        progress("learn", 0, 0)
        learned = recipe.learn(seen, model.settings, progress)
        run.version = keep_version(model, learned, seen.version)
        run.learned_at = timezone.now()
        run.save(update_fields=["version", "learned_at"])
        model.refresh_from_db()
    champion = model.champion
    assert champion is not None
    progress("score", 0, 0)
    scored = recipe.score(seen, of_version(champion), model.settings, progress)
    progress("write", 0, len(scored.value))
    run.version = run.version or champion
    run.lake_version, run.as_of, run.summary = seen.version, scored.as_of, scored.summary
    run.customers = len(scored.value)
    run.changed = write_scores(run, scored, at=timezone.now())


def of_version(version: ModelVersion) -> Learned:
    """What a version learned, as a recipe reads it."""
    kept = ModelWeights.objects.filter(version=version).first()
    return Learned(
        version.algorithm, version.parameters, version.metrics, version.report,
        version.first_day, version.last_day, weights_of(bytes(kept.body)) if kept else None,
    )  # fmt: skip


def weights_of(body: bytes) -> dict[str, Any]:
    """The arrays again."""
    with np.load(BytesIO(body), allow_pickle=False) as found:
        return dict(found)
