"""Counting: who is in, who came, who left, and what is left alone."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from dangol.core.models import Event
from dangol.segments import members, refreshing
from dangol.segments.actions import change_segment, end_segment
from dangol.segments.models import Change, Membership, Refresh, SizeDay
from dangol.segments.reading import BadRule
from dangol.segments.refreshing import refresh_segments
from dangol.segments.state.bits import numbers_of
from dangol.segments.tests.factories import REGULARS, a_segment, members_of, sale, somebody
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.manifest import NoLake

pytestmark = pytest.mark.usefixtures("lake_folder")


def counted(**more):
    """Copy what happened and count."""
    copy_changes()
    return refresh_segments(**more)


def test_the_first_count_fills_and_nobody_entered(world):
    kim, lee = somebody(world, name="김단골"), somebody(world, name="이손님")
    sale(kim), sale(kim), sale(lee)
    segment = a_segment(world)
    run = counted()
    segment.refresh_from_db()
    assert members_of(segment) == {"김단골"}
    assert (segment.size, segment.counted_number, segment.lake_version) == (1, 1, run.lake_version)
    assert (run.done, run.entered, run.left) == (1, 0, 0)
    assert not Change.objects.exists()
    assert list(SizeDay.objects.values_list("size", "entered", "left")) == [(1, 0, 0)]


def test_the_first_count_that_knows_anybody_fills_after_a_count_over_an_empty_lake(world):
    segment = a_segment(world)
    run = counted()
    segment.refresh_from_db()
    assert (run.done, segment.size, segment.filled_at) == (1, 0, None)
    kim, lee = somebody(world, name="김단골"), somebody(world, name="이손님")
    sale(kim), sale(kim)
    run = counted()
    segment.refresh_from_db()
    assert members_of(segment) == {"김단골"}
    assert (run.entered, run.left, segment.filled_at) == (0, 0, segment.counted_at)
    assert not Change.objects.exists() and not Event.objects.filter(name="segments.MembersChanged")
    assert list(SizeDay.objects.values_list("size", "entered", "left")) == [(1, 0, 0)]
    sale(lee), sale(lee)
    assert counted().entered == 1
    assert [c.customer for c in Change.objects.all()] == [lee]


def test_a_segment_that_found_nobody_among_customers_was_filled_then(world):
    segment, kim = a_segment(world), somebody(world, name="김단골")
    counted()
    segment.refresh_from_db()
    assert (segment.size, segment.filled_at) == (0, segment.counted_at)
    sale(kim), sale(kim)
    assert counted().entered == 1


def test_who_enters_and_leaves_is_written_once(world):
    kim, lee = somebody(world, name="김단골"), somebody(world, name="이손님")
    sale(kim)
    second = sale(kim)
    segment = a_segment(world)
    counted()
    sale(lee), sale(lee)
    second.delete()
    counted()
    assert members_of(segment) == {"이손님"}
    told = Change.objects.order_by("position").values_list("customer__name", "entered")
    assert list(told) == [("이손님", True), ("김단골", False)]
    assert list(SizeDay.objects.values_list("size", "entered", "left")) == [(1, 1, 1)]
    [event] = Event.objects.filter(name="segments.MembersChanged")
    assert event.payload == {"size": 1, "entered": 1, "left": 1}
    assert refresh_segments() is None
    assert Change.objects.count() == 2


def test_a_new_day_is_counted_without_a_new_lake(world):
    kim = somebody(world)
    sale(kim, days_ago=1), sale(kim, days_ago=1)
    segment = a_segment(world, {"count": {"of": "transactions", "days": 30}, "from": 2})
    counted()
    assert len(members_of(segment)) == 1
    later = timezone.localdate() + dt.timedelta(days=40)
    assert refresh_segments(day=later).left == 1
    assert members_of(segment) == set()
    assert list(SizeDay.objects.order_by("day").values_list("size", flat=True)) == [1, 0]


def test_a_segment_of_a_region_holds_its_customers_only(world):
    for place in ("GANGNAM", "HAEUNDAE"):
        one = somebody(world, place, name=place)
        sale(one), sale(one)
    segment = a_segment(world, place=world.place("SEOUL"))
    counted()
    assert members_of(segment) == {"GANGNAM"}


def test_another_rule_is_another_version_and_the_old_one_stays(world):
    kim = somebody(world, name="김단골")
    sale(kim)
    segment = a_segment(world)
    counted()
    change_segment(segment, rule={"count": {"of": "transactions"}, "from": 1}, by=world.mark)
    counted()
    segment.refresh_from_db()
    assert segment.counted_number == 2
    assert members_of(segment) == {"김단골"}
    rules = segment.versions.order_by("number").values_list("rule", flat=True)
    assert list(rules) == [REGULARS, {"count": {"of": "transactions"}, "from": 1}]
    change_segment(segment, rule={"count": {"of": "transactions"}, "from": 1.0}, by=world.mark)
    assert segment.versions.count() == 2


def test_a_segment_follows_the_one_that_it_asks_for(world):
    kim = somebody(world, name="김단골")
    sale(kim), sale(kim)
    inner = a_segment(world)
    outer = a_segment(world, {"not": {"segment": str(inner.pk)}})
    counted()
    assert members_of(outer) == set()
    change_segment(inner, rule={"any": []}, by=world.mark)
    counted()
    assert members_of(outer) == {"김단골"}
    with pytest.raises(BadRule):
        change_segment(inner, rule={"segment": str(outer.pk)}, by=world.mark)
    with pytest.raises(ValidationError):
        end_segment(inner, by=world.mark)
    end_segment(outer, by=world.mark)
    assert end_segment(inner, by=world.mark).ended_at


def test_a_rule_whose_column_is_gone_is_told_and_the_others_are_counted(world):
    kim = somebody(world, name="김단골")
    sale(kim), sale(kim)
    good, broken = a_segment(world), a_segment(world)
    counted()
    broken.versions.update(rule={"sum": {"of": "transactions", "column": "gone"}, "from": 1})
    sale(kim)
    counted()
    broken.refresh_from_db()
    good.refresh_from_db()
    assert "sum" in broken.failure and "column" not in good.failure
    assert members_of(broken) == members_of(good) == {"김단골"}


def test_an_empty_company_and_no_lake_at_all(world):
    segment = a_segment(world)
    with pytest.raises(NoLake):
        refresh_segments()
    counted()
    segment.refresh_from_db()
    assert segment.size == 0


def test_a_lost_or_damaged_file_of_members_is_read_from_the_rows(world):
    kim, lee = somebody(world, name="김단골"), somebody(world, name="이손님")
    sale(kim), sale(kim), sale(lee)
    segment = a_segment(world)
    counted()
    segment.refresh_from_db()
    path = members.path_of(segment.pk, segment.mark)
    assert np.array_equal(numbers_of(np.load(path)), numbers_of(members.from_rows(segment)))
    path.write_bytes(b"half")
    sale(lee)
    counted()
    assert members_of(segment) == {"김단골", "이손님"}
    told = list(Change.objects.values_list("customer__name", "entered"))
    assert told == [("이손님", True)]


def test_a_customer_who_is_gone_leaves_no_row(world):
    kim = somebody(world)
    sale(kim), sale(kim)
    segment = a_segment(world)
    copy_changes()
    kim.transaction_set.all().delete() if hasattr(kim, "transaction_set") else None
    from dangol.purchases.models import Transaction

    Transaction.objects.all().delete()
    kim.contact_points.all().delete()
    kim.delete()
    refresh_segments()
    assert not Membership.objects.filter(segment=segment).exists()


def test_a_failure_is_kept_with_the_run(world, monkeypatch):
    a_segment(world)
    copy_changes()
    monkeypatch.setattr(members, "keep", lambda *given: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError):
        refresh_segments()
    run = Refresh.objects.get()
    assert "OSError" in run.failure and run.finished_at
    assert not Membership.objects.exists()


def test_one_that_is_made_while_the_others_are_read_waits_for_the_next_time(world, monkeypatch):
    first, real, late = a_segment(world), refreshing.newest_versions, []

    def meanwhile(*given):
        found = list(real(*given))
        late[:] = late or [a_segment(world)]
        return found

    copy_changes()
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "newest_versions", meanwhile)
        due = refreshing.stale(1, timezone.localdate())
    assert [segment for segment, _version in due] == [first]
    due = refreshing.stale(1, timezone.localdate())
    assert [segment for segment, _version in due] == [first, *late]
