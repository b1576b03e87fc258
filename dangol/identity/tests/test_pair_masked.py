"""What only looks the same because it is masked is not told to be the same."""

from __future__ import annotations

import pytest

from dangol.core.masking import see_whole
from dangol.identity.stewarding.pair import lines_of
from dangol.identity.tests.factories import a_pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("whole", [True, False])
def test_names_that_differ_differ_for_everybody(world, whole: bool) -> None:
    see_whole(whole)
    pair = a_pair(world.place("GANGNAM"), name="홍동연")
    states = {one.field: one.state for one in lines_of(pair.a, pair.b, {}, {})}
    assert states["name"] != "same" and states["born_on"] == "same"
    alike = a_pair(world.place("GANGNAM"), name="홍서연")
    assert lines_of(alike.a, alike.b, {}, {})[0].state == "same"
