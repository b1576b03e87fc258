import uuid
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from dangol.cases.actions import open_case, set_rule
from dangol.cases.models import Case
from dangol.cases.queries import cases_visible_to
from dangol.cases.tests.factories import a_case, a_category, seoul
from dangol.core.events import DomainEvent, publish
from dangol.customers.actions import add_customer
from dangol.interactions.models import Thread


@dataclass(frozen=True, kw_only=True)
class ResponseCompleted(DomainEvent):
    """As surveys would say it."""

    interaction_id: str | None = None
    process: str = "sales"
    score: float | None = None
    answers: dict
    call_me: bool = False

    @classmethod
    def name(cls) -> str:
        return "surveys.ResponseCompleted"


@pytest.fixture
def thread(world):
    customer = add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)
    return Thread.objects.create(customer=customer, place=world.place("GANGNAM"), begun_by="sale")


def respond(thread, key=None, **fields) -> uuid.UUID:
    key = key or uuid.uuid4()
    with transaction.atomic():
        publish(
            ResponseCompleted(
                subject_id=key, thread_id=thread.pk, customer_id=thread.customer_id,
                place_id=thread.place_id, **fields,
            ),
            at=seoul(1, 10),
        )  # fmt: skip
    return key


LOW = {
    "delivery": {"value": 1, "score": 0.0, "text": ""},
    "why": {"value": "늦음", "score": None, "text": "세 번 미뤄졌어요"},
}
HIGH = {"delivery": {"value": 5, "score": 100.0, "text": ""}}


def test_a_low_answer_opens_a_case_at_the_site_with_the_customers_words(world, thread):
    set_rule(name="낮은 점수", question="delivery", at_most=40, category=a_category(), by=None)
    respond(thread, answers=HIGH, score=100)
    assert not Case.objects.exists()
    thread.refresh_from_db()
    assert thread.ended_at is not None
    Thread.objects.update(ended_at=None)
    respond(thread, answers=LOW, score=20)
    thread.refresh_from_db()
    assert thread.ended_at is None
    case = Case.objects.get()
    assert case.place == world.place("GANGNAM")
    assert case.thread == thread
    assert case.description == "세 번 미뤄졌어요"
    assert case.opened_at == seoul(1, 10)


def test_the_same_response_twice_opens_one_case(world, thread):
    set_rule(name="낮은 점수", question="delivery", at_most=40, category=a_category(), by=None)
    set_rule(name="전화 요청", question="call_me", priority=3, category=a_category(), by=None)
    key = respond(thread, answers=LOW, call_me=True)
    respond(thread, key=key, answers=LOW, call_me=True)
    assert Case.objects.count() == 1
    assert Case.objects.get().priority == 3


def test_the_confirmation_closes_or_reopens(world, thread):
    from dangol.cases.actions import resolve_case

    case = open_case(
        customer=thread.customer, place=thread.place, category=a_category(), title="출고",
        thread=thread, by=None, at=seoul(1, 9),
    )  # fmt: skip
    resolve_case(case, "확정", by=world.grace, at=seoul(1, 9, 30))
    respond(thread, process="confirmation", answers={"solved": {"value": "no"}})
    case.refresh_from_db()
    assert case.state == "open"
    resolve_case(case, "다시", by=world.grace, at=seoul(1, 10, 30))
    respond(thread, process="confirmation", answers={"solved": {"value": "yes"}})
    case.refresh_from_db()
    assert (case.state, case.confirmed) == ("closed", True)
    thread.refresh_from_db()
    assert thread.ended_at == seoul(1, 10)


def test_only_a_site_owns_a_case(world, thread):
    with pytest.raises(ValidationError):
        open_case(
            customer=thread.customer, place=world.place("SEOUL"), category=a_category(),
            title="출고", by=None,
        )  # fmt: skip
    assert not Case.objects.exists()


def test_the_outsider_sees_none(world):
    case = a_case(world)
    assert list(cases_visible_to(world.grace)) == [case]
    assert list(cases_visible_to(world.rex)) == [case]
    assert list(cases_visible_to(world.eve)) == []
    assert list(cases_visible_to(world.nobody)) == []


def test_words_that_begin_with_blank_lines_still_open_a_case(world, thread):
    rule = {"name": "불만", "category": a_category(), "process": "sales", "at_most": 20}
    set_rule(by=world.sue, **rule)
    answers = {"wish": {"value": None, "score": None, "text": "  \n 너무 늦어요"}}
    blank = {"wish": {"value": None, "score": None, "text": " \n\t"}}
    first, second = (
        respond(thread, score=10, answers=answers),
        respond(thread, score=10, answers=blank),
    )
    titles = dict(Case.objects.values_list("response_id", "title"))
    assert titles == {first: "너무 늦어요", second: "불만"}
