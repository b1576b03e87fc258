"""Pairs that no way of finding candidates makes: found by looser keys and by chance.

Around records drawn by lot, every record that sounds alike, ends in the same digits, lives in the
same building or was born on the same day is looked up, but for pairs that are compared anyway.
Each such pair is kept with one and the same chance, so that a kept one stands for a known number
of pairs of all records (Horvitz and Thompson 1952).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from dangol.identity.audits.costs import agrees
from dangol.identity.learned import Learned
from dangol.identity.matching.kinds import PERSON, Form, Kind, kind_of
from dangol.identity.matching.parameters import Weighed, weigh
from dangol.identity.models import Reading
from dangol.identity.recognising.candidates import share_of_crowd, share_of_name
from dangol.identity.recognising.readings import form_of

WEIGHED = 20_000
"""So many pairs by looser keys are weighed; of more, a share by lot."""
BY_CHANCE = 4_000
"""Pairs of any two of the drawn records."""
AROUND = 300
"""Drawn records whose looser neighbours are looked up."""
LOOSER = {
    "sound": "a.sound = b.sound AND a.family = b.family AND a.sound <> ''",
    "tail": "right(a.phone, 4) = right(b.phone, 4) AND a.phone <> '' AND b.phone <> ''",
    "building": "a.building = b.building AND a.building <> ''",
    "birth": "a.birth = b.birth AND a.birth <> ''",
    "owner": "a.owner = b.owner AND a.owner <> ''",
}
"""What two records have in common that is not enough for comparing them."""
SECOND_PHONES = (
    "(a.phone2 <> '' AND a.phone2 IN (b.phone, b.phone2))", "(b.phone2 <> '' AND b.phone2 = a.phone)",
)  # fmt: skip


def compared_anyway(kind: Kind) -> str:
    """The condition that two records of a kind are compared by some rule."""
    return " OR ".join([*(agrees(rule) for rule in kind.rules), *SECOND_PHONES])


def neighbours(looser: str, kind: Kind) -> str:
    """The pairs around drawn records that agree in something, yet are not compared."""
    return f"""
SELECT DISTINCT a.record_id, b.record_id FROM identity_reading a
JOIN customers_sourcerecord x ON x.id = a.record_id
JOIN identity_reading b ON b.kind = a.kind AND b.record_id <> a.record_id AND {looser}
JOIN customers_sourcerecord y ON y.id = b.record_id
WHERE a.record_id = ANY(%(drawn)s) AND x.customer_id <> y.customer_id
    AND NOT ({compared_anyway(kind)})
"""


@dataclass(frozen=True, slots=True)
class Outside:
    """A pair of two customers that is not compared, and what it weighs."""

    a: int
    b: int
    weighed: Weighed


@dataclass(frozen=True, slots=True)
class Sample:
    """Pairs that were weighed, and of how many pairs of all records each is one."""

    pairs: list[Outside]
    behind: float
    weighed: int


def by_looser_keys(
    model: Learned, drawn: list[Reading], lot: random.Random, kind: Kind = PERSON
) -> Sample:
    """Pairs around the drawn records that agree in something, yet are not compared."""
    around = drawn[:AROUND]
    found: set[tuple[int, int]] = set()
    with connection.cursor() as cursor:
        for looser in LOOSER.values():  # each by itself: one can be joined by hashing, all cannot
            statement = neighbours(looser, kind)
            cursor.execute(statement, {"drawn": [reading.pk for reading in around]})
            found.update(cursor.fetchall())
    keep = min(1.0, WEIGHED / max(len(found), 1))
    kept = [pair for pair in sorted(found) if keep >= 1 or lot.random() < keep]
    scale = Reading.objects.filter(kind=kind.key).count() / (2 * max(len(around), 1))
    return Sample(weighed(model, kept), scale / keep, len(kept))


def by_chance(
    model: Learned, drawn: list[Reading], lot: random.Random, kind: Kind = PERSON
) -> Sample:
    """Any two of the drawn records that agree in nothing above."""
    if len(drawn) < 2:
        return Sample([], 0.0, 0)
    pairs = {tuple(sorted(r.pk for r in lot.sample(drawn, 2))) for _n in range(BY_CHANCE)}
    whole = Reading.objects.filter(kind=kind.key).count()
    behind = whole * (whole - 1) / 2 / max(len(pairs), 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.record_id, b.record_id FROM unnest(%s::bigint[], %s::bigint[]) p(one, other)"
            " JOIN identity_reading a ON a.record_id = p.one"
            " JOIN identity_reading b ON b.record_id = p.other"
            " JOIN customers_sourcerecord x ON x.id = p.one"
            " JOIN customers_sourcerecord y ON y.id = p.other"
            f" WHERE x.customer_id <> y.customer_id AND NOT ({compared_anyway(kind)})"
            f" AND NOT ({' OR '.join(f'({looser})' for looser in LOOSER.values())})",
            [[p[0] for p in pairs], [p[1] for p in pairs]],
        )
        rest = cursor.fetchall()
    return Sample(weighed(model, rest), behind, len(pairs))


def weighed(model: Learned, pairs: Iterable[tuple[int, int]]) -> list[Outside]:
    """What the model says of each pair."""
    listed = list(pairs)
    keys = {key for pair in listed for key in pair}
    forms = {r.pk: form_of(r) for r in Reading.objects.filter(pk__in=keys)}
    shares: dict[str, float] = {}
    return [Outside(a, b, weight_of(model, forms[a], forms[b], shares)) for a, b in listed]


def weight_of(model: Learned, one: Form, other: Form, shares: dict[str, float]) -> Weighed:
    """The weight of a pair; how rare a name is counts only where both bear it."""
    kind = kind_of(one)
    if one.name and one.name == other.name and one.name not in shares:
        shares[one.name] = share_of_name(one.name, kind)
    for column in kind.crowded:
        value = getattr(one, column)
        if value and value == getattr(other, column) and value not in shares:
            shares[value] = share_of_crowd(column, value, kind)
    return weigh(one, other, model.parameters, shares, kind.comparisons)
