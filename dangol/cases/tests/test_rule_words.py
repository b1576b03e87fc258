import pytest
from django.utils import translation

from dangol.cases.actions import set_rule
from dangol.cases.rule_words import in_words
from dangol.cases.tests.factories import a_category
from dangol.interactions import question_names
from dangol.interactions.question_names import Named

KNOWN = [
    Named("sales", "overall", "구매 전반"),
    Named("service", "overall", "정비 전반"),
    Named("service", "why", "이유", {"late": "늦었어요"}),
]


def told(**facts):
    rule = set_rule(name="규칙", category=a_category(), by=None, **facts)
    with translation.override("ko"):
        said = in_words(rule, KNOWN)
    return said.process, said.question, said.test


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"process": "service", "question": "overall", "at_most": 25}, ("서비스", "정비 전반", "25점 이하")),
        ({"question": "", "at_most": 37.5}, ("모두", "응답 전체의 지수", "37.5점 이하")),
        ({"question": "call_me"}, ("모두", "연락 희망", "연락 요청")),
        ({"question": "why", "equals": "late"}, ("모두", "이유", "답이 “늦었어요”")),
        ({"question": "solved", "equals": "no"}, ("모두", "solved", "답이 “아니요”")),
    ],
)  # fmt: skip
def test_a_rule_is_read_out_in_words(facts, words):
    assert told(**facts) == words


def test_the_page_shows_words_and_offers_questions_by_name(client, world, monkeypatch):
    monkeypatch.setattr(question_names, "_lenders", [lambda: KNOWN])
    set_rule(
        name="낮음", process="sales", question="overall", at_most=25, category=a_category(), by=None
    )
    client.force_login(world.anna)
    page = client.get("/cases/rules/").text
    assert "25점 이하" in page and "구매 전반" in page
    assert '<optgroup label="판매"' in page
