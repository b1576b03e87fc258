"""A site that never opens must cost nobody an answer, nor a page."""

import pytest
from django.utils import timezone

from dangol.cases.actions import escalate_due_cases, hand_over_case, rederive_deadlines
from dangol.cases.clock import read_clock
from dangol.cases.tests.factories import a_case, seoul
from dangol.places.actions import change_place, keep_calendar
from dangol.places.models import Calendar


@pytest.fixture
def closed(world):
    """The company's calendar without any hour."""
    return keep_calendar(
        Calendar.objects.get(), name="휴업", country="KR", hours={"0": []}, by=None
    )


def test_a_case_opens_without_a_deadline(world, closed):
    case = a_case(world)
    assert (case.due_at, case.warn_at) == (None, None)
    reading = read_clock(case, case.stints.select_related("place"), seoul(30, 10))
    assert (reading.used, reading.left, reading.turns_at) == (0, 120, None)
    assert escalate_due_cases(seoul(30, 10)) == 0


def test_its_pages_are_shown(world, closed, client):
    case = a_case(world)
    client.force_login(world.sue)
    for page in (f"/cases/{case.pk}/", "/cases/?state=open", f"/board/{case.place_id}/"):
        assert client.get(page).status_code == 200


def test_the_clock_runs_once_there_are_hours(world, closed):
    case = a_case(world, seoul(1, 10))
    keep_calendar(closed, name="주 5일", country="KR", hours={"0": [["09:00", "18:00"]]}, by=None)
    rederive_deadlines(world.place("GANGNAM"), at=seoul(1, 11))
    case.refresh_from_db()
    assert case.due_at == seoul(1, 12)


def test_a_turn_passes_although_nobody_works(world, closed):
    case = hand_over_case(a_case(world), "head_office", by=world.sue)
    assert (case.holder, case.due_at) == ("head_office", None)


def test_another_calendar_for_the_place_derives_the_deadlines_again(world):
    case = a_case(world, timezone.now())
    assert case.due_at is not None
    never = Calendar.objects.create(name="휴업", country="", hours={"0": []})
    change_place(world.place("SEOUL"), calendar=never, by=world.anna)
    case.refresh_from_db()
    assert case.due_at is None
    change_place(world.place("SEOUL"), calendar=None, by=world.anna)
    case.refresh_from_db()
    assert case.due_at is not None
