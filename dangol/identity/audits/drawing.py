"""Each week some automatic decisions are drawn by lot and put before the stewards, who do not see them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.identity.audits.counting import something_joined
from dangol.identity.audits.models import monday_of
from dangol.identity.audits.outside import Sample, by_chance, by_looser_keys
from dangol.identity.learned import Learned, learned
from dangol.identity.matching.blocking import block_keys
from dangol.identity.matching.kinds import KINDS, PERSON, Kind
from dangol.identity.matching.outcomes import Outcome
from dangol.identity.merging.apart import apart_pairs
from dangol.identity.models import Audit, Link, Question, QuestionWhy, Reading
from dangol.identity.recognising.candidates import candidates, shares_of
from dangol.identity.recognising.crowds import without_crowds
from dangol.identity.recognising.deciding import Compared, compare
from dangol.identity.recognising.new_records import steps_of
from dangol.identity.recognising.readings import form_of

JOINED = ((0.0, 4.0, 14), (4.0, 10.0, 12), (10.0, 1e9, 24))
"""Bits above the joining threshold: from, to, and how many pairs are drawn there. Most joins are
far above it, so that most of the interval is decided by the last part."""
APART = ((0.0, 1e9, 8), (-5.0, 0.0, 16), (-12.0, -5.0, 12))
"""The same below the threshold of review, of pairs that were left apart."""
OUTSIDE = ((-5.0, 1e9, 16), (-12.0, -5.0, 16))
"""The same of pairs that are never compared; what would be joined if it were is the first part."""
CHANCE = ((-12.0, 1e9, 8),)
"""The same of any two records that agree in nothing."""
LOOKED_AT = 600
"""Records whose neighbours are compared anew, to know the pairs that were left apart."""


@transaction.atomic
def draw_audit(*, by: User | None = None, at: dt.datetime | None = None) -> Audit | None:
    """Draw this week's sample; None when it was drawn already or nothing was joined yet: a sample of
    before the first uniting would stand in the way of this week's."""
    monday = monday_of(at)
    if Audit.of_week(at) is not None or not something_joined():
        return None
    lot = random.Random(monday.toordinal())
    audit = Audit.objects.create(drawn_on=monday, model=learned().row)
    strata = [
        stratum
        for kind in KINDS.values()
        if Reading.objects.filter(kind=kind.key).exists()
        for stratum in strata_of(audit, learned(kind.key), lot, kind)
    ]
    audit.strata = strata
    audit.save(update_fields=["strata"])
    mix_in(audit, lot)
    record_change(
        "draw_audit", audit, by=by, changes={"drawn": [0, sum(s["drawn"] for s in strata)]}
    )
    return audit


def mix_in(audit: Audit, lot: random.Random) -> None:
    """Give the pairs of a sample places by lot among those that wait, so that nobody knows them by
    where they stand."""
    waiting = Question.objects.filter(settled="").exclude(why=QuestionWhy.AUDIT)
    gains = list(waiting.order_by("-gain").values_list("gain", flat=True)[:1000])
    mine = list(audit.questions.order_by("pk"))
    for question in mine if gains else []:
        question.gain = round(lot.choice(gains) * lot.uniform(0.9, 1.1), 3)
    Question.objects.bulk_update(mine, ["gain"])


def strata_of(
    audit: Audit, model: Learned, lot: random.Random, kind: Kind
) -> Iterator[dict[str, Any]]:
    """The parts of a sample of one kind of customer."""
    drawn = drawn_readings(lot, kind)
    yield within_customers(kind)
    yield from _joined(audit, model, lot, kind)
    yield from _apart(audit, model, lot, kind, drawn)
    looser, chance = by_looser_keys(model, drawn, lot, kind), by_chance(model, drawn, lot, kind)
    yield from _outside(audit, model, lot, kind, "outside", OUTSIDE, looser)
    yield from _outside(audit, model, lot, kind, "chance", CHANCE, chance)


def part_of(kind: Kind, decided: str, number: int) -> str:
    """The key of a part of the sample; people's came first and bear no kind."""
    return f"{decided}_{number}" if kind is PERSON else f"company_{decided}_{number}"


def _joined(
    audit: Audit, model: Learned, lot: random.Random, kind: Kind
) -> Iterator[dict[str, Any]]:
    for number, (low, high, wanted) in enumerate(JOINED, 1):
        links = Link.objects.filter(
            record__kind=kind.key, by=None, weight__gte=model.thresholds.join + low, weight__lt=model.thresholds.join + high
        )  # fmt: skip
        key = part_of(kind, "joined", number)
        pairs = links.count()
        drawn = links.order_by("?")[: wanted * 2]
        made = 0
        for link in drawn:
            if made < wanted:
                made += _ask(
                    audit, key, link.record_id, link.other_id, link.weight, link.steps, lot
                )
        yield _stratum(kind, key, "joined", model.thresholds.join, low, high, pairs, made)


