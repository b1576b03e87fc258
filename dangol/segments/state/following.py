"""Who did one thing and then another: the days of the second as bits, a row of words a customer.

Each first fact looks at the bits from its day on; nothing is sorted, however many facts there are.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.conf import settings

from dangol.segments import rules as r
from dangol.segments.state.measures import Interval, days_of
from dangol.segments.state.passing import DAY_NOUGHT
from dangol.segments.state.rows import BLOCK, Chosen, Places, Rows, Some

Array = np.ndarray
WORD, BITS = 6, 64
"""A day's number shifted by the first leads to its word of that many bits."""
WORDS_AT_ONCE = 2**21
"""Words that are held in memory at a time: 16 MB, of which the cache holds much."""


class Days:
    """On which of some days each of some customers has a fact: 64 days of everybody, then the next."""

    def __init__(self, customers: int, first: int, last: int, *, twice: bool) -> None:
        self.customers, self.first = customers, first
        # some more, because a look over the end of a word reads the next
        self.once = np.zeros(customers * (words_of(first, last) + 1), np.uint64)
        self.twice = np.zeros_like(self.once) if twice else None
        """Days with more than one, where it matters that a fact does not follow itself."""

    def places(self, customer: Array, day: Array) -> tuple[Array, Array]:
        """In which word, and at which place in it."""
        day = day - np.int32(self.first)
        low = (day & np.int32(BITS - 1)).astype(np.uint64)
        day >>= WORD
        if day.min() == day.max():
            return customer.astype(np.intp) + int(day[0]) * self.customers, low
        return np.multiply(day, self.customers, dtype=np.intp) + customer, low

    def mark(self, customer: Array, day: Array) -> None:
        """Facts in the order of customers and days."""
        at, low = self.places(customer, day)
        mask, before = np.uint64(1) << low, self.once.take(at)
        again = np.flatnonzero((customer[1:] == customer[:-1]) & (day[1:] == day[:-1]))
        if self.twice is not None:
            many = np.concatenate([again, np.flatnonzero(before & mask)])
            np.bitwise_or.at(self.twice, at[many], mask[many])
        mask[again] = 0
        # only bits that are not there are added, so that adding sets them: NumPy adds in its place
        # several times faster than it ors
        missing = np.bitwise_not(before, out=before)
        missing &= mask
        np.add.at(self.once, at, missing)

    def any_within(self, customer: Array, day: Array, days: int, own: Array | None) -> Array:
        """Whether a fact lies on the day or so many days after it; `own` ones are facts themselves."""
        at, low = self.places(customer, day)
        word, back = self.once.take(at), np.uint64(BITS - 1) - low
        if own is not None and self.twice is not None:
            mine = (np.uint64(1) << low) * own
            word = (word & ~mine) | (self.twice.take(at) & mine)
        found = np.zeros(len(at), bool)
        for n in range(days // BITS + 1):
            at += self.customers
            after = self.once.take(at)
            # from the day on: what is left of this word, then the beginning of the next
            word >>= low
            begins = after << np.uint64(1)
            begins <<= back
            word |= begins
            if (left := days - n * BITS) < BITS - 1:
                word &= np.uint64((2 << left) - 1)
            found |= word != 0
            word = after
        return found


def words_of(first: int, last: int) -> int:
    """Words for the days from the first to the last."""
    return ((last - first) >> WORD) + 1


def reach(rule: r.Sequence, first: Rows, day: dt.date) -> Interval | None:
    """The days from the first fact that can count to the last that can follow one."""
    low, high = days_of(rule.first.window, day)
    high = min(high, day.toordinal() - rule.days if rule.absent else high)
    parts = [(p.first + DAY_NOUGHT, p.last + DAY_NOUGHT) for p in first.parts]
    parts = [p for p in parts if p[0] <= high and p[1] >= low]
    if not parts or low > high:
        return None
    return max(low, min(p[0] for p in parts)), min(high, max(p[1] for p in parts)) + rule.days


def spans_of(
    days: Interval, rows: int, customers: int, only: Array | None
) -> list[Interval]:  # fmt: skip
    """Ranges of customers' numbers whose days are held in memory together."""
    held = customers if only is None else int(np.count_nonzero(only))
    many = max(1, -(-held * words_of(*days) // WORDS_AT_ONCE))
    if only is None and rows >= BLOCK:
        many = max(many, settings.LAKE_THREADS)
    step = -(-customers // many) or 1
    return [(low, min(low + step, customers)) for low in range(0, customers, step)]


def followed(
    rule: r.Sequence, first: Rows, then: Rows, day: dt.date, days: Interval, span: Interval,
    only: Array | None,
) -> Array:  # fmt: skip
    """The customers of a range with a first fact that is followed, or is not; some more than once."""
    a, b = Some(first, only, span), Some(then, only, span)
    firsts = list(a.chosen(rule.first, [(days[0], days[1] - rule.days)]))
    if not firsts:
        return np.zeros(0, np.int64)
    places = None if only is None else np.cumsum(only[slice(*span)]) - 1
    held = span[1] - span[0] if places is None else int(places[-1]) + 1

    def placed(rows: Rows, at: slice, some: Places) -> Array:
        customer = rows.column("customer", at, some) - np.int32(span[0])
        return customer if places is None else places[customer]

    low, high = days_of(rule.then.window, day)
    thens = list(b.chosen(rule.then, [(max(low, days[0]), min(high, days[1]))]))
    same = rule.first.table == rule.then.table
    own = themselves(firsts, thens) if same else [None] * len(firsts)
    twice = any(one is not None for one in own)
    kept = Days(held, days[0] - DAY_NOUGHT, days[1] - DAY_NOUGHT, twice=twice)
    for at, some in thens:
        kept.mark(placed(b, at, some), b.column("day", at, some))
    found = []
    for (at, some), mine in zip(firsts, own, strict=True):
        hit = kept.any_within(placed(a, at, some), a.column("day", at, some), rule.days, mine)
        found.append(a.column("customer", at, some)[~hit if rule.absent else hit])
    return np.concatenate(found)


def themselves(firsts: Chosen, thens: Chosen) -> list[Array | None]:
    """Which first facts are also next ones: a fact does not follow itself."""
    next_ones = {(at.start, at.stop): some for at, some in thens}
    found: list[Array | None] = []
    for at, some in firsts:
        if (at.start, at.stop) not in next_ones:
            found.append(None)
            continue
        own, there = np.zeros(at.stop - at.start, bool), next_ones[at.start, at.stop]
        own[slice(None) if there is None else there] = True
        found.append(own if some is None else own[some])
    return found
