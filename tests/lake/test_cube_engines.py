"""Every subject's figures are the same on DuckDB and on Spark, from facts and from kept sums."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.campaigns.models import Attempt
from dangol.campaigns.tests.factories import customer, product, programme, stage, target
from dangol.cases.actions import close_case, resolve_case
from dangol.cases.tests.factories import a_case
from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import EVERYWHERE, Scope
from dangol.cubes.asking.query import query_of
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.cubes.sums.keeping import all_kept, brought_up
from dangol.customers.models import Check, ContactPoint
from dangol.purchases.models import Line
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed, conversation
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]
NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


@pytest.fixture
def full(world, lake_folder):
    """A little of everything, with refunds, two currencies and empty places."""
    surveys, site = make_default_surveys(), world.place("GANGNAM")
    for n in range(6):
        at = NOW - dt.timedelta(days=17 * n)
        completed(surveys["sales"], world.place("MAPO" if n % 2 else "GANGNAM"), BAD if n % 3 else GOOD, by=world.ada, at=at)  # fmt: skip
    regular, car = a_customer(), product()
    for n in range(12):
        sale = a_sale(
            regular if n % 2 else a_customer(), 90 * n - 100, place=site if n % 3 else None,
            at=NOW - dt.timedelta(days=31 * n), currency="USD" if n % 5 == 0 else "KRW",
        )  # fmt: skip
        Line.objects.create(transaction=sale, product=car, amount=sale.amount, quantity="1.5")
    for n in range(3):
        case = a_case(world, NOW - dt.timedelta(days=n))
        if n:
            resolve_case(case, "고침", by=world.grace, at=NOW + dt.timedelta(hours=3 * n))
        if n > 1:
            close_case(case, by=world.sue, confirmed=True, at=NOW + dt.timedelta(days=1))
    due = target(stage(programme(world.place("HQ"))), customer())
    for n in range(4):
        call = conversation(site, world.ada)
        call.queued_at, call.outcome = NOW, "done" if n else "no_answer"
        if n:
            call.answered_at, call.ended_at = NOW, NOW + dt.timedelta(seconds=61 * n)
        call.save()
        Attempt.objects.create(target=due, campaign=due.campaign, stage=due.stage, interaction=call, agent=world.ada, outcome=call.outcome, at=NOW)  # fmt: skip
        point = ContactPoint.objects.create(customer=call.customer, kind="phone", value=f"+82{n}")
        Check.objects.create(contact_point=point, outcome="wrong" if n else "verified", at=NOW, day=NOW.date(), home_place=site, source="dealer")  # fmt: skip
    copy_changes()


def questions():
    """Each subject's measures by each of its dimensions that they know."""
    for subject in SUBJECTS.values():
        by_columns: dict[tuple[str, ...], list[str]] = {}
        for measure in subject.measures:
            known = tuple(d.name for d in subject.dimensions if subject.knows(measure, d))
            by_columns.setdefault(known, []).append(measure.name)
        for known, measures in by_columns.items():
            kinds = {subject.dimension(n).kind: n for n in known}
            rows = [
                n for n in ("quarter", "week", "site", "product", *kinds.values()) if n in known
            ]
            for row in dict.fromkeys(rows):
                yield {
                    "subject": subject.name,
                    "rows": row,
                    "measures": measures[:8],
                    "period": "all",
                }
            yield {
                "subject": subject.name, "rows": "region", "columns": "month", "measures": measures[:8],
                "period": "2026-01-01..2026-11-30", "filters": {"unit": ["SALES"]}, "compare": "year",
            }  # fmt: skip


def told(made):
    """Figures as texts, floats to ten figures."""
    return {
        (str(row), str(column), name): f"{f.value:.10g}" if isinstance(f.value, float) else str(f.value)
        for (row, column), cell in made.cells.items()
        for name, f in cell.items()
    }  # fmt: skip


def test_every_figure_is_the_same_on_both(full, world, spark):
    """Spark takes a second for each: every measure once from facts, once from kept sums."""
    here, there = lake(), lake(engine=spark)
    on, asked = timezone.localdate(NOW), [query_of(q) for q in questions()]
    from_facts = [told(answer(q, EVERYWHERE, here, on)) for q in asked]
    assert sum(len(one) for one in from_facts) > 400
    for query, one in zip(asked, from_facts, strict=True):
        if query.rows[0].name == "quarter":
            assert one == told(answer(query, EVERYWHERE, there, on)), query
    for subject in SUBJECTS.values():
        for kept in all_kept(subject):
            brought_up(kept, here, build=True)
    grace = Scope.of(world.grace)
    for query, one in zip(asked, from_facts, strict=True):
        assert one == told(answer(query, EVERYWHERE, here, on)), query
        if query.rows[0].name == "region":
            assert told(answer(query, grace, here, on)) == told(answer(query, grace, there, on)), query  # fmt: skip
