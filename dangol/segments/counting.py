"""How many a rule finds, while it is being made: over the newest lake, each rule asked once."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from dangol.places.models import Place
from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.deciding import below, expanded
from dangol.segments.expression import Expression
from dangol.segments.listing import listed, with_awaited
from dangol.segments.queries import rules_by_key
from dangol.segments.state import Measure, State, measures_in
from dangol.segments.state.asking import Asking
from dangol.segments.state.bits import Bits, numbers_of, of_numbers
from dangol.segments.state.bits import size as bits_size
from dangol.segments.state.figures import fill, readable
from dangol.segments.state.measures import ALIVE
from dangol.segments.state.store import being_changed
from dangol.segments.state.truth import Deciding
from dangol.segments.writing import written
from dangol.warehouse.engine import Lake
from dangol.warehouse.manifest import NoLake, load, root

Numbers = np.ndarray
MOST = 12
TURNS, WAIT = 8, 0.25
"""How often and how long a count waits for a state that is being brought on."""
KEPT: OrderedDict[tuple[str, ...], Found] = OrderedDict()
"""The members of the last rules that were asked: counted once, profiled and refined after."""
GUARD = threading.Lock()


@dataclass(frozen=True)
class Found:
    """The members of a rule, of how many customers."""

    bits: Bits
    seen: Lake
    """The version that was asked: what they are compared with is read from the same one."""
    within: Found | None = None
    """The customers of the place that was asked about; None for the company."""

    @property
    def everybody(self) -> int:
        """How many customers there are where it was asked."""
        if self.within is not None:
            return self.within.size
        return self.seen.manifest.tables["customers"].rows

    @cached_property
    def numbers(self) -> Numbers:
        """Their numbers, sorted."""
        return numbers_of(self.bits)

    @cached_property
    def size(self) -> int:
        """How many."""
        return bits_size(self.bits)

    @property
    def share(self) -> float:
        """Of 100 customers how many."""
        return 100 * self.size / self.everybody if self.everybody else 0.0


def kept_to(rule: r.Rule, place: Place | None) -> r.Rule:
    """The rule for the customers of a place; None and the company mean everywhere."""
    if place is None or place.parent_id is None:
        return rule
    return r.All((rule, r.Attribute("home_place", r.Below((str(place.pk),)))))


def found(rule: r.Rule, place: Place | None, seen: Lake, day: dt.date) -> Found:
    """Who is found by a rule that has been read, of the customers of a place."""
    asked = kept_to(expanded(rule, rules_by_key()), place)
    answer = remembered(asked, seen, day)
    if kept_to(r.Everyone(), place) == r.Everyone():
        return answer
    return replace(answer, within=remembered(kept_to(r.Everyone(), place), answer.seen, day))


def remembered(asked: r.Rule, seen: Lake, day: dt.date) -> Found:
    """The members of a rule, asked once for each version and day."""
    text = json.dumps(written(asked), sort_keys=True)
    # a place that moves in the tree changes the lake's version too
    key = (str(root()), str(seen.version), type(seen.engine).__name__, day.isoformat(), text)
    with GUARD:
        known = KEPT.get(key)
    if known is None:
        known = members(asked, seen, day)
        with GUARD:
            KEPT[key] = known
            while len(KEPT) > MOST:
                KEPT.popitem(last=False)
    return known


def members(rule: r.Rule, seen: Lake, day: dt.date) -> Found:
    """The members: from the kept state if it can say, else from all facts."""
    for _turn in range(TURNS):
        known = from_state(rule, seen, day)
        if known is not None:
            return known
        if not being_changed():
            break
        time.sleep(WAIT)
    completed = Expression(with_awaited(rule, seen).table, day, catalogue.day_of, below)
    ids: Numbers = seen.run(completed.members(rule)).column("id").to_numpy()
    return Found(of_numbers(ids), seen)


MADE: OrderedDict[tuple[object, ...], Numbers] = OrderedDict()
"""Measures that nobody keeps but somebody is asking about: worked out once, then any threshold."""
MADE_BYTES = 512 * 2**20


def from_state(rule: r.Rule, seen: Lake, day: dt.date) -> Found | None:
    """From kept measures, and measures made for this question; None where there is no state."""
    state = State.newest()
    if state is None or state.day != day or not state.has(ALIVE):
        return None
    try:
        at = seen if state.version == seen.version else Lake(load(state.version), seen.engine)
        missing = [m for m in measures_in(rule) if not state.has(m)]
        made = made_for(missing, at, state)
        deciding = Deciding(
            day, state.capacity, lambda m: made[m.key] if m.key in made else state.values(m)
        )
        found = state.found(rule, deciding)
    except (NoLake, KeyError, IndexError):  # what is being changed may be read half
        return None
    return Found(found, at) if state.still() else None


@lru_cache(4)
def sampled(customers: int, salt: int) -> Numbers:
    """What `rules.drawn` draws for every number."""
    h = (np.arange(customers, dtype=np.int64) * 48_271 + salt) % r.PRIME
    return (((h * h) % r.PRIME * 69_621) % r.PRIME % 10_000).astype(np.uint16)


def made_for(missing: list[Measure], at: Lake, state: State) -> dict[str, Numbers]:
    """Measures that are not kept, at the version that the state stands for."""
    moment = (str(root()), state.version, state.token, state.day, state.capacity)
    found: dict[str, Numbers] = {}
    new = []
    with GUARD:
        for measure in missing:
            known = MADE.get((*moment, measure.key))
            if known is None:
                new.append(measure)
            else:
                MADE.move_to_end((*moment, measure.key))
                found[measure.key] = known
    rest = []
    for measure in new:
        values = found[measure.key] = np.full(state.capacity, measure.nothing, measure.dtype)
        if isinstance(measure.leaf, r.Sample):
            values[:] = sampled(len(values), measure.leaf.salt) < measure.leaf.bound
        elif isinstance(measure.leaf, r.Listed):
            some = listed(measure.leaf.key, at)
            values[some[some < len(values)]] = True
        elif readable(measure) and all(state.book(f.table) for f in measure.facts):
            fill(measure, state.day, state.book, values)
        else:
            rest.append(measure)
    for measure, customers, values in Asking(at).everything(rest, state.day):
        found[measure.key][customers] = values
    with GUARD:
        for measure in new:
            MADE[(*moment, measure.key)] = found[measure.key]
        while sum(a.nbytes for a in MADE.values()) > MADE_BYTES and len(MADE) > 1:
            MADE.popitem(last=False)
    return found
