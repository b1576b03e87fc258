"""Answers of stewards move the thresholds, and samples say how good the matching is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from dangol.customers.models import Customer
from dangol.identity.audits.agreement import agreement
from dangol.identity.audits.costs import count_costs
from dangol.identity.audits.counting import ask_for_sample, count_figures
from dangol.identity.audits.drawing import draw_audit
from dangol.identity.audits.figures import audited, trend
from dangol.identity.audits.intervals import kappa, stratified, wilson
from dangol.identity.audits.truth import score_against
from dangol.identity.learned import learned
from dangol.identity.learning import LEAST_LABELS, apply_proposal, proposal
from dangol.identity.models import Answer, Apart, Label, Link, Model, Question
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding.answering import answer_question, correct_by_answer
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


def labels(world, number: int, same_from: float) -> None:
    """Pairs of all weights, answered: the same from so many bits on."""
    records = [record(name=f"손님{n}") for n in range(number + 1)]
    links = [
        Link(record=records[n + 1], other=records[n], weight=6.0 + n % 20) for n in range(number)
    ]
    Link.objects.bulk_create(links)
    for n in range(number):
        weight = -2.0 + 16.0 * n / number
        question = Question.objects.create(
            a=records[n], b=records[n + 1], why="weight", weight=weight
        )
        told = Answer.SAME if weight >= same_from else Answer.APART
        Label.objects.create(question=question, answer=told, by=world.dana)


def test_too_few_answers_move_nothing(world) -> None:
    labels(world, LEAST_LABELS - 1, 3.0)
    assert not proposal().enough
    with pytest.raises(ValidationError):
        apply_proposal(by=world.dana)
    assert not Model.objects.exists()


def test_a_model_too_sure_of_itself_is_made_stricter(world) -> None:
    labels(world, 120, 9.0)
    assert not proposal().enough and not proposal().counted
    count_figures()
    found = proposal()
    assert found.enough and found.thresholds.join > found.present.join
    assert found.precision >= 0.999 > found.precision_now
    model = apply_proposal(by=world.dana)
    assert (model.version, model.labels, model.by) == (1, 120, world.dana)
    assert learned().thresholds.join == model.join_from == found.thresholds.join


def test_intervals_and_kappa_are_those_of_the_books() -> None:
    share = wilson(0.9, 100)
    assert (round(share.low, 4), round(share.high, 4)) == (0.8256, 0.9448)
    both = stratified([(900, 10, 10), (100, 10, 5)])
    assert both is not None and both.value == pytest.approx(0.95)
    assert both.n == pytest.approx(1 / (0.81 / 10 + 0.01 / 10))
    assert stratified([(10, 0, 0)]) is None
    pairs = [("same", "same")] * 20 + [("apart", "apart")] * 15 + [("same", "apart")] * 5 + [("apart", "same")] * 10  # fmt: skip
    assert kappa(pairs) == pytest.approx(0.4)


def test_a_sample_is_drawn_once_a_week_and_gives_precision(world) -> None:
    at = timezone.now()
    for source in ("a", "b", "c"):
        record(source, **HONG)
        match_waiting()
        if source == "a":  # nothing was joined yet: this week's sample is still to come
            assert draw_audit(at=at) is None and not ask_for_sample(by=world.dana)
    assert Link.objects.count() == 2
    audit = draw_audit(at=at)
    assert audit is not None and draw_audit(at=at) is None
    drawn = list(Question.objects.filter(why="audit"))
    assert len(drawn) == 2 == sum(s["drawn"] for s in audit.strata)
    answer_question(drawn[0], "same", by=world.dana)
    assert audited()[0].precision.value == 1.0  # type: ignore[union-attr]
    answer_question(drawn[1], "apart", by=world.dana)
    row = audited()[0]
    assert row.answered == 2 and row.precision.value == 0.5 and row.recall is None  # type: ignore[union-attr]
    assert not Apart.objects.exists() and Customer.objects.count() == 1
    correct_by_answer(drawn[1], by=world.dana)
    assert Apart.objects.exists() and Customer.objects.count() == 2
    assert trend([row], ("p", "r", "i"))["series"][1]["data"] == [50.0]
    assert draw_audit(at=at + dt.timedelta(days=7)) is not None


def test_agreement_counts_pairs_asked_twice(world) -> None:
    for first, second in (("same", "same"), ("apart", "apart"), ("same", "apart")):
        question = Question.objects.create(
            a=record(**HONG), b=record(**HONG), why="weight", weight=1.0, second="done", settled=first
        )  # fmt: skip
        Label.objects.create(question=question, answer=first, by=world.dana)
        Label.objects.create(question=question, answer=second, by=world.dora)
    found = agreement()
    assert found.pairs == 3 and found.differing.value == pytest.approx(1 / 3)  # type: ignore[union-attr]
    assert found.kappa == pytest.approx(0.4)


def test_costs_of_the_ways_are_counted(world) -> None:
    for source in ("a", "b", "c"):
        record(source, **HONG)
        match_waiting()
    by_rule = {c.rule: c for c in count_costs()}
    assert by_rule["phone"].pairs == 3 and by_rule["phone"].joins == 2 == by_rule["phone"].joins_of
    assert by_rule["email"].pairs == 0 and by_rule["phone"].only == 0


def test_the_truth_scores_who_is_who(world) -> None:
    one, other = record(**HONG), record("web", **HONG)
    third = record("old", name="김도현", phone="010-9999-1111", born_on="1950-01-01")
    match_waiting()
    right = score_against({one.pk: 1, other.pk: 1, third.pk: 2})
    assert (right.precision, right.recall, right.mixed, right.scattered) == (1.0, 1.0, [], 0)
    wrong = score_against({one.pk: 1, other.pk: 2, third.pk: 1})
    assert (wrong.precision, wrong.recall, wrong.scattered) == (0.0, 0.0, 1)
    assert wrong.mixed[0][1] == 2
