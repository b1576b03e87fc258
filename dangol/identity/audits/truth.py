"""Scoring against a hidden truth, where there is one: generated sources know whose each record is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from dangol.customers.models import SourceRecord

Truth = Mapping[int, Hashable]
"""Record: the person whose it truly is."""
Lender = Callable[[], Truth | None]
_lenders: list[Lender] = []


@dataclass(frozen=True, slots=True)
class Scored:
    """How the customers as they are now compare with the truth, over pairs of records."""

    records: int
    people: int
    customers: int
    joined: int
    true: int
    right: int
    mixed: list[tuple[object, int]] = field(default_factory=list)
    """Customers who hold several people's records, with how many people."""
    scattered: int = 0
    """People whose records lie with several customers."""

    @property
    def precision(self) -> float:
        """Of the pairs that were joined, the share that belongs together."""
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that belong together, the share that was joined."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def lend_truth(lender: Lender) -> None:
    """An app above lends the truth of the sources that it made; None while there are none."""
    if lender not in _lenders:
        _lenders.append(lender)


def known_truth() -> Truth | None:
    """The truth, if anybody knows it."""
    return next((truth for lender in _lenders if (truth := lender())), None)


def score_against(truth: Truth) -> Scored:
    """Compare who is who now with who truly is."""
    owners = dict(
        SourceRecord.objects.exclude(customer=None).values_list("pk", "customer_id").iterator()
    )
    both = [(owners[r], who) for r, who in truth.items() if r in owners]
    cells = Counter(both)
    by_customer, by_person = Counter(c for c, _w in both), Counter(w for _c, w in both)
    people: dict[object, set[object]] = defaultdict(set)
    places: dict[object, set[object]] = defaultdict(set)
    for customer, who in cells:
        people[customer].add(who)
        places[who].add(customer)
    mixed = sorted(((c, len(w)) for c, w in people.items() if len(w) > 1), key=lambda one: -one[1])
    return Scored(
        len(both), len(by_person), len(by_customer), _pairs(by_customer), _pairs(by_person),
        _pairs(cells), mixed[:50], sum(len(c) > 1 for c in places.values()),
    )  # fmt: skip


def _pairs(groups: Counter[Hashable] | Counter[tuple[object, Hashable]]) -> int:
    return sum(n * (n - 1) // 2 for n in groups.values())
