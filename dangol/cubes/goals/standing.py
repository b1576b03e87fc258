"""Goals beside actuals: what is, what should be by now, and how it came there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from dangol.core.models import User
from dangol.cubes.asking.addresses import address_of
from dangol.cubes.asking.answer import answer, today
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.periods import Period
from dangol.cubes.asking.query import Query, query_of
from dangol.cubes.asking.results import Answer
from dangol.cubes.asking.shown import told
from dangol.cubes.models import Goal
from dangol.cubes.subjects.catalogue import SUBJECTS, Additivity, Measure
from dangol.ui.templatetags.measures import figures
from dangol.warehouse.engine import Lake

MOST = 24


def question_for(goal: Goal) -> Query:
    """The figure of a goal over its days, by month or week."""
    long = (goal.last - goal.first).days > 120
    given = {
        "subject": goal.subject, "measures": [goal.measure], "rows": ["month" if long else "week"],
        "columns": [], "period": f"{goal.first}..{goal.last}",
        "filters": {**goal.filters, goal.place.kind: [goal.place.code]},
    }  # fmt: skip
    return query_of(given)


def standing(goal: Goal, user: User, seen: Lake, on: dt.date | None = None) -> dict[str, Any]:
    """How a goal stands today."""
    on = on or today()
    query = question_for(goal)
    made = answer(replace(query, period=Period("", goal.first, min(goal.last, max(on, goal.first)))), Scope.of(user), seen, on)  # fmt: skip
    measure = SUBJECTS[goal.subject].measure(goal.measure)
    value = made.figure((), (), measure.name).value
    due = due_by(goal, measure, on)
    reached = None if value is None else float(value) / goal.value * 100 if goal.value else None
    return {
        "goal": goal, "measure": measure, "value": value, "due": due,
        "text": told(measure, value, made.figure((), (), measure.name).currency),
        "goal_text": told(measure, goal.value),
        "due_text": told(measure, due) if measure.additivity == Additivity.ADDITIVE else "",
        "meaning": meaning_of(measure, value, due), "at_most": measure.better == "down",
        "over_text": overrun(measure, beyond(measure, value, due)),
        "reached": reached, "address": address_of(query), "course": course(made, measure, whole=on >= goal.last or not under_way(made, on)),
        "days_left": max((goal.last - on).days, 0),
    }  # fmt: skip


def due_by(goal: Goal, measure: Measure, on: dt.date) -> float:
    """What should be there by today: of a sum the share of the days gone, of a rate all of it."""
    if measure.additivity != Additivity.ADDITIVE:
        return goal.value
    days = (goal.last - goal.first).days + 1
    gone = min(max((on - goal.first).days + 1, 0), days)
    return goal.value * gone / days


def meaning_of(measure: Measure, value: Any, due: float) -> str:
    """Whether it is well on its way."""
    if value is None:
        return ""
    ahead = float(value) >= due if measure.better != "down" else float(value) <= due
    near = abs(float(value) - due) <= abs(due) * 0.05
    return "good" if ahead else "watch" if near else "bad"


def beyond(measure: Measure, value: Any, due: float) -> float:
    """By how much a figure that is to stay low exceeds what it may be by now."""
    if measure.better != "down" or value is None:
        return 0.0
    return max(float(value) - due, 0.0)


def overrun(measure: Measure, over: float) -> str:
    """An excess in words; of per cent in points."""
    if not over:
        return ""
    return figures(over, measure.digits) + _("pp") if measure.unit == "%" else told(measure, over)


def course(made: Answer, measure: Measure, *, whole: bool) -> list[float | None]:
    """The figure from span to span; a sum without the last one where that is not over yet."""
    values = [made.figure(row, (), measure.name).value for row in made.rows]
    if measure.additivity == Additivity.ADDITIVE and not whole:
        values = values[:-1]
    return [None if v is None else float(v) for v in values][-MOST:]


def under_way(made: Answer, on: dt.date) -> bool:
    """Whether the last month or week has days to come."""
    long = made.query.rows[0].name == "month"
    tomorrow = on + dt.timedelta(days=1)
    return tomorrow.month == on.month if long else tomorrow.weekday() != 0
