"""Whatever figures are read from, they are those of the facts: whole spans, days at their ends, silence."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import EVERYWHERE, Scope
from dangol.cubes.asking.query import query_of
from dangol.cubes.asking.routing import inside
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.cubes.sums.keeping import all_kept, brought_up
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake

ON = NOON.date()
BY = ("week", "month", "site", "region", "quarter", "agent", "item", "day")


@pytest.fixture
def answered(world, lake_folder):
    surveys = make_default_surveys()
    for n in range(90):
        at = NOON - dt.timedelta(days=9 * (n // 6) + n // 3 % 2)
        completed(surveys["sales"], world.place("MAPO" if n % 2 else "GANGNAM"), BAD if n % 5 else GOOD, by=world.ada, at=at)  # fmt: skip
    copy_changes()


def told(made):
    return {
        key: {n: (f.value, f.before) for n, f in cell.items()} for key, cell in made.cells.items()
    }


def questions():
    dice = random.Random(3)
    for n in range(60):
        first = ON - dt.timedelta(days=dice.randrange(300))
        last = first + dt.timedelta(days=dice.randrange(200))
        period = (f"{first}..{last}", f"{first}..", f"..{last}", dice.choice(["13w", "12m", "mtd", "ytd", "all"]))[n % 4]  # fmt: skip
        compare = "" if n % 4 == 2 or period == "all" else dice.choice(["", "previous", "year"])
        given = {
            "subject": "satisfaction", "rows": [dice.choice(BY)], "measures": ["index", "answers", "asked"][: 2 + n % 2],
            "period": period, "compare": compare, "filters": {"region": ["SEOUL"]} if n % 3 == 0 else {},
        }  # fmt: skip
        if given["rows"] == ["item"]:
            given["measures"] = ["index"]
        yield given
    monday = ON - dt.timedelta(days=ON.weekday())
    for period in ("13w", f"{monday - dt.timedelta(days=35)}..{monday - dt.timedelta(days=1)}"):
        yield {"subject": "satisfaction", "rows": ["week"], "columns": ["item"], "measures": ["index"], "period": period}  # fmt: skip


def test_every_period_has_the_figures_of_its_facts(world, answered):
    seen = lake()
    asked = [query_of(given) for given in questions()]
    scopes = [EVERYWHERE, Scope.of(world.grace)]
    from_facts = [told(answer(q, scopes[n % 2], seen, ON)) for n, q in enumerate(asked)]
    for kept in all_kept(SUBJECTS["satisfaction"]):
        brought_up(kept, seen, build=True)
    routes = set()
    for n, query in enumerate(asked):
        made = answer(query, scopes[n % 2], seen, ON)
        assert told(made) == from_facts[n], (query, [r.aggregate for r in made.routes])
        routes |= {r.aggregate for r in made.routes if r.source == "answers"}
    assert {"by_week", "by_month", "by_week+by_day", "by_month+by_day", "by_agent"} <= routes


def test_single_items_of_agents_are_not_taken_from_the_sums_of_the_index(world, answered):
    seen = lake()
    for kept in all_kept(SUBJECTS["satisfaction"]):
        brought_up(kept, seen, build=True)
    for more, route in (({}, "by_agent"), ({"filters": {"item": ["overall"]}}, ""), ({"columns": ["item"]}, "")):  # fmt: skip
        given = {
            "subject": "satisfaction",
            "rows": ["agent"],
            "measures": ["index"],
            "period": "all",
        }
        made = answer(query_of(given | more), EVERYWHERE, seen, ON)
        assert [r.aggregate for r in made.routes] == [route], more


@pytest.mark.parametrize(
    ("span", "first", "last", "whole"),
    [
        ("month", "2026-01-01", "2026-02-28", ("2026-01-01", "2026-02-28")),
        ("month", "2026-01-02", "2026-03-30", ("2026-02-01", "2026-02-28")),
        ("month", "2026-01-02", "2026-01-31", None),
        ("month", "2025-12-15", None, ("2026-01-01", None)),
        ("week", "2026-11-16", "2026-11-22", ("2026-11-16", "2026-11-22")),
        ("week", "2026-11-17", "2026-11-29", ("2026-11-23", "2026-11-29")),
        ("week", None, "2026-11-24", (None, "2026-11-22")),
        ("week", "2026-11-17", "2026-11-20", None),
    ],
)
def test_the_whole_spans_of_a_period(span, first, last, whole):
    day = dt.date.fromisoformat
    found = inside(span, (first and day(first), last and day(last)))
    assert found == (whole and tuple(d and day(d) for d in whole))
