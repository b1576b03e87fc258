"""Pages of goals, watches and the issues that watches opened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.cubes import actions
from dangol.cubes.addresses import address_of
from dangol.cubes.forms import GoalForm, WatchForm
from dangol.cubes.goals import standing
from dangol.cubes.models import Goal, Issue, Watch
from dangol.cubes.queries import goals_visible_to, issues_visible_to, watches_visible_to
from dangol.cubes.shown import figure_text, with_unit
from dangol.cubes.views import asked, newest
from dangol.ui.going import sent_to

MOST_GOALS = 24


def refused(request: HttpRequest, messages: list[str]) -> HttpResponse:
    """What was wrong."""
    return render(request, "cubes/refused.html", {"messages": messages}, status=422)


@needs("cubes.see")
def goals(request: HttpRequest) -> HttpResponse:
    """Goals beside actuals."""
    seen = newest()
    rows = goals_visible_to(request.user)[:MOST_GOALS] if seen else []  # type: ignore[arg-type]
    stands = [standing(goal, request.user, seen) for goal in rows]  # type: ignore[arg-type]
    context = {
        "stands": stands,
        "may_edit": request.user.can("goals.edit"),
    }  # type: ignore[union-attr,arg-type]
    return render(request, "cubes/goals.html", context)


@needs("goals.edit")
def goal_new(request: HttpRequest) -> HttpResponse:
    """Set a goal."""
    form = GoalForm(request.user, request.POST or None)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.set_goal(by=request.user, **goal_fields(form))  # type: ignore[arg-type]
            return sent_to(request, "cubes:goals")
    return render(request, "cubes/goal.html", {"form": form}, status=422 if form.errors else 200)


@needs("goals.edit")
def goal_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a goal."""
    goal: Goal = get_object_or_404(goals_visible_to(request.user, "goals.edit"), pk=pk)  # type: ignore[arg-type]
    form = GoalForm(request.user, request.POST or None, initial=GoalForm.told(goal))  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.change_goal(goal, by=request.user, **goal_fields(form))  # type: ignore[arg-type]
            return sent_to(request, "cubes:goals")
    context = {"form": form, "goal": goal}
    return render(request, "cubes/goal.html", context, status=422 if form.errors else 200)


def goal_fields(form: GoalForm) -> dict[str, Any]:
    """What the form says, as actions take it."""
    given = dict(form.cleaned_data)
    given["subject"], given["measure"] = given.pop("figure").split(".")
    return given


@contextmanager
def told_in(form: Form) -> Iterator[None]:
    """What an action refuses is told at the form's fields."""
    try:
        yield
    except ValidationError as wrong:
        told = wrong.error_dict if hasattr(wrong, "error_dict") else {NON_FIELD_ERRORS: [wrong]}
        for name, errors in told.items():
            at = {"measure": "figure"}.get(name, name) if name not in form.fields else name
            for one in errors:
                form.add_error(at if at in form.fields else None, one)


@require_POST
@needs("goals.edit")
def goal_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A goal holds no longer."""
    goal: Goal = get_object_or_404(goals_visible_to(request.user, "goals.edit"), pk=pk)  # type: ignore[arg-type]
    actions.end_goal(goal, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "cubes:goals")


def probability(p: float | None) -> str:
    """A probability with five digits; smaller ones are told as such."""
    return "" if p is None else "< 0.00001" if p < 0.00001 else f"= {p:.5f}"


def told(issue: Issue) -> dict[str, Any]:
    """An issue as a line: its figure in words and its clock."""
    from dangol.cubes.catalogue import SUBJECTS

    name = dict(actions.as_pairs(issue.address)).get("subject", "")
    measure = next((m for m in SUBJECTS[name].measures if m.name == issue.watch.measure), None) if name in SUBJECTS else None  # fmt: skip
    left = (issue.due_at - timezone.now()) / dt.timedelta(seconds=1)
    return {
        "issue": issue, "measure": measure, "left": left,
        "text": with_unit(measure, figure_text(measure, issue.value)),
        "expected": figure_text(measure, issue.expected), "p": probability(issue.evidence.get("p")),
        "test": issue.evidence.get("test", ""),
    }  # fmt: skip


@needs("cubes.see")
def issues(request: HttpRequest) -> HttpResponse:
    """Open issues, the most urgent first, and what was closed lately."""
    rows = issues_visible_to(request.user)  # type: ignore[arg-type]
    watches = watches_visible_to(request.user)  # type: ignore[arg-type]
    context = {
        "open": [told(i) for i in rows.filter(closed_at=None).order_by("due_at")[:100]],
        "closed": [told(i) for i in rows.exclude(closed_at=None).order_by("-closed_at")[:20]],
        "watches": watches[:50], "may_edit": request.user.can("watches.edit"),  # type: ignore[union-attr]
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


@needs("watches.edit")
def watch_new(request: HttpRequest) -> HttpResponse:
    """Have the rows of a question watched."""
    query, errors = asked(request)
    form = WatchForm(request.POST or None, measures=query.subject.measures)
    address = request.POST.get("address") or address_of(query)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.set_watch(address=address, owner=request.user, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # fmt: skip
            return sent_to(request, "cubes:issues")
    context = {"form": form, "query": query, "errors": errors, "address": address}
    return render(request, "cubes/watch.html", context, status=422 if form.errors else 200)


@needs("watches.edit")
def watch_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a watch look for something else."""
    watch: Watch = get_object_or_404(watches_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    query = actions.question_of(watch.address)
    form = WatchForm(request.POST or None, measures=query.subject.measures, initial=WatchForm.told(watch))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.change_watch(watch, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return sent_to(request, "cubes:issues")
    context = {"form": form, "query": query, "watch": watch, "address": watch.address}
    return render(request, "cubes/watch.html", context, status=422 if form.errors else 200)


@require_POST
@needs("watches.edit")
def watch_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It looks no longer."""
    found: Watch = get_object_or_404(watches_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    actions.end_watch(found, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "cubes:issues")
