"""A customer is merged while an agent speaks with them: the call ends as if nothing had happened."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.campaigns.models import Target
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage, target
from dangol.contact_centre.actions import change_state
from dangol.customers.actions import add_customer
from dangol.customers.models import Check, Customer
from dangol.desk.actions import dial, finish, pulse, take_next
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
