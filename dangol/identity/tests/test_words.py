"""Everything that is compared, and every way of finding what to compare, has words."""

import pytest

from dangol.identity.matching.kinds import KINDS
from dangol.identity.pages.runs import WAYS
from dangol.identity.stewarding import company_words, words

OF_KIND = {"person": words, "organisation": company_words}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_weighed_is_without_words(kind):
    compared = KINDS[kind].comparisons
    assert set(OF_KIND[kind].COMPARED) == {c.key for c in compared}
    assert set(OF_KIND[kind].LEVELS) == {f"{c.key}.{v.key}" for c in compared for v in c.levels}


def test_every_way_of_blocking_has_words():
    assert set(WAYS) == {rule.key for kind in KINDS.values() for rule in kind.rules}
