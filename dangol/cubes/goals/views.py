"""Pages of goals."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.cubes import actions
from dangol.cubes.asking.answer import today
from dangol.cubes.explorer.views import newest
from dangol.cubes.goals.forms import GoalForm
from dangol.cubes.goals.standing import standing
from dangol.cubes.models import Goal
from dangol.cubes.queries import goals_visible_to
from dangol.cubes.refusing import told_in
from dangol.ui.going import sent_to

MOST_GOALS = 24


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
    year = today().year
    begun = {"first": dt.date(year, 1, 1), "last": dt.date(year, 12, 31)}
    form = GoalForm(request.user, request.POST or None, initial=begun)  # type: ignore[arg-type]
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


@require_POST
@needs("goals.edit")
def goal_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A goal holds no longer."""
    goal: Goal = get_object_or_404(goals_visible_to(request.user, "goals.edit"), pk=pk)  # type: ignore[arg-type]
    actions.end_goal(goal, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "cubes:goals")
