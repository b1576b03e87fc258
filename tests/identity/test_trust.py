"""What the page of a source says of its trust is what survivorship asks."""

from __future__ import annotations

from dangol.identity.golden.trust import trust_of_sources
from dangol.sources.actions import set_trust
from dangol.sources.queries import trust_by_source
from dangol.sources.tests.factories import a_source, put


def test_the_trust_of_sources_is_what_survivorship_asks(world):
    put(
        "people.csv",
        [["고객번호", "성명", "휴대폰", "이메일", "생년월일"], ["1", "김", "", "", ""]],
    )
    source = a_source(code="crm")
    set_trust(source, {"phone": 90, "name": 20}, by=world.anna)
    assert trust_by_source() == {"crm": {"phone": 90, "phone2": 90, "name": 20}}
    assert trust_of_sources() == trust_by_source()
