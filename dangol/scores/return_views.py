"""Pages of returns: what was done with scores and segments, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.scores import actions
from dangol.scores.models import ScoreModel
from dangol.scores.queries import models_visible_to, uses_visible_to
from dangol.scores.return_models import Use
from dangol.scores.returns import lifts_of, lifts_of_each, shown_lift, sides_of
from dangol.scores.words import cell_label
from dangol.segments.models import Segment
from dangol.segments.queries import segments_visible_to
from dangol.ui.going import sent_to
from dangol.ui.toast import toast


def the_use(request: HttpRequest, pk: uuid.UUID) -> Use:
    """A use that the person may see, or 404."""
    return get_object_or_404(uses_visible_to(request.user), pk=pk)  # type: ignore[arg-type]


def cell_of(use: Use) -> str:
    """The cell that was used, in words."""
    return cell_label(use.model.kind, use.cell) if use.model and use.cell else ""


@needs("scores.see")
def uses(request: HttpRequest) -> HttpResponse:
    """Every use, the latest first."""
    found = list(uses_visible_to(request.user)[:100])  # type: ignore[arg-type]
    seen = segments_visible_to(request.user)  # type: ignore[arg-type]
    segments = seen.in_bulk([u.segment_id for u in found if u.segment_id])
    lifts = lifts_of_each(found)
    rows = [
        (use, cell_of(use), segments.get(use.segment_id), first_of(shown_lift(lifts[use.pk])))
        for use in found
    ]
    return render(request, "scores/uses.html", {"rows": rows})


def first_of(shown: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What a line tells: whether more of them bought, once anybody did."""
    told = next((one for one in shown if one["plain"]), None)
    return told if told and (told["treated"] or told["held_out"]) else None


@needs("scores.see")
def use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One use: who was treated, and the lift with its interval."""
    found = the_use(request, pk)
    end, today = found.started_at + dt.timedelta(days=found.days), timezone.now()
    passed = (today - found.started_at).days
    seen = request.user.can("customers.see")  # type: ignore[union-attr]
    segments = segments_visible_to(request.user)  # type: ignore[arg-type]
    end = min(end, found.ended_at or end)
    lifts = shown_lift(lifts_of(found))
    sides = sides_of(found)
    if found.segment_id:
        request.menu_line = "segments:list"  # type: ignore[attr-defined]
    context = {
        "segment": segments.filter(pk=found.segment_id).first() if found.segment_id else None,
        "early": passed < found.days and found.ended_at is None, "passed": passed + 1, "days": found.days,
        "span": f"{date_format(timezone.localdate(found.started_at), 'SHORT_DATE_FORMAT')} – "
        f"{date_format(timezone.localdate(end), 'SHORT_DATE_FORMAT')}",
        "treated_url": reverse("scores:side", args=[pk, "treated"]) if seen else "",
        "held_out_url": reverse("scores:side", args=[pk, "held-out"]) if seen else "",
        "use": found, "sides": sides, "lifts": lifts,
        "nothing": lifts and not any(one["treated"] or one["held_out"] for one in lifts),
        "share": share_in_words(found.hold_out, sides), "cell": cell_of(found),
        "may_run": request.user.can("scores.run"),  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "scores/use.html", context)


def share_in_words(asked: float, sides: dict[str, int]) -> str:
    """“asked 20%, drawn 22.0% of 4,339”: each person draws alone, so that the two differ a little."""
    everybody = sides["treated"] + sides["held_out"]
    return _("asked %(asked)s%%, drawn %(drawn)s%% of %(all)s") % {
        "asked": f"{100 * asked:.0f}", "all": f"{everybody:,}",
        "drawn": f"{100 * sides['held_out'] / max(1, everybody):.1f}",
    }  # fmt: skip


def begun(request: HttpRequest, back: str, **meant: Any) -> HttpResponse:
    """Draw the lots that a form asks for; a refusal is told where it was asked."""
    given = request.POST
    try:
        made = actions.begin_use(
            name=given.get("name", "")[:120], hold_out=float(given.get("hold_out") or 20) / 100,
            days=int(given.get("days") or 30), by=request.user, **meant,  # type: ignore[arg-type]
        )  # fmt: skip
    except actions.AlreadyBegun as known:
        if not known.same:
            told = _(
                "“%(name)s” was begun for these customers today already, with other figures: end it, or choose another name."
            )
            messages.error(request, told % {"name": known.use.name})
        return sent_to(request, "scores:use", known.use.pk)
    except (ValidationError, ValueError) as refusal:
        said = " ".join(getattr(refusal, "messages", [str(refusal)]))
        return toast(redirect(back), said, meaning="bad")
    return sent_to(request, "scores:use", made.pk)


@require_POST
@needs("scores.run")
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Draw lots over a cell of a score."""
    model: ScoreModel = get_object_or_404(models_visible_to(request.user), key=key)  # type: ignore[arg-type]
    back = f"{reverse('scores:model', args=[key])}?view=return"
    return begun(request, back, model=model, cell=request.POST.get("cell", "")[:40])


@needs("scores.see")
def segment_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was done with a segment; a panel of its page."""
    segment: Segment = get_object_or_404(segments_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    context = {
        "segment": segment,
        "uses": uses_visible_to(request.user).filter(segment_id=pk)[:20],  # type: ignore[arg-type]
        "may_run": request.user.can("scores.run") and segment.ended_at is None,  # type: ignore[union-attr]
    }
    return render(request, "scores/_segment.html", context)


@require_POST
@needs("scores.run")
def begin_for_segment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Draw lots over the members of a segment."""
    segment: Segment = get_object_or_404(segments_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    return begun(request, reverse("segments:segment", args=[pk]), segment=segment)


@require_POST
@needs("scores.run")
def outcomes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Count what came so far."""
    actions.count_outcomes(the_use(request, pk))
    return sent_to(request, "scores:use", pk)


@require_POST
@needs("scores.run")
def ending(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Watch it no more."""
    actions.end_use(the_use(request, pk), by=request.user)  # type: ignore[arg-type]
    back = "undo:" + reverse("scores:use_resumption", args=[pk])
    messages.success(request, _("Ended. What came of it so far stays."), extra_tags=back)
    return sent_to(request, "scores:use", pk)


@require_POST
@needs("scores.run")
def resumption(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Watch it again."""
    actions.resume_use(the_use(request, pk), by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "scores:use", pk)
