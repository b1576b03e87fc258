"""The audit's recall, held against the hidden truth of generated databases."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from itertools import combinations

import pytest
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.identity.audits import outside
from dangol.identity.audits.drawing import draw_audit
from dangol.identity.audits.figures import audited
from dangol.identity.audits.intervals import total
from dangol.identity.learned import learned
from dangol.identity.matching.blocking import block_keys
from dangol.identity.matching.kinds import PERSON
from dangol.identity.models import Question, Reading, Run
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.readings import form_of
from tests.identity.test_all_records import cut

pytestmark = pytest.mark.django_db
PEOPLE = 250


@pytest.fixture
def truth() -> dict[int, int]:
    """Whose each record is; all of them matched."""
    whose = cut(PEOPLE)
    match_all(Run(kind="full"), by=None)
    return whose


def missed(truth: dict[int, int]) -> set[tuple[int, int]]:
    """Pairs of one person that are two customers' now."""
    owners = dict(SourceRecord.objects.values_list("pk", "customer_id"))
    people: dict[int, list[int]] = {}
    for record, person in truth.items():
        people.setdefault(person, []).append(record)
    return {
        (a, b)
        for mine in people.values()
        for a, b in combinations(sorted(mine), 2)
        if owners[a] != owners[b]
    }


def compared(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of them that some way of finding candidates makes."""
    keys = {r.pk: set(block_keys(form_of(r), PERSON.rules)) for r in Reading.objects.all()}
    return {(a, b) for a, b in pairs if keys[a] & keys[b]}


def test_looser_keys_count_the_pairs_that_are_never_compared(truth, monkeypatch) -> None:
    model, unseen = learned(), missed(truth)
    unseen -= compared(unseen)
    assert len(unseen) >= 10, "the generated databases have some that blocking cannot see"
    readings = list(Reading.objects.order_by("pk"))
    everything = outside.LOOSER
    monkeypatch.setattr(outside, "AROUND", len(readings))
    whole = outside.by_looser_keys(model, readings, random.Random(0))
    assert whole.behind == 0.5 and everything
    reached = {tuple(sorted((one.a, one.b))) for one in whole.pairs} & unseen
    assert len(reached) >= len(unseen) / 2, "most of them agree in something"
    monkeypatch.setattr(outside, "AROUND", 300)
    monkeypatch.setattr(outside, "WEIGHED", 2_000)
    told = []
    for seed in range(30):
        lot = random.Random(seed)
        sample = outside.by_looser_keys(model, lot.sample(readings, 300), lot)
        hits = sum(tuple(sorted((one.a, one.b))) in reached for one in sample.pairs)
        told.append(hits * sample.behind)
    mean = sum(told) / len(told)
    spread = (sum((one - mean) ** 2 for one in told) / (len(told) - 1)) ** 0.5
    assert abs(mean - len(reached)) < 3 * spread / len(told) ** 0.5, "without bias"


def test_the_interval_holds_the_true_recall_and_blocking_alone_overstates_it(truth) -> None:
    wrong = missed(truth)
    asked = {tuple(sorted(pair)) for pair in Question.objects.values_list("a_id", "b_id")}
    at = timezone.now()
    for week in range(4):
        draw_audit(at=at + dt.timedelta(weeks=week))
    for question in Question.objects.exclude(audit=None):
        same = truth[question.a_id] == truth[question.b_id]
        Question.objects.filter(pk=question.pk).update(settled="same" if same else "apart")
    row = audited()[0]
    assert row.precision and row.recall
    within = Counter(SourceRecord.objects.values_list("customer_id", flat=True))
    joined = sum(n * (n - 1) // 2 for n in within.values())
    true = joined / (joined + len(wrong - asked))
    assert row.recall.low <= true <= row.recall.high
    unseen = wrong - compared(wrong)
    blind = joined / (joined + len(wrong - asked) - len(unseen))
    assert blind > true
    kinds = {one["key"].partition("_")[0] for one in row.strata}
    assert {"joined", "apart", "outside"} <= kinds and "within" not in kinds


def test_a_total_over_strata_is_weighted_and_bounded() -> None:
    value, low, high = total([(100, 10, 5), (10_000, 20, 0)]) or (0, 0, 0)
    assert value == 50 and 0 < low < 50
    assert 10_000 * 0.16 < high < 10_000 * 0.17 + 50, "nothing found among twenty is not nothing"
    assert total([(100, 10, 5), (10, 0, 0)]) is None and total([]) is None
    assert total([(100, 10, 5), (0, 0, 0)]) == total([(100, 10, 5)])
