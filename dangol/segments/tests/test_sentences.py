"""A rule is said aloud in both languages."""

import uuid

import pytest
from django.utils import translation

from dangol.segments.reading import read
from dangol.segments.sentences import in_words

KEY = str(uuid.uuid4())
SALES = {"of": "transactions", "where": [{"column": "kind", "is": ["sale"]}], "days": 365}
RULES = [
    (
        {"all": [{"count": SALES, "from": 2}, {"attribute": "home_place", "below": [KEY]}]},
        "최근 365일 구분 판매인 거래 2번 이상 그리고 담당 사업장 강남지점 및 하위",
        "Transactions (Kind: Sale) of the last 365 days: at least 2 times"
        " and Home site: 강남지점 and below",
    ),
    (
        {"minus": [{"everyone": True}, {"any": [{"sample": {"percent": 10}}, {"segment": KEY}]}]},
        "모든 고객, 단 (고정 표본 10% 또는 “강남지점” 세그먼트) 제외",
        "every customer, except (a fixed sample of 10% or in “강남지점”)",
    ),
    (
        {"sequence": {"first": SALES, "then": {"of": "responses"}, "days": 30, "absent": True}},
        "최근 365일 구분 판매인 거래 뒤 30일 안에 응답 없음",
        "first Transactions (Kind: Sale) of the last 365 days, then no Responses within 30 days",
    ),
    ({"not": {"last": {"of": "responses"}, "to": 90}}, "(응답 마지막부터 90일 이하 지남) 아님",
     "not (Responses: last at most 90 days ago)"),
    ({"attribute": "birth_band", "from": 1985, "to": 1995}, "출생 연도(5년 단위) 1985~1995",
     "Year of birth, in fives: 1985 to 1995"),
    ({"attribute": "birth_band", "is": [1990]}, "출생 연도(5년 단위) 1990", "Year of birth, in fives: 1990"),
    ({"attribute": "gender", "is": ["f"]}, "성별 여성", "Gender: female"),
    ({"count": {"of": "responses"}, "from": 1}, "응답 1번 이상", "Responses: at least 1 time"),
    ({"last": {"of": "responses"}, "to": 1}, "응답 마지막부터 1일 이하 지남",
     "Responses: last at most 1 day ago"),
    ({"any": []}, "해당 고객 없음", "no customer"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "korean", "english"), RULES)
def test_a_rule_reads_as_a_sentence(given, korean, english):
    rule = read(given)
    for language, sentence in (("ko", korean), ("en", english)):
        with translation.override(language):
            assert in_words(rule, lambda _key: "강남지점") == sentence
