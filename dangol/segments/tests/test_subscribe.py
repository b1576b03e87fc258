"""Each subscriber sees each change exactly once: crashes, two at once, late commits."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dangol.core.alone import Busy
from dangol.segments import refreshing
from dangol.segments.models import Change, Subscription
from dangol.segments.refreshing import refresh_segments
from dangol.segments.subscribing import (
    ABANDONED_DAYS,
    KEPT_DAYS,
    acknowledge,
    changes_for,
    forget_changes,
    subscribe,
)
from dangol.segments.tests.factories import a_segment, members_of, sale, somebody
from dangol.warehouse.actions import copy_changes

pytestmark = pytest.mark.usefixtures("lake_folder", "customer_of_old")


@pytest.fixture
def customer_of_old(world):
    """Somebody whom the lake knows, so that the first count is one among customers."""
    return somebody(world)


class Crash(Exception):
    """The process dies."""


def counted():
    """Copy what happened and count."""
    copy_changes()
    return refresh_segments()


def regular(world):
    """Somebody who has just become one."""
    one = somebody(world)
    sale(one), sale(one)
    return one


def test_what_came_before_the_subscription_is_not_told(world):
    segment = a_segment(world)
    counted()
    regular(world)
    counted()
    subscribe("welcome", segment)
    with changes_for("welcome", segment) as new:
        assert new == []
    with pytest.raises(Subscription.DoesNotExist), changes_for("nobody", segment):
        pass


def test_a_crash_between_tells_again_and_nothing_twice(world):
    segment = a_segment(world)
    counted()
    subscribe("welcome", segment), subscribe("goodbye", segment)
    kim = regular(world)
    counted()
    with pytest.raises(Crash), changes_for("welcome", segment) as new:
        assert [c.customer_id for c in new] == [kim.pk]
        raise Crash
    told = []
    for _again in range(2):
        with changes_for("welcome", segment) as new:
            told += [(c.customer_id, c.entered) for c in new]
    assert told == [(kim.pk, True)]
    with changes_for("goodbye", segment) as new:
        assert [(c.customer_id, c.entered) for c in new] == [(kim.pk, True)]


def test_someone_outside_acknowledges_and_never_backwards(world):
    segment = a_segment(world)
    counted()
    subscribe("crm", segment)
    regular(world), regular(world)
    counted()
    first, second = Change.objects.order_by("position").values_list("position", flat=True)
    assert acknowledge("crm", segment, first).position == first
    assert acknowledge("crm", segment, second + 100).position == first
    assert acknowledge("crm", segment, second).position == second
    assert acknowledge("crm", segment, first).position == second


@pytest.mark.django_db(transaction=True)
def test_two_at_once_share_the_changes(world):
    segment = a_segment(world)
    counted()
    subscribe("welcome", segment)
    for _one in range(20):
        regular(world)
    counted()
    seen, started = [], threading.Barrier(4)

    def read():
        try:
            started.wait()
            for _turn in range(8):
                with changes_for("welcome", segment, most=3) as new:
                    seen.extend(c.position for c in new)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 20


@pytest.mark.django_db(transaction=True)
def test_two_counts_at_once_are_one(world, monkeypatch):
    segment = a_segment(world)
    counted()
    regular(world)
    copy_changes()
    inside, go = threading.Event(), threading.Event()
    decided = refreshing.decided

    def slowly(*given):
        inside.set()
        go.wait(20)
        yield from decided(*given)

    monkeypatch.setattr(refreshing, "decided", slowly)

    def first():
        try:
            refresh_segments()
        finally:
            connection.close()

    one = threading.Thread(target=first)
    one.start()
    assert inside.wait(20)
    with pytest.raises(Busy):
        refresh_segments()
    go.set()
    one.join()
    monkeypatch.undo()
    assert refresh_segments() is None
    assert Change.objects.count() == 1
    assert len(members_of(segment)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_of_a_count_leaves_each_segment_whole(world, monkeypatch):
    segments = [a_segment(world) for _n in range(3)]
    counted()
    regular(world)
    copy_changes()
    apply, done = refreshing.apply, []

    def dies_at_the_second(segment, *given):
        if done:
            with transaction.atomic():
                apply(segment, *given)
                raise Crash
        done.append(segment)
        return apply(segment, *given)

    monkeypatch.setattr(refreshing, "apply", dies_at_the_second)
    with pytest.raises(Crash):
        refresh_segments()
    assert sorted(len(members_of(s)) for s in segments) == [0, 0, 1]
    monkeypatch.undo()
    refresh_segments()
    assert [len(members_of(s)) for s in segments] == [1, 1, 1]
    assert Change.objects.count() == 3


def test_old_changes_are_forgotten_once_everybody_has_seen_them(world):
    segment = a_segment(world)
    counted()
    subscribe("welcome", segment), subscribe("asleep", segment)
    regular(world)
    counted()
    now = timezone.now()
    later = now + dt.timedelta(days=KEPT_DAYS + 2)
    assert forget_changes(later) == 0
    with changes_for("welcome", segment) as new:
        assert len(new) == 1
    assert forget_changes(later) == 0  # one has not seen it
    assert forget_changes(now + dt.timedelta(days=KEPT_DAYS - 2)) == 0
    with changes_for("asleep", segment) as new:
        assert len(new) == 1
    assert forget_changes(later) == 1
    assert not Change.objects.exists()
    regular(world)
    counted()
    with changes_for("welcome", segment) as new:
        assert len(new) == 1
    # who reads nothing for more than a year is waited for no more
    assert forget_changes(now + dt.timedelta(days=ABANDONED_DAYS + 2)) == 1
