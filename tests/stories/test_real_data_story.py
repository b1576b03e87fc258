"""A programme on data that nobody here made: CDNOW's purchases, from the file to the board."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.board.standing import standing_for_pages
from dangol.campaigns.actions import claim_next
from dangol.campaigns.due_calls import make_due_calls
from dangol.campaigns.models import Decision, Target
from dangol.campaigns.programmes import add_stage, open_programme
from dangol.contact_centre.actions import change_state
from dangol.contact_centre.models import State
from dangol.desk.actions import dial, finish, pulse, take_next
from dangol.imports.tests.factories import loaded
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.cells import differences
from dangol.surveys.models import IndexCell
from tests.real_data.convert import cdnow

pytestmark = pytest.mark.real_data
DUE = dt.datetime(1997, 2, 14, 3, 0, tzinfo=dt.UTC)
"""Noon in Seoul, 30 days after a Wednesday in January 1997."""
ALL_DAY = {str(day): [["00:00", "24:00"]] for day in range(7)}


def test_cdnow_from_the_file_to_the_board(world, tmp_path, settings):
    settings.TELEPHONY = {"odds": {"answered": 1.0}, "seed": 1}
    customers, products, transactions = cdnow(tmp_path)
    site = {"site": {"value": "MAPO"}}
    loaded("customers", customers.read_bytes(), name=customers.name, source="cdnow")
    loaded("products", products.read_bytes(), name=products.name, source="cdnow")
    whole = transactions.read_text().splitlines()
    january = [whole[0], *(line for line in whole[1:] if "1997-01-15" in line)]
    loaded("transactions", "\n".join(january), source="cdnow", mapping=site)

    survey = make_default_surveys()["sales"]
    programme = open_programme(
        name="30일 해피콜", place=world.place("HQ"), starts_on=DUE.date(), hours=ALL_DAY, country="",
        by=None,
    )  # fmt: skip
    add_stage(programme, name="30일", days_after=30, questionnaire=survey.questionnaire, by=None)
    (made,) = make_due_calls(DUE).values()
    bought = len(january) - 1
    assert bought > 100
    assert Decision.objects.count() == bought
    assert Target.objects.count() == made[0]
    assert make_due_calls(DUE)[programme.pk] == (0, 0)

    change_state(world.ada, State.AVAILABLE, by=world.ada, at=DUE)
    handling = take_next(world.ada, at=DUE)
    dial(world.ada, at=DUE)
    later = DUE + dt.timedelta(seconds=60)
    pulse(world.ada, at=later)
    scores = dict.fromkeys(("reception", "explanation", "contract", "delivery", "overall"), 5)
    finish(world.ada, handling, "done", answers={**scores, "overall": 3}, at=later)

    cell = IndexCell.objects.get(place=world.place("HQ"), process="sales", item="", day=DUE.date())
    assert (cell.n, cell.total) == (1, 85_000)
    assert differences() == []
    board = standing_for_pages(later, world.place("SEOUL")).state(world.place("SEOUL").pk)
    assert board["sales"]["month"]["n"] == 1
    assert claim_next(world.bob, at=later).customer_id != handling.target.customer_id
