"""Using a score: who is treated and who is held out by lot, what came, and how sure that is."""

from __future__ import annotations

import datetime as dt
import json
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
from dangol.scores.purchases import rates_of
from dangol.scores.queries import scores_visible_to
from dangol.scores.return_models import Exposure, Outcome, Use
from dangol.segments.models import Segment
from dangol.segments.queries import members_visible_to

PIECE = 5000
FEWEST = 4
MOST_AMOUNT = 1e12


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
        cursor.execute("ANALYZE scores_exposure")  # what was just written is in no statistics yet
        asked = {"use": use.pk, "days": days, "at": at, "rates": rates_in_home()}
        cursor.execute(BEFORE, asked)
    changes = {"customers": [0, count], "hold_out": [None, hold_out]}
    record_change("scores.use_begun", use, by=by, at=at, changes=changes)
    return use


def rates_in_home() -> str:
    """What a unit of each currency is in the company's, as the value score has it; a currency without
    a rate counts as bought but carries no money."""
    settings = ScoreModel.objects.filter(key=Kind.VALUE).values_list("settings", flat=True).first()
    rates = rates_of(settings or {})
    return json.dumps([{"currency": c, "rate": str(rate)} for c, rate in rates.items()])


def customers_meant(
    by: User | None, model: ScoreModel | None, cell: str, segment: Segment | None,
    customers: list[uuid.UUID] | None,
) -> Iterable[uuid.UUID]:  # fmt: skip
    """Ids of the customers who are drawn, one after the other."""
    if customers is not None:
        return customers
    if by is None or (model is None) == (segment is None):
        raise ValidationError(_("Say who is meant."))
    if segment is not None and segment.ended_at:
        raise ValidationError({"segment_id": _("This segment has ended.")})
    if segment is not None:
        members = members_visible_to(by, segment)
        return members.values_list("pk", flat=True).order_by("pk").iterator(PIECE)
    scores = scores_visible_to(by).filter(model=model)
    chosen = scores.filter(cell=cell) if cell else scores
    return chosen.values_list("customer", flat=True).order_by("customer").iterator(PIECE)


BEFORE = """
WITH spent AS MATERIALIZED (
    SELECT t.customer_id, sum(t.amount * r.rate) AS spent
    FROM purchases_transaction t JOIN jsonb_to_recordset(%(rates)s) r(currency text, rate numeric)
        USING (currency)
    WHERE t.at < %(at)s AND t.at >= %(at)s - make_interval(days => %(days)s)
        AND t.customer_id IN (SELECT customer_id FROM scores_exposure WHERE use_id = %(use)s)
    GROUP BY t.customer_id
)
UPDATE scores_exposure e SET before = s.spent FROM spent s
WHERE e.use_id = %(use)s AND e.customer_id = s.customer_id
"""
COUNT = """
WITH bought AS MATERIALIZED (
    SELECT t.customer_id, sum(t.amount * r.rate) AS spent, bool_or(t.amount >= 0) AS came
    FROM purchases_transaction t LEFT JOIN jsonb_to_recordset(%(rates)s) r(currency text, rate numeric)
        USING (currency)
    WHERE t.at >= %(begin)s AND t.at < least(%(end)s, %(at)s)
        AND t.customer_id IN (SELECT customer_id FROM scores_exposure WHERE use_id = %(use)s)
    GROUP BY t.customer_id
)
INSERT INTO scores_outcome (use_id, customer_id, measure, amount, at)
SELECT e.use_id, e.customer_id, m.measure,
    CASE m.measure WHEN 'spent' THEN coalesce(b.spent, 0) ELSE coalesce(b.came, false)::int END, %(at)s
FROM scores_exposure e CROSS JOIN (VALUES ('spent'), ('bought')) m(measure)
LEFT JOIN bought b USING (customer_id)
WHERE e.use_id = %(use)s
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
        end = use.started_at + dt.timedelta(days=use.days)
        asked = {"use": use.pk, "begin": use.started_at, "end": end, "at": at}
        cursor.execute(COUNT, asked | {"rates": rates_in_home()})
        changed = cursor.rowcount
    Use.objects.filter(pk=use.pk).update(counted_at=at)
    return changed


@transaction.atomic
def record_outcome(
    use: Use, customer: Customer, measure: str, amount: float, *, at: dt.datetime | None = None
) -> Outcome:
    """Write down what a campaign counted itself, such as a redemption; again replaces it."""
    if not abs(amount) <= MOST_AMOUNT:
        raise ValidationError({"amount": _("An amount lies within a million million.")})
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
