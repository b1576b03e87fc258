"""Pages of scores: all of them, one model, a customer's panel."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.customers.queries import customer_by_id
from dangol.scores import actions
from dangol.scores.forms import ModelForm
from dangol.scores.models import ModelVersion, Run, Score, ScoreModel
from dangol.scores.pages import now_context, quality_context
from dangol.scores.queries import (
    last_finished,
    models_visible_to,
    runs_of,
    scores_of,
    uses_visible_to,
    versions_of,
)
from dangol.scores.returns import cells_to_use
from dangol.scores.told import algorithm_words, metric_words
from dangol.scores.words import (
    cell_label,
    cell_meaning,
    doing_words,
    failure_words,
    reason_words,
    state_words,
    value_words,
)
from dangol.ui.going import sent_to
from dangol.ui.toast import toast

STATES = {"waiting": "info", "running": "info", "finished": "good", "failed": "bad", "lacking": "info"}  # fmt: skip
RUNS = 12


def the_model(request: HttpRequest, key: str) -> ScoreModel:
    """A score that this person may see, or 404."""
    return get_object_or_404(models_visible_to(request.user), key=key)  # type: ignore[arg-type]


def told_run(run: Run) -> dict[str, Any]:
    """A run as a line."""
    return {
        "run": run, "word": state_words(run.state), "meaning": STATES[run.state],
        "failure": failure_words(run.failure), "doing": doing_words(run.doing),
    }  # fmt: skip


def told_version(version: ModelVersion) -> ModelVersion:
    """A version with its algorithm and its figures in words."""
    version.title = algorithm_words(version.algorithm)  # type: ignore[attr-defined]
    version.told = [(metric_words(n), v) for n, v in version.metrics.items()]  # type: ignore[attr-defined]
    return version


@needs("scores.see")
def models(request: HttpRequest) -> HttpResponse:
    """Every score, how it stands and when it ran last."""
    rows = list(models_visible_to(request.user))  # type: ignore[arg-type]
    latest: dict[Any, Run] = {}
    for run in (
        Run.objects.filter(model__in=rows).order_by("model_id", "-created_at").distinct("model_id")
    ):
        latest[run.model_id] = run
    context = {
        "rows": [(m, told_run(latest[m.pk]) if m.pk in latest else None) for m in rows],
        "may_list": request.user.can("customers.see"),  # type: ignore[union-attr]
    }
    return render(request, "scores/models.html", context)


@needs("scores.see")
def model(request: HttpRequest, key: str) -> HttpResponse:
    """One score: as it is now, how good it is, its versions, its schedule."""
    found, user = the_model(request, key), request.user
    view = request.GET.get("view", "now")
    runs = list(runs_of(found)[:RUNS])
    finished = last_finished(found)
    context: dict[str, Any] = {
        "model": found, "view": view, "finished": finished, "part": f"scores/{found.kind}/now.html",
        "quality_part": f"scores/{found.kind}/quality.html",
        "tabs": [
            (name, label, f"?view={name}") for name, label in tabs_of()
        ],
        "open": next((told_run(r) for r in runs if not r.finished_at), None),
        "failed": told_run(runs[0]) if runs and runs[0].failure else None,
        "may_run": user.can("scores.run"), "may_promote": user.can("scores.promote"),  # type: ignore[union-attr]
        "may_list": user.can("customers.see"),  # type: ignore[union-attr]
        "may_read": user.can("answers.see") or user.can("cases.see"),  # type: ignore[union-attr]
    }  # fmt: skip
    match view:
        case "versions":
            context |= {
                "versions": [told_version(v) for v in versions_of(found)[:20]],
                "runs": [told_run(r) for r in runs],
            }
        case "return":
            context |= {
                "uses": uses_visible_to(user).filter(model=found)[:20],
                "cells": cells_to_use(found),
            }
        case "settings":
            context["form"] = ModelForm(found)
        case "quality" if found.champion_id:
            context |= quality_context(found)
        case _ if finished:
            context |= now_context(user, found, finished)  # type: ignore[arg-type]
    template = "scores/model.html" + ("#model" if request.htmx else "")  # type: ignore[attr-defined]
    return render(request, template, context)


def tabs_of() -> list[tuple[str, str]]:
    """What the page of a score has."""
    return [("now", pgettext("score", "Now")), ("quality", pgettext("score", "How good is it?")),
            ("return", pgettext("score", "Return")), ("versions", pgettext("score", "Versions and runs")), ("settings", pgettext("score", "Schedule and settings"))]  # fmt: skip


@require_POST
@needs("scores.run")
def runs(request: HttpRequest, key: str) -> HttpResponse:
    """Have a score run now."""
    actions.ask_for_run(the_model(request, key), learn="learn" in request.POST, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "scores:model", key)


@require_POST
@needs("scores.promote")
def champion(request: HttpRequest, key: str) -> HttpResponse:
    """Make a version the champion."""
    found = the_model(request, key)
    number = request.POST.get("number", "")
    version = found.versions.filter(number=int(number)).first() if number.isdigit() else None
    if version is None:
        return toast(redirect("scores:model", key), _("There is no such version."), meaning="bad")
    actions.promote_version(version, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "scores:model", key)


@require_POST
@needs("scores.promote")
def settings(request: HttpRequest, key: str) -> HttpResponse:
    """Change schedule and settings."""
    found = the_model(request, key)
    form = ModelForm(found, request.POST)
    if form.is_valid():
        try:
            actions.change_model(found, by=request.user, **form.changes())  # type: ignore[arg-type]
            return toast(
                redirect(f"{request.path.removesuffix('settings/')}?view=settings"), _("Saved.")
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"model": found, "view": "settings", "form": form,
               "tabs": [(n, label, f"../?view={n}") for n, label in tabs_of()],
               "may_run": True, "may_promote": True}  # fmt: skip
    return render(request, "scores/model.html", context, status=422)


def told_score(score: Score, currency: str) -> dict[str, Any]:
    """A score as the customer's page shows it."""
    kind = score.model.kind
    return {
        "score": score, "value": value_words(kind, score.value, currency),
        "cell": cell_label(kind, score.cell), "meaning": cell_meaning(kind, score.cell),
        "low": score.low is not None and value_words(kind, score.low, currency),
        "high": score.high is not None and value_words(kind, score.high, currency),
        "before": cell_label(kind, score.before) if score.before else "",
        "reasons": reason_words(score.reasons, currency),
    }  # fmt: skip


@needs("customers.see")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the models say of a customer; a panel of the customer page."""
    customer = customer_by_id(request.user, pk)  # type: ignore[arg-type]
    if customer is None:
        raise Http404
    rows = list(scores_of(customer))
    currencies = currencies_of({s.model_id for s in rows})
    told = [told_score(s, currencies.get(s.model_id, "KRW")) for s in rows]
    return render(request, "scores/_customer.html", {"rows": told})


def currencies_of(models: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The currency that each model's last run counted in."""
    runs = Run.objects.filter(model__in=models, failure="", finished_at__isnull=False)
    latest = runs.order_by("model_id", "-created_at").distinct("model_id")
    return {m: s.get("currency") or "KRW" for m, s in latest.values_list("model", "summary")}
