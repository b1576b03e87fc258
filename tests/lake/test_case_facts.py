"""Minutes of a case in the lake are the minutes of its clock, also after the calendar changed."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.cases.clock import minutes_by_holder
from dangol.cases.models import Stint
from dangol.cases.tests.factories import a_case
from dangol.places.models import Calendar
from dangol.places.timetables import revise_timetables
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.capture import read_again
from tests.lake.factories import rows_in_lake


@pytest.fixture
def stint(world, lake_folder):
    """From Friday 17:00 to Monday 10:00 in Seoul: two working hours."""
    case = a_case(world)
    stint = case.stints.first()
    stint.from_at = dt.datetime(2026, 3, 6, 8, tzinfo=dt.UTC)
    stint.to_at = dt.datetime(2026, 3, 9, 1, tzinfo=dt.UTC)
    stint.save()
    copy_changes()
    return stint


def test_an_ended_stint_has_its_working_minutes(stint):
    (row,) = rows_in_lake("case_stints")
    assert row["minutes"] == 120
    assert row["minutes"] == minutes_by_holder([stint], stint.to_at)[stint.holder]
    assert row["seconds"] == 65 * 3600


def test_an_open_one_has_none(stint):
    Stint.objects.update(to_at=None)
    copy_changes()
    (row,) = rows_in_lake("case_stints")
    assert (row["minutes"], row["seconds"]) == (None, None)


def test_other_hours_other_minutes(stint):
    Calendar.objects.update(hours={str(d): [["09:00", "18:00"]] for d in range(7)})
    revise_timetables()
    read_again(Stint)
    copy_changes()
    (row,) = rows_in_lake("case_stints")
    assert row["minutes"] == 60 + 9 * 60 * 2 + 60