def _apart(
    audit: Audit, model: Learned, lot: random.Random, kind: Kind, drawn: list[Reading]
) -> Iterator[dict[str, Any]]:
    found, scale = left_apart(model, drawn, kind)
    for number, (low, high, wanted) in enumerate(APART, 1):
        near = model.thresholds.review
        mine = [one for one in found.items() if near + low <= one[1].weighed.weight < near + high]
        lot.shuffle(mine)
        key, made = part_of(kind, "apart", number), 0
        for (a, b), one in mine:
            if made < wanted:
                made += _ask(audit, key, a, b, one.weighed.weight, steps_of(one.weighed), lot)
        yield _stratum(kind, key, "apart", near, low, high, round(len(mine) * scale), made)


def _outside(
    audit: Audit, model: Learned, lot: random.Random, kind: Kind, name: str,
    parts: tuple[tuple[float, float, int], ...], sample: Sample,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    near = model.thresholds.review
    for number, (low, high, wanted) in enumerate(parts, 1):
        mine = [one for one in sample.pairs if near + low <= one.weighed.weight < near + high]
        lot.shuffle(mine)
        key, made = part_of(kind, name, number), 0
        for one in mine:
            if made < wanted:
                made += _ask(
                    audit, key, one.a, one.b, one.weighed.weight, steps_of(one.weighed), lot
                )
        behind = round(len(mine) * sample.behind)
        stratum = _stratum(kind, key, "apart", near, low, high, behind, made)
        yield stratum | {"weighed": sample.weighed, "behind": round(sample.behind, 1)}


def within_customers(kind: Kind = PERSON) -> dict[str, Any]:
    """All pairs of records that are one customer's: what the missed ones are held against."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n"
            " FROM identity_reading g JOIN customers_sourcerecord r ON r.id = g.record_id"
            " WHERE g.kind = %s AND r.customer_id IS NOT NULL GROUP BY r.customer_id) c",
            [kind.key],
        )
        pairs = int(cursor.fetchone()[0])
    key = "within" if kind is PERSON else "company_within"
    return _stratum(kind, key, "within", 0.0, 0.0, 1e9, pairs, 0)


def left_apart(
    model: Learned, looked: list[Reading], kind: Kind = PERSON
) -> tuple[dict[tuple[int, int], Compared], float]:
    """Pairs of two customers near the threshold, around records drawn by lot; how many pairs of all
    records stand behind each."""
    found: dict[tuple[int, int], Compared] = {}
    for reading in looked:
        form = form_of(reading)
        others = without_crowds(form, candidates(reading.pk, block_keys(form, kind.rules)))
        mine = reading.record.customer_id
        for one in compare(form, others, model.parameters, model.thresholds, shares_of(form, kind)):
            theirs = one.candidate.customer
            decided = one.weighed.weight < model.thresholds.review or one.outcome is Outcome.TIE
            if mine and theirs and mine != theirs and decided:
                a, b = sorted((reading.pk, one.candidate.record))
                found[a, b] = one
    owners = {c for pair in found.values() if (c := pair.candidate.customer)}
    told = apart_pairs({*owners, *(r.record.customer_id for r in looked if r.record.customer_id)})
    whose = {r.pk: r.record.customer_id for r in looked}
    kept = {
        pair: one
        for pair, one in found.items()
        if frozenset((whose.get(pair[0]) or whose.get(pair[1]), one.candidate.customer)) not in told
    }
    return kept, Reading.objects.filter(kind=kind.key).count() / (2 * max(len(looked), 1))


def drawn_readings(lot: random.Random, kind: Kind = PERSON) -> list[Reading]:
    """Records drawn by lot, through their numbers so that no table is read whole; organisations lie
    thinly among the numbers and are few: they are drawn from a list."""
    if kind is not PERSON:
        listed = list(Reading.objects.filter(kind=kind.key).values_list("pk", flat=True))
        keys = lot.sample(listed, min(len(listed), LOOKED_AT))
        return list(Reading.objects.filter(pk__in=keys).select_related("record"))
    ends = Reading.objects.aggregate(first=Min("pk"), last=Max("pk"))
    span = range(ends["first"], ends["last"] + 1)
    keys = lot.sample(span, min(len(span), LOOKED_AT * 2))
    rows = Reading.objects.filter(pk__in=keys, kind="person").select_related("record")
    return list(rows[:LOOKED_AT])


def _ask(
    audit: Audit, stratum: str, one: int, other: int, weight: float, steps: Any, lot: random.Random
) -> int:
    """Put a pair into the queue among the others; 0 when it stands there already."""
    a, b = sorted((one, other))
    _question, made = Question.objects.get_or_create(
        a_id=a, b_id=b,
        defaults={
            "why": QuestionWhy.AUDIT, "weight": weight, "steps": steps, "audit": audit,
            "stratum": stratum, "model": audit.model, "gain": round(lot.uniform(0.2, 1.0), 3),
        },
    )  # fmt: skip
    return int(made)


def _stratum(
    kind: Kind, key: str, decided: str, near: float, low: float, high: float, pairs: int, drawn: int
) -> dict[str, Any]:
    return {
        "kind": kind.key, "key": key, "decided": decided, "low": round(near + low, 2),
        "high": None if high > 1e6 else round(near + high, 2), "pairs": pairs, "drawn": drawn,
    }  # fmt: skip
