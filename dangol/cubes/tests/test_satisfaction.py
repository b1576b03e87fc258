"""Satisfaction figures are those of the boards, whoever adds them up."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import EVERYWHERE, Scope
from dangol.cubes.asking.query import query_of
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.cubes.sums.keeping import all_kept, brought_up
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake

ON = dt.date(2026, 11, 22)


@pytest.fixture
def answered(world, lake_folder):
    """Two answers at 강남, one at 마포, one at 해운대."""
    surveys = make_default_surveys()
    completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=NOON)
    completed(surveys["sales"], world.place("GANGNAM"), BAD, at=NOON - dt.timedelta(days=40))
    completed(surveys["sales"], world.place("MAPO"), BAD, at=NOON, by=world.ada)
    service = dict.fromkeys(("booking", "explanation", "time_kept", "repair", "overall"), 3)
    completed(surveys["service"], world.place("HAEUNDAE"), service, at=NOON)
    copy_changes()
    return surveys


def asked(scope=EVERYWHERE, engine="", **given):
    """An answer, and its rows as {label: {measure: value}}."""
    made = answer(query_of({"subject": "satisfaction"} | given), scope, lake(engine=engine), ON)
    return made, {
        " ".join(m.label for m in made.row_members(row)): {
            name: f.value for name, f in made.cells[(row, ())].items()
        }
        for row in made.rows
    }


def test_an_index_by_site_is_the_mean_of_its_respondents(answered):
    made, rows = asked(rows="site", measures="index,answers,low_share")
    assert rows["강남지점"] == {"index": pytest.approx(55.0), "answers": 2, "low_share": 50.0}
    assert rows["마포지점"]["index"] == pytest.approx(17.5)
    assert made.figure((), (), "answers").value == 4
    assert made.figure((), (), "index").interval


def test_a_manager_sees_only_the_own_site(answered, world):
    made, rows = asked(Scope.of(world.grace), rows="site", measures="answers")
    assert rows == {"강남지점": {"answers": 2}}
    assert made.figure((), (), "answers").value == 2


def test_kept_sums_say_what_the_facts_say(answered):
    questions = [
        {"rows": "region", "columns": "month", "measures": "index,answers,nps,asked,response_rate"},
        {"rows": "site,item", "measures": "index,answers", "period": "2026-10-01..2026-11-30"},
        {"rows": "agent", "measures": "index,low_share"},
        {"rows": "process", "filters": {"region": ["SEOUL"]}, "measures": "index"},
    ]
    before = [asked(**q) for q in questions]
    assert all(r.aggregate == "" for made, _rows in before for r in made.routes)
    for kept in all_kept(SUBJECTS["satisfaction"]):
        brought_up(kept, lake(), build=True)
    after = [asked(**q) for q in questions]
    assert all(r.aggregate for made, _rows in after for r in made.routes)
    for (one, _a), (other, _b) in zip(before, after, strict=True):
        assert one.cells == other.cells
        for key, cell in one.cells.items():
            assert [f.interval for f in cell.values()] == [f.interval for f in other.cells[key].values()]  # fmt: skip
