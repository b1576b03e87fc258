"""Reads over scores."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet, Sum

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.places.scope import ranges, scoped, sees_everything
from dangol.scores.models import ModelVersion, Move, Run, Score, ScoreModel, Use


def models_visible_to(user: User) -> QuerySet[ScoreModel]:
    """The company's scores, for those who work with them."""
    if not user.can("scores.see"):
        return ScoreModel.objects.none()
    return ScoreModel.objects.select_related("champion")


def versions_of(model: ScoreModel) -> QuerySet[ModelVersion]:
    """What a model learned, the latest first."""
    return model.versions.select_related("promoted_by").order_by("-number")


def runs_of(model: ScoreModel) -> QuerySet[Run]:
    """Work on a model, the latest first."""
    return model.runs.select_related("by", "version").order_by("-created_at")


def last_finished(model: ScoreModel) -> Run | None:
    """The latest run that wrote scores."""
    return model.runs.filter(finished_at__isnull=False, failure="").order_by("-created_at").first()


def failures_told() -> str:
    """Which scores failed when they ran last, and why; empty where none did."""
    latest = Run.objects.filter(finished_at__isnull=False).select_related("model")
    latest = latest.order_by("model_id", "-created_at").distinct("model_id")
    failed = [run for run in latest if run.state == "failed"]
    return "; ".join(f"{run.model}: {run.failure}" for run in failed)


def scores_visible_to(user: User) -> QuerySet[Score]:
    """Scores of customers whose home site lies where the person may see customers."""
    return scoped(Score.objects.all(), user, "customers.see", "customer__home_place")


def scores_of(customer: Customer) -> QuerySet[Score]:
    """What all models say of one customer."""
    return (
        Score.objects.filter(customer=customer)
        .select_related("model")
        .order_by("model__created_at")
    )


def sees_whole_company(user: User) -> bool:
    """Whether figures of the whole company are this person's to see."""
    spans = ranges(user, "scores.see")
    return bool(spans) and sees_everything(user, spans)


def uses_visible_to(user: User) -> QuerySet[Use]:
    """What was done with scores and segments: everything for the company, else what one began oneself."""
    if not user.can("scores.see"):
        return Use.objects.none()
    rows = Use.objects.select_related("model", "by", "ended_by")
    return rows if sees_whole_company(user) else rows.filter(by=user)


def moves_of(run: Run) -> list[Move]:
    """Who went from which cell to which, staying included."""
    return list(run.moves.order_by("before", "after"))


def sizes_over_time(model: ScoreModel, runs: int = 30) -> list[tuple[dt.date, dict[str, int]]]:
    """The sizes of the cells as of each of the last runs, oldest first; one for each day."""
    latest = list(
        model.runs.filter(finished_at__isnull=False, failure="").order_by("-created_at")
        .values_list("pk", "as_of")[:runs]
    )  # fmt: skip
    rows = (
        Move.objects.filter(run__in=[pk for pk, _day in latest]).exclude(after="")
        .values("run", "after").annotate(n=Sum("customers"))
    )  # fmt: skip
    sizes: dict[Any, dict[str, int]] = {}
    for row in rows:
        sizes.setdefault(row["run"], {})[row["after"]] = row["n"]
    by_day = {day: sizes.get(pk, {}) for pk, day in reversed(latest) if day}
    return sorted(by_day.items())
