"""Using a score: who is treated and who is held out by lot, what came, and how sure that is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.scores.lift import Lift, Sums, lift
from dangol.scores.models import Kind, ScoreModel
from dangol.scores.queries import scores_visible_to
from dangol.scores.return_models import Exposure, Outcome, Use
from dangol.segments.models import Segment
from dangol.segments.queries import members_visible_to

PIECE = 5000
FEWEST = 4


def held_out(use: uuid.UUID, customer: uuid.UUID, share: float) -> bool:
    """The lot: for ever the same for one use and customer, and independent between uses."""
    return uuid.uuid5(use, customer.hex).int % 1_000_000 < share * 1_000_000


@transaction.atomic
def begin_use(
    *, name: str, hold_out: float, days: int, by: User | None, model: ScoreModel | None = None,
    cell: str = "", segment: Segment | None = None, customers: list[uuid.UUID] | None = None,
    at: dt.datetime | None = None,
) -> Use:  # fmt: skip
    """Draw lots over a cell of a score or a segment (as far as the person may see), or over given customers."""
    at = at or timezone.now()
    if not name.strip():
        raise ValidationError({"name": _("Say what is done.")})
    if not 0.01 <= hold_out <= 0.9 or not 1 <= days <= 730:
        raise ValidationError(_("Hold out 1 to 90 %, and watch 1 to 730 days."))
    use = Use.objects.create(
        name=name.strip(), model=model, cell=cell, segment_id=segment and segment.pk,
        hold_out=hold_out, days=days, started_at=at, by=by,
    )  # fmt: skip
    meant, count = customers_meant(by, model, cell, segment, customers), 0
    for some in batched(meant, PIECE):
        count += len(some)
        Exposure.objects.bulk_create(
            Exposure(use=use, customer_id=key, held_out=held_out(use.pk, key, hold_out), at=at)
            for key in some
        )
    if count < FEWEST:
        raise ValidationError(_("Too few customers to compare."))
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, {"use": use.pk, "days": days})
    changes = {"customers": [0, count], "hold_out": [None, hold_out]}
    record_change("scores.use_begun", use, by=by, at=at, changes=changes)
    return use


def customers_meant(
    by: User | None, model: ScoreModel | None, cell: str, segment: Segment | None,
    customers: list[uuid.UUID] | None,
) -> Iterable[uuid.UUID]:  # fmt: skip
    """Ids of the customers who are drawn, one after the other."""
    if customers is not None:
        return customers
    if by is None or (model is None) == (segment is None):
        raise ValidationError(_("Say who is meant."))
    if segment is not None:
        members = members_visible_to(by, segment)
        return members.values_list("pk", flat=True).order_by("pk").iterator(PIECE)
    scores = scores_visible_to(by).filter(model=model)
    chosen = scores.filter(cell=cell) if cell else scores
    return chosen.values_list("customer", flat=True).order_by("customer").iterator(PIECE)


BEFORE = """
UPDATE scores_exposure e SET before = t.spent FROM (
    SELECT x.customer_id, sum(t.amount) AS spent FROM scores_exposure x
    JOIN purchases_transaction t ON t.customer_id = x.customer_id
        AND t.at < x.at AND t.at >= x.at - make_interval(days => %(days)s)
    WHERE x.use_id = %(use)s GROUP BY x.customer_id
) t WHERE e.use_id = %(use)s AND e.customer_id = t.customer_id
"""
COUNT = """
INSERT INTO scores_outcome (use_id, customer_id, measure, amount, at)
SELECT e.use_id, e.customer_id, m.measure, CASE m.measure WHEN 'spent' THEN coalesce(sum(t.amount), 0)
    ELSE (count(t.id) FILTER (WHERE t.amount >= 0) > 0)::int END, %(at)s
FROM scores_exposure e CROSS JOIN (VALUES ('spent'), ('bought')) m(measure)
LEFT JOIN purchases_transaction t ON t.customer_id = e.customer_id
    AND t.at >= e.at AND t.at < least(e.at + make_interval(days => %(days)s), %(at)s)
WHERE e.use_id = %(use)s GROUP BY e.use_id, e.customer_id, m.measure
ON CONFLICT (use_id, customer_id, measure) DO UPDATE SET amount = excluded.amount, at = excluded.at
WHERE scores_outcome.amount <> excluded.amount
"""
GROUPS = """
SELECT e.held_out, o.measure, count(*), sum(o.amount), sum(o.amount * o.amount), sum(e.before),
    sum(e.before * e.before), sum(e.before * o.amount)
FROM scores_exposure e JOIN scores_outcome o USING (use_id, customer_id)
WHERE e.use_id = %s GROUP BY 1, 2
"""


@transaction.atomic
def count_outcomes(use: Use, *, at: dt.datetime | None = None) -> int:
    """Count what customers bought since, up to now or the end of the days; again changes nothing."""
    at = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"use": use.pk, "days": use.days, "at": at})
        changed = cursor.rowcount
    Use.objects.filter(pk=use.pk).update(counted_at=at)
    return changed


@transaction.atomic
def record_outcome(
    use: Use, customer: Customer, measure: str, amount: float, *, at: dt.datetime | None = None
) -> Outcome:
    """Write down what a campaign counted itself, such as a redemption; again replaces it."""
    if not use.exposures.filter(customer=customer).exists():
        raise ValidationError({"customer_id": _("This customer was not drawn.")})
    made, _created = Outcome.objects.update_or_create(
        use=use, customer=customer, measure=measure,
        defaults={"amount": amount, "at": at or timezone.now()},
    )  # fmt: skip
    return made


def lifts_of(use: Use) -> dict[str, tuple[Lift, Lift | None]]:
    """For each measure the plain estimate and, for money, the one that knows what was spent before."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, [use.pk])
        rows = cursor.fetchall()
    groups: dict[str, dict[bool, Sums]] = {}
    for held, measure, *sums in rows:
        groups.setdefault(measure, {})[held] = Sums(int(sums[0]), *map(float, sums[1:]))
    found = {}
    for measure, sides in sorted(groups.items()):
        if len(sides) == 2 and (plain := lift(sides[False], sides[True])):
            found[measure] = (plain, lift(sides[False], sides[True], covariate=True))
    return found


def sides_of(use: Use) -> dict[str, int]:
    """How many are treated and held out."""
    held = use.exposures.filter(held_out=True).count()
    return {"held_out": held, "treated": use.exposures.count() - held}


def count_open_uses(at: dt.datetime) -> int:
    """Count every use whose days are not over, or were over since it was counted; how many."""
    counted = 0
    for use in Use.objects.all():
        end = use.started_at + dt.timedelta(days=use.days)
        if use.counted_at is None or use.counted_at < end:
            count_outcomes(use, at=at)
            counted += 1
    return counted


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
            "unit": " %" if measure == "bought" else "",
        }
        for measure, pair in found.items()
        for way, said in enumerate(pair)
        if said and not (way == 1 and measure == "bought")
    ]  # fmt: skip
