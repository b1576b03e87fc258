"""Two desks, one person, one moment: the person is called once, whoever is first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from dangol.campaigns.models import Target
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage, target
from dangol.contact_centre.actions import change_state
from dangol.customers.models import Customer
from dangol.desk.actions import dial, take_next
from dangol.desk.queries import open_handling
from dangol.identity.merging.actions import merge_customers
from dangol.interactions.models import Interaction
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def two_desks(world, settings):
    """Calls of one programme to two customers, each open on a desk."""
    settings.TELEPHONY = {"odds": {"answered": 1.0}, "seed": 1}
    week = stage(programme(world.place("HQ")))
    for agent in (world.ada, world.bob):
        change_state(agent, "available", by=agent, at=MONDAY_TEN - 60 * SECOND)
        target(week, customer(), place=world.place("GANGNAM"))
    for agent in (world.ada, world.bob):
        take_next(agent, at=MONDAY_TEN)
    return [Target.objects.get(leased_by=agent) for agent in (world.ada, world.bob)]


@pytest.mark.parametrize("turn", range(4))
def test_one_of_two_dials_goes_out(world, two_desks, turn) -> None:
    first, second = two_desks
    merge_customers(first.customer, second.customer, by=world.dana, decided=True)
    when = MONDAY_TEN + 5 * SECOND
    found = at_once(lambda: dial(world.ada, at=when), lambda: dial(world.bob, at=when))
    assert found.count("done") == 1
    assert Interaction.objects.count() == 1
    late = (world.ada, world.bob)[found.index("done") - 1]
    if open_handling(late):  # refused because the other was dialling, not because he had dialled
        with pytest.raises(ValidationError):
            dial(late, at=when + SECOND)
    assert open_handling(late) is None
    assert Target.objects.get(finished_at__isnull=False).result == "merged"


@pytest.mark.parametrize("turn", range(6))
def test_a_merge_while_both_dial(world, two_desks, turn) -> None:
    first, second = two_desks
    when = MONDAY_TEN + 5 * SECOND
    found = at_once(
        lambda: dial(world.ada, at=when),
        lambda: dial(world.bob, at=when),
        lambda: merge_customers(first.customer, second.customer, by=world.dana, decided=True),
    )
    assert found[2] == "done"
    person = Customer.objects.get()
    talks = Interaction.objects.all()
    assert {t.customer_id for t in talks} == {person.pk}
    assert len(talks) == found[:2].count("done")
