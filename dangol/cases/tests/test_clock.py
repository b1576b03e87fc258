import datetime as dt

from dangol.cases.actions import (
    confirm_solution,
    escalate_due_cases,
    hand_over_case,
    move_case,
    resolve_case,
)
from dangol.cases.clock import minutes_by_holder, read_clock
from dangol.cases.models import Stint
from dangol.cases.tests.factories import a_case, seoul
from dangol.places.actions import set_exception


def stints(case):
    return list(case.stints.select_related("place"))


def test_lunch_and_night_do_not_count(world):
    case = a_case(world, seoul(1, 11, 30))
    assert case.due_at == seoul(1, 14, 30)  # 30 minutes, lunch, 90 minutes
    assert read_clock(case, stints(case), seoul(1, 12, 30)).used == 30
    late = a_case(world, seoul(2, 17, 0))
    assert late.due_at == seoul(4, 10, 0)  # the 3rd is a public holiday


def test_the_customers_own_time_does_not_count(world):
    case = a_case(world, seoul(1, 9))
    case = hand_over_case(case, "customer", by=world.grace, at=seoul(1, 9, 30))
    assert case.due_at is None
    assert case.state == "waiting"
    case = hand_over_case(case, "site", by=world.grace, at=seoul(1, 14))
    assert case.due_at == seoul(1, 15, 30)
    assert minutes_by_holder(stints(case), seoul(1, 15)) == {"site": 90, "customer": 210}


def test_stints_cover_the_life_without_gap_or_overlap(world):
    case = a_case(world, seoul(1, 9))
    hand_over_case(case, "head_office", by=world.grace, at=seoul(1, 10))
    move_case(case, world.place("MAPO"), by=world.sue, at=seoul(1, 11))
    resolve_case(case, "출고일 확정", by=world.rex, at=seoul(1, 13, 30))
    confirm_solution(case, solved=False, by=world.ada, at=seoul(2, 9))
    resolve_case(case, "다시 확정", by=world.rex, at=seoul(2, 10))
    case = confirm_solution(case, solved=True, by=world.ada, at=seoul(2, 11))
    spans = [(s.from_at, s.to_at) for s in stints(case)]
    assert spans[0][0] == case.opened_at
    assert spans[-1][1] == case.closed_at
    assert all(a[1] == b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert case.confirmed is True


def test_a_changed_calendar_derives_the_deadline_again(world):
    case = a_case(world, seoul(1, 17))
    assert case.due_at == seoul(2, 10)
    set_exception(world.place("GANGNAM"), dt.date(2026, 6, 2), [], by=world.anna)
    from dangol.cases.actions import rederive_deadlines

    rederive_deadlines(world.place("GANGNAM"), at=seoul(1, 17))
    case.refresh_from_db()
    assert case.due_at == seoul(4, 10)


def test_it_warns_then_escalates_one_level_for_each_promise_missed(world):
    case = a_case(world, seoul(1, 9))
    assert escalate_due_cases(seoul(1, 10)) == 0
    assert escalate_due_cases(seoul(1, 10, 30)) == 1
    assert world.grace.notices.count() == 1
    assert escalate_due_cases(seoul(1, 10, 30)) == 0
    escalate_due_cases(seoul(1, 11))
    escalate_due_cases(seoul(1, 11))
    assert [e.place.code for e in case.escalations.all()] == ["SEOUL"]
    assert world.rex.notices.count() == 1
    escalate_due_cases(seoul(4, 18))
    assert [e.place.code for e in case.escalations.all()] == ["SEOUL", "SALES", "HQ"]


def test_the_database_refuses_an_overlap(world):
    import pytest
    from django.db import IntegrityError, transaction

    case = a_case(world, seoul(1, 9))
    with pytest.raises(IntegrityError), transaction.atomic():
        Stint.objects.create(case=case, holder="site", place=case.place, from_at=seoul(1, 10))
