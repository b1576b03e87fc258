"""Overlaps with other segments, and versions side by side."""

from __future__ import annotations

import pytest

from dangol.segments.actions import change_segment
from dangol.segments.comparing import compared
from dangol.segments.models import Segment
from dangol.segments.overlapping import combinations, overlaps
from dangol.segments.refreshing import refresh_segments
from dangol.segments.tests.factories import a_segment, sale, somebody
from dangol.warehouse.actions import copy_changes

pytestmark = pytest.mark.usefixtures("lake_folder")


@pytest.fixture
def three(world):
    """Six customers with 1 … 6 sales; segments of at least 2, at least 4, at most 3."""
    for n in range(1, 7):
        one = somebody(world)
        for _sale in range(n):
            sale(one)
    rules = [{"from": 2}, {"from": 4}, {"to": 3}]
    made = [a_segment(world, {"count": {"of": "transactions"}} | ends) for ends in rules]
    copy_changes()
    refresh_segments()
    return [Segment.objects.get(pk=s.pk) for s in made]


def test_pairs_and_combinations_count_exactly(three):
    two, four, few = three
    pairs = overlaps(two, [four, few], 6)
    assert [(p.other, p.shared) for p in pairs] == [(four, 3), (few, 2)]
    assert (pairs[0].of_ours, pairs[0].of_theirs, pairs[0].lift) == (60, 100, 1.2)
    found = {c.inside: c.size for c in combinations(three)}
    assert found == {
        (True, True, False): 3, (True, False, True): 2, (False, False, True): 1,
    }  # fmt: skip


def test_versions_say_what_is_only_theirs(world, three):
    two = three[0]
    change_segment(two, rule={"count": {"of": "transactions"}, "from": 5}, by=world.mark)
    old, new = compared(two, list(two.versions.order_by("number")), world.mark)
    assert (old.size, old.alone, new.size, new.alone) == (5, 3, 2, 0)
    assert new.tests == [("거래 5번 이상", True)]


def test_the_pages(client, world, three):
    client.force_login(world.mark)
    page = client.get(f"/segments/{three[0].pk}/overlap/").content.decode()
    assert str(three[1]) in page
    page = client.get(f"/segments/{three[0].pk}/versions/?a=1&b=99").content.decode()
    assert "버전 1" in page
