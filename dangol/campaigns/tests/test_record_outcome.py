import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from dangol.campaigns.actions import claim_next, drop, hand_over, record_outcome
from dangol.campaigns.models import Attempt, Decision, Target
from dangol.campaigns.queries import progress_of
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage, target
from dangol.core.models import Event
from dangol.interactions.actions import open_interaction

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def due(world):
    return target(stage(programme(world.place("HQ")), max_attempts=2), customer())


def tried(due, agent, outcome, at=MONDAY_TEN, **more):
    talk = open_interaction(due.customer, thread=due.thread, agent=agent, by=agent, at=at)
    return record_outcome(due, outcome, interaction=talk, by=agent, at=at, **more)


def test_done_finishes(world, due):
    after = tried(due, world.ada, "done")
    assert (after.result, after.finished_at, after.finished_by) == ("done", MONDAY_TEN, world.ada)
    assert progress_of([due.campaign_id])[due.campaign_id].reached == 1
    assert Event.objects.get(name="campaigns.TargetFinished").payload["result"] == "done"


def test_the_same_conversation_counts_once(world, due):
    talk = open_interaction(due.customer, by=world.ada, at=MONDAY_TEN)
    for _again in range(2):
        record_outcome(due, "busy", interaction=talk, by=world.ada, at=MONDAY_TEN)
    due.refresh_from_db()
    assert due.attempts_made == Attempt.objects.count() == 1


@pytest.mark.parametrize(("outcome", "wait"), [("busy", HOUR / 4), ("no_answer", 4 * HOUR)])
def test_busy_and_no_answer_come_again_after_their_wait(world, due, outcome, wait):
    after = tried(due, world.ada, outcome)
    assert (after.next_at, after.finished_at) == (MONDAY_TEN + wait, None)


def test_a_retry_falls_into_calling_hours(world, due):
    after = tried(due, world.ada, "no_answer", MONDAY_TEN + 6 * HOUR)
    assert after.next_at == dt.datetime(2026, 3, 10, 0, 0, tzinfo=dt.UTC)


def test_attempts_are_spent(world, due):
    tried(due, world.ada, "busy")
    assert tried(due, world.ada, "no_answer", MONDAY_TEN + HOUR).result == "no_answer"
    assert Decision.objects.get().reason == "attempts_spent"


def test_a_promised_call_back_comes_first_at_its_time(world, due):
    when = MONDAY_TEN + 5 * HOUR
    after = tried(due, world.ada, "call_back", call_back_at=when)
    assert (after.next_at, after.level) == (when, 0)
    assert claim_next(world.bob, at=when - HOUR) is None
    assert claim_next(world.bob, at=when) == due


def test_a_call_back_needs_a_time(world, due):
    with pytest.raises(ValidationError):
        tried(due, world.ada, "call_back")
    assert not Attempt.objects.exists()


def test_a_wrong_number_ends_it_unless_there_is_another(world, due):
    due.customer.contact_points.update(state="wrong")
    assert tried(due, world.ada, "wrong_number").result == "wrong_number"


def test_dropping_tells_why_and_spares_a_call_in_hand(world, due):
    claim_next(world.ada, at=MONDAY_TEN)
    assert not drop(due, by=world.sue, at=MONDAY_TEN)
    assert drop(due, by=world.sue, at=MONDAY_TEN + HOUR)
    assert Target.objects.get().result == "dropped"
    assert Decision.objects.get().reason == "dropped"


def test_handing_over_to_another_programme(world, due):
    other = stage(programme(world.place("HQ"), name="다른"))
    assert hand_over([due.pk], by=world.sue, at=MONDAY_TEN, stage=other) == 1
    due.refresh_from_db()
    assert (due.stage, due.campaign) == (other, other.campaign)
    counts = progress_of([other.campaign_id])[other.campaign_id]
    assert counts.open == 1
