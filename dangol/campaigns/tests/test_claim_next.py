import datetime as dt
import threading

import pytest
from django.db import connection

from dangol.campaigns.actions import LEASE, claim_next, release, renew_lease
from dangol.campaigns.models import PROMISED, Allowance, Decision, Target
from dangol.campaigns.programmes import pause, resume
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage, target
from dangol.interactions.models import Interaction

MINUTE = dt.timedelta(minutes=1)


def test_the_best_programme_comes_first_then_promises_then_the_oldest(world):
    later = stage(programme(world.place("HQ"), priority=7))
    first = stage(programme(world.place("HQ"), priority=2))
    fourth = target(later, customer())
    third = target(first, customer(), next_at=MONDAY_TEN - 2 * MINUTE)
    second = target(first, customer(), next_at=MONDAY_TEN - 9 * MINUTE)
    promised = target(first, customer(), level=PROMISED)
    order = [claim_next(world.ada, at=MONDAY_TEN) for _n in range(4)]
    assert order == [promised, second, third, fourth]
    assert claim_next(world.ada, at=MONDAY_TEN) is None


def test_two_agents_never_get_the_same(world):
    week = stage(programme(world.place("HQ")))
    target(week, customer())
    assert claim_next(world.ada, at=MONDAY_TEN) is not None
    assert claim_next(world.bob, at=MONDAY_TEN) is None


@pytest.mark.django_db(transaction=True)
def test_a_hundred_calls_go_to_sixteen_hurried_agents_once_each(world):
    week = stage(programme(world.place("HQ"), daily_capacity=90))
    for _n in range(100):
        target(week, customer())
    got, errors = [], []

    def pull(agent):
        try:
            while claimed := claim_next(agent, at=MONDAY_TEN):
                got.append(claimed.pk)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=pull, args=([world.ada, world.bob][n % 2],)) for n in range(16)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert errors == []
    assert len(got) == len(set(got)) == 90
    assert Allowance.objects.get().used == 90


def test_a_crashed_desk_gives_its_call_back_when_the_lease_is_over(world):
    week = stage(programme(world.place("HQ"), daily_capacity=1))
    due = target(week, customer())
    claim_next(world.ada, at=MONDAY_TEN)
    assert claim_next(world.bob, at=MONDAY_TEN + LEASE - MINUTE) is None
    type(week.campaign).objects.update(daily_capacity=2)
    assert claim_next(world.bob, at=MONDAY_TEN + LEASE + MINUTE) == due
    assert Allowance.objects.get().used == 1


def test_a_living_desk_keeps_its_call(world):
    due = target(stage(programme(world.place("HQ"))), customer())
    claim_next(world.ada, at=MONDAY_TEN)
    assert renew_lease(due, world.ada, at=MONDAY_TEN + 2 * MINUTE)
    assert claim_next(world.bob, at=MONDAY_TEN + LEASE + MINUTE) is None
    assert not renew_lease(due, world.bob, at=MONDAY_TEN + 2 * MINUTE)


def test_a_released_call_is_there_for_the_next_and_does_not_count(world):
    week = stage(programme(world.place("HQ"), daily_capacity=1))
    due = target(week, customer())
    claim_next(world.ada, at=MONDAY_TEN)
    assert not release(due, world.bob, at=MONDAY_TEN)
    assert release(due, world.ada, at=MONDAY_TEN)
    assert not release(due, world.ada, at=MONDAY_TEN)
    assert claim_next(world.bob, at=MONDAY_TEN) == due


def test_nobody_is_called_outside_the_hours_on_holidays_or_in_a_pause(world):
    campaign = programme(world.place("HQ"))
    due = target(stage(campaign), customer(), at=MONDAY_TEN - dt.timedelta(days=9))
    lunch, evening = MONDAY_TEN + 150 * MINUTE, MONDAY_TEN + dt.timedelta(hours=9)
    sunday = MONDAY_TEN - dt.timedelta(days=1)
    substitute_holiday = MONDAY_TEN - dt.timedelta(days=7)
    for at in (lunch, evening, sunday, substitute_holiday):
        assert claim_next(world.ada, at=at) is None
    pause(campaign, by=world.sue, at=MONDAY_TEN)
    assert claim_next(world.ada, at=MONDAY_TEN) is None
    resume(campaign, by=world.sue, at=MONDAY_TEN)
    assert claim_next(world.ada, at=MONDAY_TEN) == due


def test_hours_are_those_of_the_customers_site(world):
    world.places["MAPO"].time_zone = "America/New_York"
    world.places["MAPO"].save()
    from django.core.cache import caches

    caches["process"].clear()
    due = target(stage(programme(world.place("HQ"))), customer(), zone="America/New_York")
    assert claim_next(world.ada, at=MONDAY_TEN) is None
    assert claim_next(world.ada, at=dt.datetime(2026, 3, 9, 14, 0, tzinfo=dt.UTC)) == due
    caches["process"].clear()


def test_the_days_capacity_holds(world):
    week = stage(programme(world.place("HQ"), daily_capacity=1))
    target(week, customer())
    target(week, customer())
    assert claim_next(world.ada, at=MONDAY_TEN) is not None
    assert claim_next(world.bob, at=MONDAY_TEN) is None
    assert claim_next(world.bob, at=MONDAY_TEN + dt.timedelta(days=1)) is not None


def test_quarantine_after_any_contact_puts_the_call_off_with_its_reason(world):
    week = stage(programme(world.place("HQ"), quarantine_days=7))
    spoke = MONDAY_TEN - dt.timedelta(days=2)
    due = target(week, customer())
    Interaction.objects.create(
        customer=due.customer, channel="phone", queued_at=spoke, answered_at=spoke, ended_at=spoke
    )
    assert claim_next(world.ada, at=MONDAY_TEN) is None
    due.refresh_from_db()
    assert due.next_at == spoke + dt.timedelta(days=7)
    said = Decision.objects.get(target=due)
    assert (said.reason, said.chosen) == ("quarantine", False)
    assert dt.datetime.fromisoformat(said.facts["until"]) == due.next_at
    assert claim_next(world.ada, at=MONDAY_TEN + dt.timedelta(days=7)) == due


def test_one_customer_is_not_called_by_two_agents_at_once(world):
    who = customer()
    target(stage(programme(world.place("HQ"), quarantine_days=0)), who)
    target(stage(programme(world.place("HQ"), quarantine_days=0)), who)
    assert claim_next(world.ada, at=MONDAY_TEN) is not None
    assert claim_next(world.bob, at=MONDAY_TEN) is None


def test_a_phone_that_turned_out_wrong_ends_the_call(world):
    due = target(stage(programme(world.place("HQ"))), customer())
    due.customer.contact_points.update(state="wrong")
    assert claim_next(world.ada, at=MONDAY_TEN) is None
    assert Target.objects.get().result == "wrong_phone"


def test_an_agent_of_a_region_gets_no_calls_of_another(world):
    from dangol.places.actions import grant_role

    target(stage(programme(world.place("SEOUL"))), customer())
    grant_role(world.nobody, "agent", world.place("BUSAN"), by=None)
    assert claim_next(world.nobody, at=MONDAY_TEN) is None
    assert claim_next(world.ada, at=MONDAY_TEN) is not None


def test_a_handed_over_call_goes_to_its_agent_only(world):
    due = target(stage(programme(world.place("HQ"))), customer(), assigned_to=world.bob)
    assert claim_next(world.ada, at=MONDAY_TEN) is None
    assert claim_next(world.bob, at=MONDAY_TEN) == due
