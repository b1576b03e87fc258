"""Using a score: who is treated and who is held out by lot, what came, and the end of it."""

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

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.scores.models import Kind, ScoreModel
from dangol.scores.purchases import rates_of
from dangol.scores.queries import scores_visible_to, uses_visible_to
from dangol.scores.return_models import Exposure, Outcome, Use
from dangol.segments.models import Segment
from dangol.segments.queries import members_visible_to

PIECE = 5000
FEWEST = 4
MOST_AMOUNT = 1e12
SAME = dt.timedelta(days=1)
"""How long the same name over the same customers means the same use, and not another."""


class AlreadyBegun(Exception):
    """This very use was begun a moment ago, or under the same name today."""

    def __init__(self, use: Use, *, same: bool) -> None:
        self.use, self.same = use, same
        super().__init__(str(use.pk))


def held_out(use: uuid.UUID, customer: uuid.UUID, share: float) -> bool:
    """The lot: for ever the same for one use and customer, and independent between uses."""
    return uuid.uuid5(use, customer.hex).int % 1_000_000 < share * 1_000_000


@anew()
def begin_use(
    *, name: str, hold_out: float, days: int, by: User | None, model: ScoreModel | None = None,
    cell: str = "", segment: Segment | None = None, customers: list[uuid.UUID] | None = None,
    at: dt.datetime | None = None,
) -> Use:  # fmt: skip
    """Draw lots over a cell of a score or a segment (as far as the person may see), or over given customers.

    AlreadyBegun where the same was begun under this name within a day.
    """
    at, name = at or timezone.now(), " ".join(name.split())
    if not name or not name.isprintable():
        raise ValidationError({"name": _("Say what is done.")})
    if not 0.01 <= hold_out <= 0.9:
        raise ValidationError({"hold_out": _("Hold out 1 to 90%, and watch 1 to 730 days.")})
    if not 1 <= days <= 730:
        raise ValidationError({"days": _("Hold out 1 to 90%, and watch 1 to 730 days.")})
    use = Use(
        name=name, model=model, cell=cell, segment_id=segment.pk if segment else None,
        hold_out=hold_out, days=days, started_at=at, by=by,
    )  # fmt: skip
    if by is not None and customers is None:
        refuse_twice(use, by)
    use.save(force_insert=True)
    count = draw_lots(use, customers_meant(by, model, cell, segment, customers))
    if count < FEWEST:
        field = "segment_id" if segment else "model"
        raise ValidationError({field: _("Too few customers to compare.")})
    changes = {"customers": [0, count], "hold_out": [None, hold_out]}
    record_change("scores.use_begun", use, by=by, at=at, changes=changes)
    return use


def refuse_twice(use: Use, by: User) -> None:
    """A form sent twice draws once: whoever comes second waits for the first, and is told of it."""
    meant = {"model": use.model, "cell": use.cell, "segment_id": use.segment_id, "name": use.name}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"use {use.model_id} {use.cell} {use.segment_id} {use.name}"],
        )
    lately = uses_visible_to(by).filter(ended_at=None, started_at__gt=use.started_at - SAME)
    if first := lately.filter(**meant).first():
        same = (first.hold_out, first.days) == (use.hold_out, use.days)
        raise AlreadyBegun(first, same=same)


def draw_lots(use: Use, meant: Iterable[uuid.UUID]) -> int:
    """Treated or held out, and what was spent in as many days before; how many customers."""
    count = 0
    for some in batched(meant, PIECE):
        count += len(some)
        Exposure.objects.bulk_create(
            Exposure(
                use=use, customer_id=key, at=use.started_at,
                held_out=held_out(use.pk, key, use.hold_out),
            )
            for key in some
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE scores_exposure")  # what was just written is in no statistics yet
        asked: dict[str, Any] = {
            "use": use.pk,
            "days": use.days,
            "at": use.started_at,
            "rates": rates_in_home(),
        }
        cursor.execute(BEFORE, asked)
    return count


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
        raise ValidationError({"model": _("Say who is meant.")})
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
        AND t.gone_at IS NULL
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
        AND t.gone_at IS NULL
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


def watched_until(use: Use) -> dt.datetime:
    """When its days are over, or when somebody ended it before."""
    end = use.started_at + dt.timedelta(days=use.days)
    return min(end, use.ended_at) if use.ended_at else end


@anew()
def count_outcomes(use: Use, *, at: dt.datetime | None = None) -> int:
    """Count what customers bought since, up to now or the end of the days; again changes nothing."""
    at = at or timezone.now()
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "use": use.pk,
            "begin": use.started_at,
            "end": watched_until(use),
            "at": at,
        }
        cursor.execute(COUNT, asked | {"rates": rates_in_home()})
        changed = cursor.rowcount
    Use.objects.filter(pk=use.pk).update(counted_at=at)
    return changed


@transaction.atomic
def record_outcome(
    use: Use, customer: Customer, measure: str, amount: float, *, by: User | None,
    at: dt.datetime | None = None,
) -> Outcome:  # fmt: skip
    """Write down what a campaign counted itself, such as a redemption; again replaces it."""
    if not abs(amount) <= MOST_AMOUNT:
        raise ValidationError({"amount": _("An amount lies within a million million.")})
    if not use.exposures.filter(customer=customer).exists():
        raise ValidationError({"customer_id": _("This customer was not drawn.")})
    held = Outcome.objects.select_for_update().filter(use=use, customer=customer, measure=measure)
    before = held.values_list("amount", flat=True).first()
    made, _created = Outcome.objects.update_or_create(
        use=use, customer=customer, measure=measure,
        defaults={"amount": amount, "at": at or timezone.now()},
    )  # fmt: skip
    if before != amount:
        changes = {"customer": [None, str(customer.pk)], measure: [before, amount]}
        record_change("scores.outcome_recorded", use, by=by, at=at, changes=changes)
    return made


@transaction.atomic
def end_use(use: Use, *, by: User | None, at: dt.datetime | None = None) -> Use:
    """Watch it no more: what came so far is counted a last time and stays. Twice changes nothing."""
    at, use = at or timezone.now(), Use.objects.select_for_update().get(pk=use.pk)
    if use.ended_at is None:
        use.ended_at, use.ended_by = at, by
        use.save(update_fields=["ended_at", "ended_by"])
        count_outcomes(use, at=at)
        record_change("scores.use_ended", use, by=by, at=at)
        use.refresh_from_db()
    return use


@transaction.atomic
def resume_use(use: Use, *, by: User | None, at: dt.datetime | None = None) -> Use:
    """Watch it again, as if it had never been ended. Twice changes nothing."""
    at, use = at or timezone.now(), Use.objects.select_for_update().get(pk=use.pk)
    if use.ended_at is not None:
        use.ended_at = use.ended_by = None
        use.save(update_fields=["ended_at", "ended_by"])
        count_outcomes(use, at=at)
        record_change("scores.use_resumed", use, by=by, at=at)
        use.refresh_from_db()
    return use


def count_open_uses(at: dt.datetime) -> int:
    """Count every use whose days are not over, or were over since it was counted; how many."""
    counted = 0
    for use in Use.objects.all():
        if use.counted_at is None or use.counted_at < watched_until(use):
            count_outcomes(use, at=at)
            counted += 1
    return counted
