"""What can be done with goals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.cubes.actions.checking import by_field, ended, said, taken_over, within_bounds
from dangol.cubes.asking.names import readable
from dangol.cubes.asking.query import Refused
from dangol.cubes.goals.standing import question_for
from dangol.cubes.models import Goal
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.places.models import Place

MOST_GOAL_DAYS = 3660


def checked_goal(goal: Goal) -> Goal:
    """A goal that can be reached and measured; ValidationError says by field why not."""
    goal.name, goal.name_en = said(goal.name), readable(goal.name_en)
    errors: dict[str, Any] = {}
    if goal.subject not in SUBJECTS or goal.measure not in {m.name for m in SUBJECTS[goal.subject].measures}:  # fmt: skip
        errors["measure"] = _("There is no measure “%s”.") % goal.measure[:40]
    else:
        errors |= within_bounds(SUBJECTS[goal.subject].measure(goal.measure), goal.value, "value")
    if goal.last < goal.first:
        errors["last"] = _("It ends before it begins.")
    elif (goal.last - goal.first).days > MOST_GOAL_DAYS:
        errors["last"] = _("A goal spans ten years at most.")
    if errors:
        raise ValidationError(errors)
    goal.full_clean(exclude=["id"])
    try:
        question_for(goal)
    except Refused as refused:
        raise ValidationError(by_field(refused, measures="measure", period="last")) from None
    return goal


@transaction.atomic
def set_goal(
    *, name: str, subject: str, measure: str, place: Place, value: float, first: dt.date,
    last: dt.date, filters: dict[str, list[str]] | None = None, name_en: str = "", by: User | None,
) -> Goal:  # fmt: skip
    """Say what a figure is to be."""
    goal = Goal(
        name=name, name_en=name_en, subject=subject, measure=measure, place=place, value=value,
        first=first, last=last, filters=filters or {}, set_by=by,
    )  # fmt: skip
    checked_goal(goal).save()
    record_change("cubes.goal_set", goal, by=by, changes={"value": [None, value]})
    return goal


@transaction.atomic
def change_goal(goal: Goal, *, by: User, **fields: Any) -> Goal:
    """Say anew what a figure is to be; what was said before stays in the records of changes."""
    goal = Goal.objects.select_for_update().select_related("place").get(pk=goal.pk, ended_at=None)
    if changes := taken_over(goal, fields):
        checked_goal(goal).save()
        record_change("cubes.goal_changed", goal, by=by, changes=changes)
    return goal


@transaction.atomic
def end_goal(goal: Goal, *, by: User) -> Goal:
    """The goal holds no longer."""
    return ended(goal, "cubes.goal_ended", by)
