"""The steward's pages speak of organisations as such."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from dangol.customers.models import SourceRecord
from dangol.identity.audits.costs import count_costs
from dangol.identity.audits.drawing import draw_audit
from dangol.identity.audits.models import BlockCost
from dangol.identity.models import Label, Link, Question
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.test_organisations import HANBIT, OTHER_NUMBER, company

pytestmark = pytest.mark.django_db


def a_question() -> Question:
    company(**HANBIT)
    company("invoices", **HANBIT | {"registration": OTHER_NUMBER, "owner": "홍서언"})
    match_waiting()
    return Question.objects.get()


def test_the_desk_lays_two_companies_side_by_side(world, client) -> None:
    question = a_question()
    client.force_login(world.dana)
    page = client.get(reverse("matching:question", args=[question.pk])).content.decode()
    for words in (
        "사업자등록번호가 서로 다름",
        "본사와 지점",
        "같은 조직",
        "대표자 이름 한 글자가 다름",
        "대표자",
    ):
        assert words in page, words
    assert "124-81-" in page and "같은 사람" not in page and "생년월일" not in page


def test_answers_over_companies_are_told_as_of_companies(world, client) -> None:
    question = a_question()
    for who, answer in ((world.dana, "same"), (world.anna, "apart")):
        Label.objects.create(question=question, answer=answer, by=who)
    Question.objects.update(
        settled="same", settled_at=timezone.now(), settled_by=world.dana, second="done"
    )
    client.force_login(world.dana)
    page = client.get(reverse("matching:question", args=[question.pk])).content.decode()
    why = page[page.index("steward-why") : page.index("<table")]
    assert "badge-good" in why and "같은 조직" in why and "같은 사람" not in page
    page = client.get(reverse("matching:audits")).content.decode()
    told = page[page.index("disputed") :]
    assert "같은 조직" in told and "다른 조직" in told and "같은 사람" not in told
    listed = client.get(reverse("matching:questions")).content.decode()
    assert "같은 조직" in listed[listed.index("<tbody") :]


def test_the_model_and_the_thresholds_of_organisations_have_pages(world, client) -> None:
    a_question()
    client.force_login(world.dana)
    page = client.get(reverse("matching:models"), {"kind": "organisation"}).content.decode()
    for words in ("사업자등록번호", "다른 조직"):
        assert words in page, words
    page = client.get(reverse("matching:audits"), {"kind": "organisation"}).content.decode()
    assert 'href="?kind=organisation#thresholds" aria-current="true"' in page
    assert "사업자등록번호" not in client.get(reverse("matching:models")).content.decode()


def test_the_golden_record_explains_the_numbers(world, client) -> None:
    one = company(**HANBIT, corporate="1301110006246")
    match_waiting()
    one.refresh_from_db()
    from dangol.identity.golden.told import explained, records_of

    assert one.customer is not None
    with translation.override("en"):
        told = {
            line.field: line.kept.value
            for line in explained(one.customer, records_of(one.customer.pk))
        }
    assert told["registration"] == "124-81-00998" and told["corporate"] == "130111-0006246"


def test_costs_and_samples_count_organisations_apart() -> None:
    company(**HANBIT)
    company("invoices", name="한빛건설 주식회사", registration="1248100998")
    match_waiting()
    assert Link.objects.count() == 1
    count_costs()
    cost = BlockCost.objects.get(rule="organisation.registration")
    assert (cost.pairs, cost.joins, cost.joins_of) == (1, 1, 1)
    assert BlockCost.objects.get(rule="phone").joins_of == 0
    audit = draw_audit()
    assert audit is not None
    drawn = [s for s in audit.strata if s["drawn"]]
    assert [(s["kind"], s["decided"], s["drawn"]) for s in drawn] == [("organisation", "joined", 1)]
    assert Question.objects.get(why="audit").b == SourceRecord.objects.latest("pk")
