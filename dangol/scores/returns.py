"""What came of using a score: the lift with its interval, as pages and programs tell it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dangol.scores.lift import Lift, Sums, lift
from dangol.scores.models import Kind, ScoreModel
from dangol.scores.return_models import Use

GROUPS = """
SELECT e.use_id, e.held_out, o.measure, count(*), sum(o.amount), sum(o.amount * o.amount), sum(e.before),
    sum(e.before * e.before), sum(e.before * o.amount)
FROM scores_exposure e JOIN scores_outcome o USING (use_id, customer_id)
WHERE e.use_id = ANY(%s) GROUP BY 1, 2, 3
"""


Lifts = dict[str, tuple[Lift, Lift | None]]


def lifts_of(use: Use) -> Lifts:
    """For each measure the plain estimate and, for money, the one that knows what was spent before."""
    return lifts_of_each([use])[use.pk]


def lifts_of_each(uses: list[Use]) -> dict[uuid.UUID, Lifts]:
    """The lifts of several uses."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, [[use.pk for use in uses]])
        rows = cursor.fetchall()
    groups: dict[tuple[uuid.UUID, str], dict[bool, Sums]] = {}
    for key, held, measure, *sums in rows:
        groups.setdefault((key, measure), {})[held] = Sums(int(sums[0]), *map(float, sums[1:]))
    found: dict[uuid.UUID, Lifts] = {use.pk: {} for use in uses}
    for (key, measure), sides in sorted(groups.items()):
        if len(sides) == 2 and (plain := lift(sides[False], sides[True])):
            found[key][measure] = (plain, lift(sides[False], sides[True], covariate=True))
    return found


def sides_of(use: Use) -> dict[str, int]:
    """How many are treated and held out."""
    held = use.exposures.filter(held_out=True).count()
    return {"held_out": held, "treated": use.exposures.count() - held}


def cells_to_use(model: ScoreModel) -> list[tuple[str, str]]:
    """What of a score can be used."""
    from dangol.scores.words import CELLS

    return [
        ("", _("everybody")),
        *((c, str(label)) for c, label in CELLS.get(Kind(model.kind), {}).items()),
    ]


def shown_lift(found: dict[str, tuple[Lift, Lift | None]]) -> list[dict[str, Any]]:
    """The lifts as the page tells them."""
    names = {"bought": _("Bought at all"), "spent": _("Spent")}
    return [
        {
            "measure": names.get(measure, measure), "lift": said, "plain": way == 0,
            "factor": 100 if measure == "bought" else 1,
            "treated": said.treated * (100 if measure == "bought" else 1),
            "held_out": said.held_out * (100 if measure == "bought" else 1),
            "difference": said.difference * (100 if measure == "bought" else 1),
            "low": said.low * (100 if measure == "bought" else 1),
            "high": said.high * (100 if measure == "bought" else 1),
            "unit": "%" if measure == "bought" else "",
            "step": _("pp") if measure == "bought" else "",
            "digits": 1 if measure == "bought" else 0,
        }
        for measure, pair in found.items()
        for way, said in enumerate(pair)
        if said and not (way == 1 and measure == "bought")
    ]  # fmt: skip
