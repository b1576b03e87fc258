import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.contact_centre.actions import (
    apply_event,
    change_state,
    follow_call,
    hang_up,
    hold_call,
    place_call,
    resume_call,
    transfer_call,
)  # fmt: skip
from dangol.contact_centre.models import AgentInterval, CallEvent
from dangol.contact_centre.queries import state_of, wallboard
from dangol.contact_centre.telephony.driver import ANSWERED, ENDED, LineEvent
from dangol.core.models import Event
from dangol.customers.actions import add_customer
from dangol.interactions.actions import mark_wrapped, open_interaction

SECOND = dt.timedelta(seconds=1)
MONDAY_TEN = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def call(world, settings):
    settings.TELEPHONY = {"odds": {"answered": 1.0}}
    talk = open_interaction(
        add_customer(name="김단골", by=None), agent=world.ada, by=world.ada, at=MONDAY_TEN
    )
    return place_call(talk, "+821012345678", by=world.ada, at=MONDAY_TEN)


def test_intervals_follow_each_other_without_gap(world):
    for n, (state, reason) in enumerate([("available", ""), ("break", "meal"), ("available", "")]):
        change_state(world.ada, state, reason=reason, by=world.ada, at=MONDAY_TEN + n * SECOND)
    change_state(world.ada, "available", by=world.ada, at=MONDAY_TEN + 9 * SECOND)
    rows = list(AgentInterval.objects.order_by("began_at"))
    assert [(r.state, r.reason) for r in rows] == [
        ("available", ""), ("break", "meal"), ("available", ""),
    ]  # fmt: skip
    assert [r.ended_at for r in rows] == [rows[1].began_at, rows[2].began_at, None]


def test_only_a_break_has_a_reason(world):
    with pytest.raises(ValidationError):
        change_state(world.ada, "training", reason="meal", by=world.ada)
    assert state_of(world.ada) is None


def test_a_call_ends_once_whatever_the_line_repeats(world, call):
    follow_call(call, at=MONDAY_TEN + 20 * SECOND)
    hang_up(call, by=world.ada, at=MONDAY_TEN + 60 * SECOND)
    hang_up(call, by=world.ada, at=MONDAY_TEN + 70 * SECOND)
    late = LineEvent(call.pk, "answered:9", ANSWERED, MONDAY_TEN + 80 * SECOND)
    again = LineEvent(call.pk, "ended:9", ENDED, MONDAY_TEN + 90 * SECOND, "busy")
    assert not apply_event(late)
    assert not apply_event(again)
    call.interaction.refresh_from_db()
    assert call.interaction.ended_at == MONDAY_TEN + 60 * SECOND
    assert call.interaction.outcome == ""
    assert call.interaction.recording == f"simulated/{call.pk}.wav"
    told = Event.objects.get(name="contact_centre.CallEnded")
    assert told.payload["answered"] is True
    assert state_of(world.ada).state == "wrap_up"


def test_events_of_an_unknown_call_change_nothing(db):
    from uuid import uuid4

    assert not apply_event(LineEvent(uuid4(), "ended:0", ENDED, MONDAY_TEN))
    assert not CallEvent.objects.exists()


def test_hold_time_is_counted(world, call):
    follow_call(call, at=MONDAY_TEN + 20 * SECOND)
    hold_call(call, by=world.ada, at=MONDAY_TEN + 30 * SECOND)
    resume_call(call, by=world.ada, at=MONDAY_TEN + 45 * SECOND)
    after = transfer_call(call, "2001", by=world.ada, at=MONDAY_TEN + 50 * SECOND)
    assert (after.held_seconds, after.transferred_to, after.line) == (15, "2001", "ended")


def test_the_wallboard_counts_the_day(world, call):
    follow_call(call, at=MONDAY_TEN + 20 * SECOND)
    hang_up(call, by=world.ada, at=MONDAY_TEN + 60 * SECOND)
    call.interaction.refresh_from_db()
    mark_wrapped(call.interaction, by=world.ada, outcome="done", at=MONDAY_TEN + 75 * SECOND)
    row = next(r for r in wallboard(world.sue, MONDAY_TEN + 80 * SECOND) if r.agent == world.ada)
    assert (row.figures.calls, row.figures.answered, row.figures.wrap_seconds) == (1, 1, 15)


def test_the_page_of_agents(world, client, django_assert_max_num_queries):
    change_state(world.ada, "break", reason="meal", by=world.ada)
    client.force_login(world.sue)
    client.get(reverse("contact_centre:agents"))
    with django_assert_max_num_queries(12):
        shown = client.get(reverse("contact_centre:agents")).content.decode()
    assert world.ada.name in shown
    client.post(reverse("contact_centre:agent_state", args=[world.ada.pk]))
    assert state_of(world.ada).state == "offline"
    client.force_login(world.ada)
    assert client.get(reverse("contact_centre:agents")).status_code == 403
    client.force_login(world.sue)
    other = client.post(reverse("contact_centre:agent_state", args=[world.grace.pk]))
    assert other.status_code == 404
