"""One call at the desk, from Next to Finish, and everything that may go wrong on the way."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dangol.campaigns.models import Attempt, Target
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage, target
from dangol.contact_centre.actions import change_state
from dangol.contact_centre.models import AgentInterval, Call
from dangol.contact_centre.queries import state_of
from dangol.core.models import Event
from dangol.customers.models import Check
from dangol.desk.actions import (
    NotReady,
    check_point,
    dial,
    finish,
    give_back,
    keep_draft,
    pulse,
    take_next,
)  # fmt: skip
from dangol.desk.models import Handling
from dangol.desk.queries import today_of
from dangol.interactions.models import Interaction
from dangol.places.people import end_person
from dangol.surveys.actions import make_default_surveys, save_draft_answers
from dangol.surveys.models import Response

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def answering(settings):
    settings.TELEPHONY = {"odds": {"answered": 1.0}, "seed": 1}


@pytest.fixture
def due(world, answering):
    for agent in (world.ada, world.bob):
        change_state(agent, "available", by=agent, at=MONDAY_TEN - 60 * SECOND)
    survey = make_default_surveys()["confirmation"].questionnaire
    week = stage(programme(world.place("HQ")), questionnaire=survey)
    return target(week, customer(), place=world.place("GANGNAM"))


def talking(agent):
    take_next(agent, at=MONDAY_TEN)
    dial(agent, at=MONDAY_TEN + 5 * SECOND)
    return pulse(agent, at=MONDAY_TEN + 20 * SECOND)


def test_the_whole_call(world, due):
    handling = talking(world.ada)
    talk = Interaction.objects.get()
    assert talk.thread == due.thread
    assert talk.queued_at < talk.ringing_at < talk.answered_at
    assert state_of(world.ada).state == "on_call"
    answers = {"solved": True}
    save_draft_answers(Response.objects.get(), answers, by=world.ada)
    done_at = MONDAY_TEN + 80 * SECOND
    finish(world.ada, handling, "done", note="만족", at=done_at)
    talk.refresh_from_db()
    assert (talk.outcome, talk.note, talk.wrapped_at) == ("done", "만족", done_at)
    assert Target.objects.get().result == "done"
    response = Response.objects.get()
    assert (response.thread, response.interaction) == (due.thread, talk)
    assert response.completed_at == done_at
    assert Check.objects.get().outcome == "verified"
    assert state_of(world.ada).state == "available"
    assert Event.objects.filter(name="contact_centre.CallEnded").count() == 1
    states = AgentInterval.objects.filter(agent=world.ada).order_by("began_at", "created_at")
    assert list(states.values_list("state", flat=True)) == [
        "available", "on_call", "wrap_up", "available",
    ]  # fmt: skip


def test_the_seconds_of_each_phase_are_kept(world, due):
    handling = talking(world.ada)
    talk = Interaction.objects.get()
    save_draft_answers(Response.objects.get(), {"solved": True}, by=world.ada)
    finish(world.ada, handling, "done", at=MONDAY_TEN + 80 * SECOND)
    handling.refresh_from_db()
    assert handling.read_seconds == 5
    rings = (talk.answered_at - talk.queued_at).total_seconds()
    assert handling.ring_seconds == pytest.approx(rings)
    assert handling.talk_seconds == pytest.approx(75 - rings)
    assert today_of(world.ada, MONDAY_TEN + 90 * SECOND).handle_seconds == pytest.approx(80)


def test_every_step_pressed_twice_happens_once(world, due):
    assert take_next(world.ada, at=MONDAY_TEN) == take_next(world.ada, at=MONDAY_TEN)
    dial(world.ada, at=MONDAY_TEN)
    dial(world.ada, at=MONDAY_TEN + SECOND)
    handling = pulse(world.ada, at=MONDAY_TEN + 20 * SECOND)
    dial(world.ada, at=MONDAY_TEN + 21 * SECOND)
    for _again in range(2):
        finish(world.ada, handling, "refused", at=MONDAY_TEN + 30 * SECOND)
    counts = [m.objects.count() for m in (Handling, Interaction, Call, Attempt)]
    assert counts == [1, 1, 1, 1]
    assert Target.objects.get().attempts_made == 1


def test_a_closed_browser_loses_nothing(world, due):
    handling = talking(world.ada)
    save_draft_answers(Response.objects.get(), {"solved": False}, by=world.ada)
    keep_draft(world.ada, note="다시 전화 달라고 함")
    again = take_next(world.ada, at=MONDAY_TEN + dt.timedelta(minutes=40))
    assert (again, again.note) == (handling, "다시 전화 달라고 함")
    assert again.response.draft.answers == {"solved": False}
    assert take_next(world.bob, at=MONDAY_TEN + dt.timedelta(minutes=40)) is None


def test_the_call_of_a_person_whose_account_ends_is_hung_up_and_tried_again(world, due):
    handling = talking(world.ada)
    end_person(world.ada, by=world.anna, at=MONDAY_TEN + dt.timedelta(minutes=1))
    handling.refresh_from_db()
    assert (handling.outcome, handling.finished_at is not None) == ("failed", True)
    talk = Interaction.objects.get()
    assert talk.ended_at == MONDAY_TEN + dt.timedelta(minutes=1)
    due.refresh_from_db()
    assert (due.leased_by, due.finished_at) == (None, None)
    assert state_of(world.ada).state == "offline"


def test_a_desk_that_crashed_before_dialling_gives_its_call_to_another(world, due):
    mine = take_next(world.ada, at=MONDAY_TEN)
    later = MONDAY_TEN + dt.timedelta(minutes=5)
    taken = take_next(world.bob, at=later)
    assert taken.target == due
    mine.refresh_from_db()
    assert mine.finished_at == later
    assert take_next(world.ada, at=later) is None


def test_busy_ends_by_itself_and_comes_again(world, due, settings):
    settings.TELEPHONY = {"odds": {"busy": 1.0}}
    handling = talking(world.ada)
    assert state_of(world.ada).state == "wrap_up"
    assert Interaction.objects.get().outcome == "busy"
    with pytest.raises(ValidationError):
        finish(world.ada, handling, "done", at=MONDAY_TEN + 25 * SECOND)
    finish(world.ada, handling, "busy", at=MONDAY_TEN + 25 * SECOND)
    due.refresh_from_db()
    assert due.next_at == MONDAY_TEN + 25 * SECOND + dt.timedelta(minutes=15)
    assert not Response.objects.filter(completed_at__isnull=False).exists()


def test_calling_again_after_busy_counts_both_tries(world, due, settings):
    settings.TELEPHONY = {"odds": {"busy": 1.0}}
    handling = talking(world.ada)
    settings.TELEPHONY = {"odds": {"answered": 1.0}}
    keep_draft(world.ada, outcome="busy")
    assert dial(world.ada, at=MONDAY_TEN + 30 * SECOND).outcome == ""
    pulse(world.ada, at=MONDAY_TEN + 50 * SECOND)
    finish(world.ada, handling, "refused", at=MONDAY_TEN + 60 * SECOND)
    assert sorted(Attempt.objects.values_list("outcome", flat=True)) == ["busy", "refused"]
    assert Target.objects.get().result == "refused"


def test_missing_answers_refuse_done_and_store_nothing(world, due):
    handling = talking(world.ada)
    with pytest.raises(ValidationError):
        finish(world.ada, handling, "done", at=MONDAY_TEN + 30 * SECOND)
    assert Target.objects.get().finished_at is None
    assert not Attempt.objects.exists()
    assert Response.objects.get().completed_at is None


def test_nothing_is_verified_before_somebody_answers(world, due):
    point = due.customer.contact_points.get()
    take_next(world.ada, at=MONDAY_TEN)
    with pytest.raises(ValidationError, match="확인해 줄 사람"):
        check_point(world.ada, point, "verified", at=MONDAY_TEN)
    point.refresh_from_db()
    assert point.state == "unverified"
    check_point(world.ada, point, "wrong", at=MONDAY_TEN)


def test_corrections_in_place(world, due):
    talking(world.ada)
    point = due.customer.contact_points.get()
    fresh = check_point(world.ada, point, "moved", new_value="010-9999-1111", at=MONDAY_TEN)
    assert (fresh.value, fresh.state) == ("+821099991111", "verified")
    point.refresh_from_db()
    assert (point.state, point.ended_at) == ("moved", MONDAY_TEN)
    with pytest.raises(ValidationError):
        check_point(world.ada, customer().contact_points.get(), "wrong")


def test_giving_back_only_before_dialling(world, due):
    take_next(world.ada, at=MONDAY_TEN)
    assert give_back(world.ada, at=MONDAY_TEN)
    assert take_next(world.bob, at=MONDAY_TEN).target == due
    dial(world.bob, at=MONDAY_TEN)
    with pytest.raises(NotReady):
        give_back(world.bob, at=MONDAY_TEN)


def test_who_is_on_a_break_gets_no_call(world, due):
    change_state(world.ada, "break", reason="meal", by=world.ada, at=MONDAY_TEN)
    with pytest.raises(NotReady):
        take_next(world.ada, at=MONDAY_TEN)
    assert not Handling.objects.exists()


def test_a_call_whose_desk_is_gone_ends_by_itself(world, due):
    from dangol.contact_centre.actions import follow_call

    talking(world.ada)
    call = follow_call(Call.objects.get(), at=MONDAY_TEN + dt.timedelta(hours=1))
    assert call.line == "ended"
    assert Interaction.objects.get().ended_at is not None
    assert state_of(world.ada).state == "wrap_up"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_press_next_and_dial_at_once(world, due):
    import threading

    errors = []

    def press():
        try:
            take_next(world.ada, at=MONDAY_TEN)
            dial(world.ada, at=MONDAY_TEN)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    tabs = [threading.Thread(target=press) for _n in range(6)]
    [tab.start() for tab in tabs]
    [tab.join() for tab in tabs]
    assert errors == []
    assert (Handling.objects.count(), Interaction.objects.count()) == (1, 1)
