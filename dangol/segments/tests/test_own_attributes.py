"""Own attributes in rules: corrected and removed values reach the count, sentences read like language."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from dangol.customers.actions import change_customer
from dangol.customers.attributes.actions import end_attribute, make_attribute
from dangol.segments import deciding
from dangol.segments.actions import change_segment, newest_of
from dangol.segments.building import offered
from dangol.segments.models import Segment
from dangol.segments.reading import BadRule, read
from dangol.segments.refreshing import refresh_segments
from dangol.segments.sentences import in_words
from dangol.segments.state import bring, measures_in
from dangol.segments.tests.factories import a_segment, members_of, somebody
from dangol.segments.writing import written
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.numbers import numbers_of

pytestmark = pytest.mark.usefixtures("lake_folder")
TODAY = dt.date(2026, 6, 15)
CONTRACT = [
    {"code": "month", "name": "월 단위", "name_en": "Monthly"},
    {"code": "year", "name": "연 단위", "name_en": "Yearly"},
]


@pytest.fixture
def attributes(world):
    """One of each kind."""
    return {
        key: make_attribute(
            key=key, name=name, name_en=key.title(), kind=kind, unit=unit, by=None,
            choices=CONTRACT if kind == "choice" else [],
        )
        for key, name, kind, unit in (
            ("tenure", "가입 기간", "number", "개월"), ("contract", "약정", "choice", ""),
            ("paperless", "전자 고지", "yes_no", ""), ("renewed", "갱신일", "date", ""),
        )
    }  # fmt: skip


def knows(customer, **values):
    """A change as the page makes it."""
    customer.refresh_from_db()
    return change_customer(
        customer, by=None, revision=customer.revision, seen={}, attributes=values
    )


def found(rule, *customers):
    """Who is found in the lake, and by PostgreSQL; both agree."""
    copy_changes()
    numbers = numbers_of(type(customers[0]), [c.pk for c in customers])
    inside = set(deciding.members(rule, lake(), TODAY).to_pylist())
    assert set(bring(lake(), TODAY, measures_in(rule)).members(rule).tolist()) == inside
    names = {c.name for c in customers if numbers[c.pk] in inside}
    now = {c.name for c in customers if deciding.decided_now({"r": rule}, c.pk, TODAY)["r"]}
    assert now == names
    return names


def test_a_corrected_and_a_removed_value_reach_the_count(world, attributes):
    one, other = somebody(world, name="하나"), somebody(world, name="둘")
    rule = read({"score": "own.tenure", "from": 10})
    knows(one, tenure=12), knows(other, tenure=3)
    assert found(rule, one, other) == {"하나"}
    knows(other, tenure=10)
    assert found(rule, one, other) == {"하나", "둘"}
    knows(one, tenure=None)
    assert found(rule, one, other) == {"둘"}


@pytest.mark.parametrize(
    ("given", "korean", "english"),
    [
        ({"score": "own.tenure", "from": 10}, "가입 기간 10 개월 이상", "Tenure: at least 10 개월"),
        ({"score": "own.contract", "is": ["month"]}, "약정 월 단위", "Contract: Monthly"),
        ({"score": "own.paperless", "is": [True]}, "전자 고지 예", "Paperless: yes"),
        ({"score": "own.renewed", "known": True}, "갱신일 있음", "Renewed: known"),
    ],
)
def test_the_sentence_in_both_languages(attributes, given, korean, english):
    rule = read(given)
    assert written(rule) == given
    assert in_words(rule, str) == korean
    with translation.override("en"):
        assert in_words(rule, str) == english


@pytest.mark.parametrize(
    "given",
    [
        {"score": "own.gone", "from": 1},
        {"score": "own.tenure", "is": ["월"]},
        {"score": "own.contract", "from": 1},
        {"score": "own.contract", "is": ["x'; DROP TABLE"]},
        {"score": "own.paperless", "is": ["yes"]},
        {"score": "own.renewed", "from": "2026-13-01"},
    ],
)
def test_what_an_attribute_cannot_be_is_refused(attributes, given):
    with pytest.raises(BadRule):
        read(given)


def test_the_builder_offers_those_in_use(client, world, attributes):
    end_attribute(attributes["renewed"], by=None)
    own = [one for one in offered()["scores"] if one["name"].startswith("own.")]
    assert [(one["name"], one["type"]) for one in own] == [
        ("own.tenure", "real"), ("own.contract", "text"), ("own.paperless", "flag"),
    ]  # fmt: skip
    assert own[1]["choices"] == [["month", "월 단위"], ["year", "연 단위"]]
    assert read({"score": "own.renewed", "known": True})  # rules that ask it go on
    client.force_login(world.mark)
    lines = client.get("/segments/found/?of=score.own.contract&q=연").content.decode()
    assert "연 단위" in lines and "월 단위" not in lines
    assert client.get("/segments/found/?of=score.own.nothing").status_code == 404


def test_nobody_begins_to_ask_for_an_ended_attribute_and_who_asks_already_goes_on(
    world, attributes
):
    kim = somebody(world)
    knows(kim, tenure=9)
    rule = {"all": [{"everyone": True}, {"score": "own.tenure", "from": 5}]}
    old = a_segment(world, rule)
    end_attribute(attributes["tenure"], by=None)
    with pytest.raises(BadRule) as refused, translation.override("en"):
        a_segment(world, rule)
    assert refused.value.fields == [("rule.all[1].score", "This attribute has ended.")]
    assert Segment.objects.count() == 1
    copy_changes()
    refresh_segments()
    assert members_of(old) == {kim.name}
    changed = {"all": [*rule["all"], {"count": {"of": "transactions"}, "to": 0}]}
    assert newest_of(change_segment(old, rule=changed, by=world.mark)).number == 2
