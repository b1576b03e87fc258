"""A customer is merged while an agent speaks with them: the call ends as if nothing had happened."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from dangol.campaigns.models import Target
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage, target
from dangol.contact_centre.actions import change_state
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.models import Check, ContactPoint, Customer
from dangol.desk.actions import dial, finish, give_back, pulse, take_next
from dangol.desk.queries import open_handling
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.preview import merge_moves
from dangol.interactions.models import Interaction
from dangol.surveys.actions import make_default_surveys, save_draft_answers
from dangol.surveys.models import Response

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def due(world, settings):
    """A call that is due, whom everybody answers."""
    settings.TELEPHONY = {"odds": {"answered": 1.0}, "seed": 1}
    change_state(world.ada, "available", by=world.ada, at=MONDAY_TEN - 60 * SECOND)
    survey = make_default_surveys()["confirmation"].questionnaire
    week = stage(programme(world.place("HQ")), questionnaire=survey)
    return target(week, customer(), place=world.place("GANGNAM"))


def test_the_call_ends_with_the_survivor_and_goes_back_with_undo(world, due) -> None:
    called = Customer.objects.get(pk=due.customer_id)
    take_next(world.ada, at=MONDAY_TEN)
    dial(world.ada, at=MONDAY_TEN + 5 * SECOND)
    handling = pulse(world.ada, at=MONDAY_TEN + 20 * SECOND)
    survivor = add_customer(name=called.name, by=None, source="web", source_key="W1")
    assert "1 conversation" in " ".join(merge_moves(called.pk)) or "상담 1건" in merge_moves(
        called.pk
    )
    merge = merge_customers(survivor, called, by=world.dana, decided=True)
    save_draft_answers(Response.objects.get(), {"solved": True}, by=world.ada)
    finish(world.ada, handling, "done", note="만족", at=MONDAY_TEN + 80 * SECOND)
    talk = Interaction.objects.get()
    assert (talk.customer_id, talk.outcome) == (survivor.pk, "done")
    assert Target.objects.get().customer_id == survivor.pk
    assert Check.objects.get().contact_point.customer_id == survivor.pk
    undo_merge(merge, by=world.dana)
    talk.refresh_from_db()
    assert talk.customer_id == called.pk == Target.objects.get().customer_id
    assert Check.objects.get().contact_point.customer_id == called.pk


def test_a_call_made_after_the_merge_goes_back_with_what_it_hangs_on(world, due) -> None:
    called = Customer.objects.get(pk=due.customer_id)
    take_next(world.ada, at=MONDAY_TEN)
    survivor = add_customer(name=called.name, by=None, source="web", source_key="W1")
    merge = merge_customers(survivor, called, by=world.dana, decided=True)
    handling = dial(world.ada, at=MONDAY_TEN + 5 * SECOND)
    pulse(world.ada, at=MONDAY_TEN + 20 * SECOND)
    assert Interaction.objects.get().customer_id == survivor.pk
    finish(world.ada, handling, "done", answers={"solved": True}, at=MONDAY_TEN + 80 * SECOND)
    restored = undo_merge(merge, by=world.dana)
    talk = Interaction.objects.select_related("contact_point", "thread").get()
    assert restored.pk == called.pk == talk.customer_id == talk.thread.customer_id
    assert talk.contact_point.customer_id == called.pk
    assert {r.customer_id for r in Response.objects.all()} == {called.pk}
    assert not survivor.interactions.exists()


def test_a_conversation_keeps_no_telephone_of_the_other_one(world, due) -> None:
    called = Customer.objects.get(pk=due.customer_id)
    take_next(world.ada, at=MONDAY_TEN)
    other = add_customer(name=called.name, by=None, source="web", source_key="W1")
    theirs = add_contact_point(other, "phone", "010-7777-1234", by=None)
    merge = merge_customers(called, other, by=world.dana, decided=True)
    theirs.refresh_from_db()
    dial(world.ada, point=theirs, at=MONDAY_TEN + 5 * SECOND)
    undo_merge(merge, by=world.dana)
    theirs.refresh_from_db()
    talk = Interaction.objects.select_related("call").get()
    assert (theirs.customer_id, talk.customer_id) == (other.pk, called.pk)
    assert (talk.contact_point, talk.call.number) == (None, "+821077771234")


def test_a_conversation_points_at_its_own_row_of_a_shared_number(world, due) -> None:
    called = Customer.objects.get(pk=due.customer_id)
    own = called.contact_points.get()
    take_next(world.ada, at=MONDAY_TEN)
    other = add_customer(name=called.name, by=None, source="web", source_key="W1")
    theirs = add_contact_point(other, "phone", own.value, by=None)
    ContactPoint.objects.filter(pk=theirs.pk).update(state="verified", checked_at=MONDAY_TEN)
    merge = merge_customers(called, other, by=world.dana, decided=True)
    dial(world.ada, at=MONDAY_TEN + 5 * SECOND)
    assert Interaction.objects.get().contact_point_id == theirs.pk
    undo_merge(merge, by=world.dana)
    assert Interaction.objects.get().contact_point_id == own.pk


@pytest.fixture
def two_desks(world, due):
    """Two calls of one programme to two customers, who are merged while both lie on desks."""
    change_state(world.bob, "available", by=world.bob, at=MONDAY_TEN - 60 * SECOND)
    second = target(due.stage, customer(), place=world.place("GANGNAM"))
    for agent in (world.ada, world.bob):
        take_next(agent, at=MONDAY_TEN)
    first = Target.objects.get(leased_by=world.ada)
    second = Target.objects.get(leased_by=world.bob)
    return first, second


def test_the_second_desk_does_not_dial_the_same_person(world, two_desks) -> None:
    first, second = two_desks
    merge = merge_customers(first.customer, second.customer, by=world.dana, decided=True)
    dial(world.ada, at=MONDAY_TEN + 5 * SECOND)
    with pytest.raises(ValidationError, match="one call is enough|전화는 한 번"):
        dial(world.bob, at=MONDAY_TEN + 6 * SECOND)
    assert Interaction.objects.count() == 1
    second.refresh_from_db()
    assert (second.result, second.leased_by, second.attempts_made) == ("merged", None, 0)
    assert open_handling(world.bob) is None
    assert take_next(world.bob, at=MONDAY_TEN + 7 * SECOND) is None
    undo_merge(merge, by=world.dana)
    second.refresh_from_db()
    assert (second.result, second.finished_at) == ("merged", MONDAY_TEN + 6 * SECOND)


def test_a_call_of_another_programme_waits(world, two_desks) -> None:
    first, second = two_desks
    other = stage(programme(world.place("HQ"), name="다른 일"))
    Target.objects.filter(pk=second.pk).update(stage=other, campaign=other.campaign)
    merge_customers(first.customer, second.customer, by=world.dana, decided=True)
    dial(world.ada, at=MONDAY_TEN + 5 * SECOND)
    with pytest.raises(ValidationError, match="Give the call back|돌려주세요"):
        dial(world.bob, at=MONDAY_TEN + 6 * SECOND)
    second.refresh_from_db()
    assert Interaction.objects.count() == 1
    assert (second.finished_at, second.leased_by) == (None, world.bob)
    assert give_back(world.bob, at=MONDAY_TEN + 7 * SECOND)


def test_both_desks_dial_two_people(world, two_desks) -> None:
    for agent in (world.ada, world.bob):
        dial(agent, at=MONDAY_TEN + 5 * SECOND)
    assert Interaction.objects.count() == 2
