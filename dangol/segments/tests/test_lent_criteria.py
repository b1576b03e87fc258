"""What an app above lends: the same in the lake, in PostgreSQL, in plain Python and in the state."""

from __future__ import annotations

import datetime as dt

import pytest

from dangol.segments import catalogue, deciding
from dangol.segments.catalogue import Criterion, lend
from dangol.segments.plain import Plain
from dangol.segments.reading import BadRule, read
from dangol.segments.sentences import in_words
from dangol.segments.state import bring, measures_in
from dangol.segments.tests.factories import sale, somebody
from dangol.segments.writing import written
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.numbers import numbers_of

pytestmark = pytest.mark.usefixtures("lake_folder")
TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def lent(monkeypatch):
    """A score: the largest purchase, as a table of one number a customer would be."""
    monkeypatch.setattr(catalogue, "CRITERIA", {})
    lend(
        Criterion("test.largest", "transactions", "amount", "가장 큰 거래", "원"),
        Criterion("test.kind", "transactions", "kind", "거래 종류", choices=(("sale", "판매"),)),
    )


@pytest.mark.parametrize(
    ("given", "told", "names"),
    [
        ({"score": "test.largest", "from": 200}, "가장 큰 거래 200 원 이상", {"큰손님"}),
        ({"score": "test.kind", "is": ["sale"]}, "거래 종류 판매", {"큰손님", "작은손님"}),
        ({"not": {"score": "test.largest", "known": True}}, "", {"없는손님"}),
    ],
)
def test_a_score_is_asked_like_any_other_condition(world, lent, given, told, names):
    big, small, none = (somebody(world, name=n) for n in ("큰손님", "작은손님", "없는손님"))
    sale(big, amount=100), sale(big, amount=300), sale(small, amount=199)
    copy_changes()
    seen, rule = lake(), read(given)
    assert written(rule) == given
    assert not told or in_words(rule, str) == told
    numbers = numbers_of(type(big), [c.pk for c in (big, small, none)])
    expected = {numbers[c.pk] for c in (big, small, none) if c.name in names}
    assert set(deciding.members(rule, seen, TODAY).to_pylist()) == expected
    assert set(bring(seen, TODAY, measures_in(rule)).members(rule).tolist()) == expected
    tables = {n: seen.run(seen.table(n)).to_pylist() for n in ("customers", "transactions")}
    plain = Plain(tables, TODAY, catalogue.day_of, deciding.below)
    assert {row["id"] for row in tables["customers"] if plain.holds(rule, row)} == expected
    for customer in (big, small, none):
        [now] = deciding.decided_now({"rule": rule}, customer.pk, TODAY).values()
        assert now is (customer.name in names)


@pytest.mark.django_db
def test_a_score_that_nobody_lends_is_refused(lent):
    with pytest.raises(BadRule, match="test.largest"):
        read({"score": "test.gone", "from": 1})
