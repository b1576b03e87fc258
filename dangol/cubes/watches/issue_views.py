"""Pages of the issues that watches opened."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.jobs import next_time
from dangol.cubes import actions
from dangol.cubes.asking.shown import told as shown
from dangol.cubes.models import Issue
from dangol.cubes.queries import issues_visible_to, watches_visible_to
from dangol.cubes.refusing import refused
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.ui.going import sent_to


def probability(p: float | None) -> str:
    """A probability with five digits; smaller ones are told as such."""
    return "" if p is None else "< 0.00001" if p < 0.00001 else f"= {p:.5f}"


def told(issue: Issue) -> dict[str, Any]:
    """An issue as a line: its figure in words and its clock."""
    name = QueryDict(issue.address).get("subject", "")
    measure = next((m for m in SUBJECTS[name].measures if m.name == issue.watch.measure), None) if name in SUBJECTS else None  # fmt: skip
    left = (issue.due_at - timezone.now()) / dt.timedelta(seconds=1)
    return {
        "issue": issue, "measure": measure, "left": left,
        "text": shown(measure, issue.value),
        "expected": shown(measure, issue.expected), "p": probability(issue.evidence.get("p")),
        "test": issue.evidence.get("test", ""),
    }  # fmt: skip


@needs("cubes.see")
def issues(request: HttpRequest) -> HttpResponse:
    """Open issues, the most urgent first, and what was closed lately."""
    rows = issues_visible_to(request.user)  # type: ignore[arg-type]
    watches = list(watches_visible_to(request.user)[:50])  # type: ignore[arg-type]
    context = {
        "open": [told(i) for i in rows.filter(closed_at=None).order_by("due_at")[:100]],
        "closed": [told(i) for i in rows.exclude(closed_at=None).order_by("-closed_at")[:20]],
        "watches": watches, "may_edit": request.user.can("watches.edit"),  # type: ignore[union-attr]
        "looked": any(w.looked_at for w in watches),
        "waiting": sum(w.looked_at is None for w in watches),
        "next_look": next_time("cubes.look", timezone.now()),
    }  # fmt: skip
    return render(request, "cubes/issues.html", context)


@needs("cubes.see")
def issue(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One issue: what was found, by which test, and what is done."""
    found = get_object_or_404(issues_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    return render(request, "cubes/issue.html", told(found))


@require_POST
@needs("cubes.see")
def issue_take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """I act on it."""
    found = get_object_or_404(issues_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    actions.take_issue(found, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "cubes:issue", found.pk)


@require_POST
@needs("cubes.see")
def issue_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Settled, in words."""
    found = get_object_or_404(issues_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    try:
        actions.close_issue(found, request.POST.get("words", ""), by=request.user)  # type: ignore[arg-type]
    except ValidationError as wrong:
        return refused(request, wrong.messages)
    return sent_to(request, "cubes:issues")
