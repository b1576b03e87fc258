"""Runs a model: learn where asked, then score. Safe to begin again, and never two at once for one model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from dangol.core.audit import record_change
from dangol.scores.models import ModelVersion, ModelWeights, Run, ScoreModel
from dangol.scores.recipes import Learned, TooLittle, recipe_of
from dangol.scores.writing import write_scores
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import NoLake

WORSE = 0.05
"""How much larger the error of a fresh version may be for it to follow the champion by itself."""


class Busy(RuntimeError):
    """Another process works on this model at this moment."""


@contextmanager
def alone(model: ScoreModel) -> Iterator[None]:
    """Not twice at once for one model, on however many machines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [str(model.pk)])
        if not cursor.fetchone()[0]:
            raise Busy(model.key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [str(model.pk)])


def progress_of(run: Run) -> Callable[[str, int, int], None]:
    """Writes down how far a run has come."""

    def write(doing: str, done: int = 0, total: int = 0) -> None:
        run.doing, run.done, run.total = doing, done, total
        Run.objects.filter(pk=run.pk).update(doing=doing, done=done, total=total)

    return write


def perform(run: Run) -> Run:
    """Do what a run asks for; a run that failed says why, and what was there before stays."""
    with alone(run.model):
        run.refresh_from_db()
        if run.finished_at:
            return run
        run.started_at = run.started_at or timezone.now()
        run.save(update_fields=["started_at"])
        try:
            work(run)
        except (TooLittle, NoLake) as reason:
            run.failure = str(reason)[:2000] or type(reason).__name__
        except Exception as failure:
            finish(run, f"{type(failure).__name__}: {failure}"[:2000])
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
        run.version = keep(model, learned, seen.version)
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


def packed(weights: dict[str, Any]) -> bytes:
    """Arrays as one compressed file; never an object that would run code when read."""
    target = BytesIO()
    np.savez_compressed(target, allow_pickle=False, **weights)
    return target.getvalue()


def weights_of(body: bytes) -> dict[str, Any]:
    """The arrays again."""
    with np.load(BytesIO(body), allow_pickle=False) as found:
        return dict(found)


@transaction.atomic
def keep(model: ScoreModel, learned: Learned, lake_version: int) -> ModelVersion:
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
    """The first version; later a fresh one of the same algorithm that errs no more than 5 % more."""
    if champion is None:
        return True
    before, after = champion.metrics.get("error"), version.metrics.get("error")
    same = champion.algorithm == version.algorithm
    return same and (before is None or after is None or after <= before * (1 + WORSE))


def crown(model: ScoreModel, version: ModelVersion, *, by: Any, at: dt.datetime) -> None:
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
