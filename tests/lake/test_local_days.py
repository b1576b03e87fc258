"""Calls, threads, contact points and agents' states carry the day on which they were where they were."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.contact_centre.models import AgentInterval, Call
from dangol.customers.models import ContactPoint
from dangol.interactions.models import Thread
from dangol.surveys.tests.factories import conversation
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer, rows_in_lake

LATE = dt.datetime(2026, 3, 1, 15, 30, tzinfo=dt.UTC)
"""Half past midnight of 2 March in Seoul, still 1 March in Lisbon."""


@pytest.mark.parametrize(("zone", "day"), [("Asia/Seoul", 2), ("Europe/Lisbon", 1)])
def test_a_day_is_that_of_the_site(world, lake_folder, zone, day):
    site = world.place("GANGNAM")
    site.time_zone = zone
    site.save()
    talk = conversation(site, world.ada)
    call = Call.objects.create(interaction=talk, driver="simulator")
    Call.objects.filter(pk=call.pk).update(created_at=LATE)
    Thread.objects.update(created_at=LATE, place=site)
    copy_changes()
    for table in ("calls", "threads"):
        (row,) = rows_in_lake(table)
        assert row["day"] == dt.date(2026, 3, day), table


def test_what_has_no_site_has_the_companys_day(world, lake_folder):
    point = ContactPoint.objects.create(customer=a_customer(), kind="phone", value="+821012345678")
    ContactPoint.objects.filter(pk=point.pk).update(created_at=LATE)
    AgentInterval.objects.create(agent=world.ada, state="ready", began_at=LATE)
    copy_changes()
    for table in ("contact_points", "agent_intervals"):
        assert {row["day"] for row in rows_in_lake(table)} == {dt.date(2026, 3, 2)}, table
