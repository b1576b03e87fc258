"""Everything that is compared, and every way of finding what to compare, has words."""

from dangol.identity.matching.blocking import PEOPLE_RULES
from dangol.identity.matching.comparisons import PEOPLE
from dangol.identity.pages.runs import WAYS
from dangol.identity.stewarding.words import COMPARED, LEVELS


def test_nothing_that_is_weighed_is_without_words():
    assert set(COMPARED) == {c.key for c in PEOPLE}
    assert set(LEVELS) == {f"{c.key}.{level.key}" for c in PEOPLE for level in c.levels}


def test_every_way_of_blocking_has_words():
    assert set(WAYS) == {rule.key for rule in PEOPLE_RULES}
