"""Pages of returns: what was done with scores, and what came of it."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.scores.models import ScoreModel
from dangol.scores.queries import models_visible_to
from dangol.scores.return_models import Use
from dangol.scores.returns import begin_use, count_outcomes, lifts_of, shown_lift, sides_of
from dangol.scores.words import cell_label
from dangol.ui.going import sent_to
from dangol.ui.toast import toast


@needs("scores.see")
def uses(request: HttpRequest) -> HttpResponse:
    """Every use, the latest first."""
    rows = [
        (use, cell_label(use.model.kind, use.cell) if use.model and use.cell else "")
        for use in Use.objects.select_related("model", "by")[:100]
    ]
    return render(request, "scores/uses.html", {"rows": rows})


@needs("scores.see")
def use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One use: who was treated, and the lift with its interval."""
    found = get_object_or_404(Use.objects.select_related("model", "by"), pk=pk)
    context = {
        "use": found, "sides": sides_of(found), "lifts": shown_lift(lifts_of(found)),
        "share": f"{100 * found.hold_out:.0f} %",
        "cell": cell_label(found.model.kind, found.cell) if found.model and found.cell else "",
        "may_run": request.user.can("scores.run"),  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "scores/use.html", context)


@require_POST
@needs("scores.run")
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Draw lots over a cell of a score."""
    model: ScoreModel = get_object_or_404(models_visible_to(request.user), key=key)  # type: ignore[arg-type]
    given = request.POST
    try:
        made = begin_use(
            name=given.get("name", "")[:120], model=model, cell=given.get("cell", "")[:40],
            hold_out=float(given.get("hold_out") or 20) / 100, days=int(given.get("days") or 30),
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
    except (ValidationError, ValueError) as refusal:
        said = " ".join(getattr(refusal, "messages", [str(refusal)]))
        return toast(redirect(f"/scores/{model.key}/?view=return"), said, meaning="bad")
    return sent_to(request, "scores:use", made.pk)


@require_POST
@needs("scores.run")
def outcomes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Count what came so far."""
    count_outcomes(get_object_or_404(Use, pk=pk))
    return sent_to(request, "scores:use", pk)
