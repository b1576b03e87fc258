"""How many a rule finds, while it is being made: over the newest lake, each rule asked once."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from dangol.places.models import Place
from dangol.segments import rules as r
from dangol.segments.deciding import expanded, in_lake
from dangol.segments.queries import rules_by_key
from dangol.segments.writing import written
from dangol.warehouse.engine import Lake
from dangol.warehouse.manifest import root

Numbers = np.ndarray
MOST = 12
KEPT: OrderedDict[tuple[str, ...], Numbers] = OrderedDict()
"""The members of the last rules that were asked: counted once, profiled and refined after."""
GUARD = threading.Lock()


@dataclass(frozen=True)
class Found:
    """The members of a rule, of how many customers."""

    numbers: Numbers
    everybody: int

    @property
    def size(self) -> int:
        """How many."""
        return len(self.numbers)

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
    """Who is found by a rule that has been read."""
    asked = kept_to(expanded(rule, rules_by_key()), place)
    text = json.dumps(written(asked), sort_keys=True)
    # a place that moves in the tree changes the lake's version too
    key = (str(root()), str(seen.version), type(seen.engine).__name__, day.isoformat(), text)
    with GUARD:
        numbers = KEPT.get(key)
    if numbers is None:
        numbers = members(asked, seen, day)
        with GUARD:
            KEPT[key] = numbers
            while len(KEPT) > MOST:
                KEPT.popitem(last=False)
    return Found(numbers, seen.manifest.tables["customers"].rows)


def members(rule: r.Rule, seen: Lake, day: dt.date) -> Numbers:
    """The sorted numbers of the members."""
    ids: Numbers = seen.run(in_lake(seen, day).members(rule)).column("id").to_numpy()
    return np.sort(ids)
