"""A run's summary for somebody who sees some places only: the same figures, of their customers alone."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import Avg, Count, FloatField, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Floor, Least

from dangol.core.models import User
from dangol.places.scope import scoped
from dangol.scores.models import Kind, Move, Run, Score, ScoreModel


def in_scope(user: User, model: ScoreModel) -> QuerySet[Score]:
    """The scores of customers of the person's places."""
    return scoped(Score.objects.filter(model=model), user, "scores.see", "customer__home_place")


def reason(place: int) -> Cast:
    """The figure of a reason: [["alive", 0.8, …], …] has 0.8 at place 0."""
    return Cast(KeyTextTransform(1, KeyTransform(place, "reasons")), FloatField())


def run_in_scope(user: User, model: ScoreModel, run: Run) -> Run:
    """The run as the person sees it; never to be saved."""
    seen, rows = copy(run), in_scope(user, model)
    seen.summary = run.summary | SUMMARIES[Kind(model.kind)](rows, run)
    return seen


def counted(rows: QuerySet[Score], run: Run, **figures: Any) -> dict[str, dict[str, Any]]:
    """Customers and other figures of each cell, in the order of the run's summary."""
    found = {
        row["cell"]: row
        for row in rows.values("cell").annotate(customers=Count("pk"), **figures).order_by()
    }
    nothing = {"customers": 0} | dict.fromkeys(figures, 0)
    return {
        name: cell | {k: found.get(name, nothing)[k] for k in nothing}
        for name, cell in run.summary["cells"].items()
    }


def parts(rows: QuerySet[Score], what: Any) -> list[int]:
    """Customers in ten groups of a probability."""
    tenth = Least(Floor(Cast(what, FloatField()) * 10), 9.0)
    found = dict(rows.annotate(tenth=tenth).values_list("tenth").annotate(n=Count("pk")).order_by())
    return [found.get(float(i), 0) for i in range(10)]


def rfm(rows: QuerySet[Score], run: Run) -> dict[str, Any]:
    """Cells, the grid, and who moved since the run began."""
    figures = {"money": Sum(reason(2)), "last": Avg(reason(0)), "often": Avg(reason(1))}
    grid = [[0] * 5 for _r in range(5)]
    for value, n in rows.values_list("value").annotate(n=Count("pk")).order_by():
        r, f, m = map(int, str(int(value)))
        grid[r - 1][(f + m + 1) // 2 - 1] += n
    moved = rows.filter(at__gte=run.started_at).exclude(before="").values_list("before", "cell")
    came = rows.filter(at__gte=run.started_at, before="").count()
    moves = [
        Move(run=run, before=b, after=a, customers=n)
        for b, a, n in moved.annotate(n=Count("pk")).order_by()
    ]
    return {
        "cells": counted(rows, run, **figures), "grid": grid,
        "moves": [*moves, Move(run=run, before="", after="new", customers=came)],
    }  # fmt: skip


def value(rows: QuerySet[Score], run: Run) -> dict[str, Any]:
    """Cells, the sum of what is expected, and how many are still customers."""
    whole = rows.aggregate(value=Sum("value", default=0.0), alive=Sum(reason(0), default=0.0))
    return whole | {
        "cells": counted(rows, run, value=Sum("value")),
        "alive_parts": parts(rows, KeyTextTransform(1, KeyTransform(0, "reasons"))),
    }


def churn(rows: QuerySet[Score], run: Run) -> dict[str, Any]:
    """Cells and the mean chance."""
    return {
        "cells": counted(rows, run, chance=Avg("value")), "parts": parts(rows, "value"),
        "rate": rows.aggregate(mean=Avg("value", default=0.0))["mean"],
    }  # fmt: skip


def following(rows: QuerySet[Score], run: Run) -> dict[str, Any]:
    """For how many each product comes first."""
    return {"cells": counted(rows, run)}


def voice(rows: QuerySet[Score], run: Run) -> dict[str, Any]:
    """Cells alone: words, topics and weeks are of the whole company, and are not shown."""
    nothing: dict[str, Any] = {"time": {}, "sites": {}, "products": {}}
    return {"cells": counted(rows, run), "topics": [], "weeks": [], "emerging": nothing}


SUMMARIES = {
    Kind.RFM: rfm,
    Kind.VALUE: value,
    Kind.CHURN: churn,
    Kind.NEXT: following,
    Kind.VOICE: voice,
}
