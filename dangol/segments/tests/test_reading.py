"""Rules as JSON: every mistake is named by its place, and no user text becomes code."""

import uuid
from decimal import Decimal

import pytest

from dangol.segments import rules as r
from dangol.segments.reading import BadRule, read

SALES = {"of": "transactions", "where": [{"column": "kind", "is": ["sale"]}], "days": 365}
KEY = str(uuid.uuid4())


def test_a_tree_is_read_whole():
    rule = read({
        "all": [
            {"attribute": "kind", "is": "person"},
            {"any": [{"count": SALES, "from": 2}, {"last": {"of": "transactions"}, "to": 30}]},
            {"not": {"attribute": "home_place", "below": [KEY]}},
            {"minus": [{"everyone": True}, {"sample": {"percent": 12.5}}]},
            {"sequence": {"first": SALES, "then": {"of": "responses"}, "days": 30, "absent": True}},
        ]
    })  # fmt: skip
    sales = r.Facts("transactions", (r.Where("kind", r.OneOf(("sale",))),), r.Window(days=365))
    assert rule == r.All((
        r.Attribute("kind", r.OneOf(("person",))),
        r.Any((
            r.Behaviour(sales, "count", r.Range(Decimal(2), None)),
            r.Behaviour(r.Facts("transactions"), "last", r.Range(None, Decimal(30))),
        )),
        r.Not(r.Attribute("home_place", r.Below((KEY,)))),
        r.Minus(r.Everyone(), r.Sample(12.5)),
        r.Sequence(sales, r.Facts("responses"), 30, absent=True),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "규칙이 아니에요"),
        ([], "규칙이 아니에요"),
        ({}, "다음 중 하나"),
        ({"all": [], "any": []}, "다음 중 하나"),
        ({"all": {}}, "all: 규칙의 목록"),
        ({"all": [{"attribute": "name", "is": "김단골"}]}, "all › 1 › attribute: 그런 항목이 없어요"),
        ({"attribute": "kind", "is": "x'; DROP TABLE customers; --"}, "글자, 숫자"),
        ({"attribute": "kind"}, "값을 고르세요"),
        ({"attribute": "home_place", "is": "1"}, "상위를 고르세요"),
        ({"attribute": "home_place", "below": ["강남"]}, "올바른 키"),
        ({"attribute": "kind", "below": [KEY]}, "상하 단계가 없어요"),
        ({"count": SALES}, "최솟값이나 최댓값"),
        ({"count": SALES, "from": 3, "to": 2}, "최솟값이 최댓값보다"),
        ({"count": SALES, "from": "NaN"}, "숫자가 아니에요"),
        ({"count": SALES, "from": True}, "숫자가 아니에요"),
        ({"count": {"of": "auth_user"}, "from": 1}, "어떤 사실"),
        ({"count": SALES | {"days": 0}, "from": 1}, "일수는"),
        ({"count": {"of": "transactions", "start": "어제"}, "from": 1}, "start: 날짜는"),
        ({"sum": SALES | {"column": "amount"}, "from": 1}, "한 통화로만"),
        ({"sum": SALES | {"column": "kind"}, "from": 1}, "숫자만"),
        ({"sample": {"percent": 101}}, "0~100퍼센트"),
        ({"minus": [{"everyone": True}]}, "규칙 두 개"),
        ({"sequence": {"first": SALES}}, "순서에는"),
        ({"all": [{"everyone": True}] * 201}, "200개까지예요. 지금 201개"),
        ({"any": [{"all": [{"everyone": True}] * 150}] * 2}, "200개까지예요. 지금 300개"),
        ({"attribute": "kind", "is": "person\n"}, "글자, 숫자"),
        ({"count": SALES | {"dayz": 30}, "from": 1}, "count › dayz: 여기서 쓰지 않는 이름"),
        ({"count": SALES, "from": 1, "too": 5}, "too: 여기서 쓰지 않는 이름"),
        ({"count": SALES | {"column": "amount"}, "from": 1}, "column: 여기서 쓰지 않는 이름"),
        ({"all": [], "note": "?"}, "note: 여기서 쓰지 않는 이름"),
        ({"sample": {"percent": 5, "seed": 1}}, "seed: 여기서 쓰지 않는 이름"),
        ({"count": {"of": "transactions", "where": [{"column": "kind", "is": ["sale"], "iz": 1}]}, "from": 1}, "where › 1 › iz: 여기서"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(given, told):
    with pytest.raises(BadRule, match=told):
        read(given)


def test_a_rule_without_bottom_is_refused():
    rule: dict = {"everyone": True}
    for _n in range(50):
        rule = {"not": rule}
    with pytest.raises(BadRule, match="깊게"):
        read(rule)


def test_amounts_in_one_currency_are_added_up():
    where = [{"column": "currency", "is": ["KRW"]}]
    rule = read({"sum": {"of": "transactions", "column": "amount", "where": where}, "from": 10})
    assert rule.column == "amount"
