"""Every level of every comparison has words."""

from dangol.identity.matching.comparisons import PEOPLE
from dangol.identity.stewarding.words import COMPARED, LEVELS


def test_nothing_that_is_weighed_is_without_words():
    assert set(COMPARED) == {c.key for c in PEOPLE}
    assert set(LEVELS) == {f"{c.key}.{level.key}" for c in PEOPLE for level in c.levels}
