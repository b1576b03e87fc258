"""The share of contact points found wrong when tried, in the person's scope."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from dangol.core.models import User
from dangol.customers.freshness import Rate
from dangol.places.models import Place
from dangol.places.scope import places_visible_to, ranges, sees_everything

BY = ("month", "source", "kind", "age", "place_id")
FROM_CELLS = """
    SELECT grouping(place_id) = 0 AS by_site, month, source, kind, age, place_id,
           sum(wrong) AS wrong, sum(tried) AS tried, sum(corrected) AS corrected
    FROM quality_tried WHERE month >= %(first)s AND month <= %(last)s {more}
    GROUP BY GROUPING SETS ((month, source, kind, age), (place_id))
"""
FROM_WHOLE = """
    SELECT by_site, month, source, kind, age, place_id, wrong, tried, corrected
    FROM quality_triedwhole WHERE month >= %(first)s AND month <= %(last)s
"""
# Summed in two steps: each cell is hashed twice, not once for each way to break it down.
SUMS = """
    WITH sums AS MATERIALIZED ({sums})
    SELECT grouping(month, source, kind, age) * 2 + 1, month, source, kind, age, NULL::uuid,
           sum(wrong)::bigint, sum(tried)::bigint AS tried, sum(corrected)::bigint
    FROM sums WHERE NOT by_site GROUP BY GROUPING SETS ((), (month), (source), (kind), (age))
    HAVING sum(tried) > 0
    UNION ALL
    SELECT 30, NULL, NULL, NULL, NULL, place_id, sum(wrong)::bigint, sum(tried)::bigint, 0
    FROM sums WHERE by_site GROUP BY place_id HAVING sum(tried) > 0
    ORDER BY tried DESC
"""


@dataclass(frozen=True)
class Asked:
    """What rates are asked for: whole months, and perhaps one kind, source or place."""

    first: dt.date
    last: dt.date
    kind: str = ""
    source: str | None = None
    place: Place | None = None

    @property
    def until(self) -> dt.date:
        """The day after the last month."""
        return (self.last.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def whole_months(months: int, today: dt.date) -> Asked:
    """The last whole months and the present one."""
    first = today.replace(day=1)
    for _month in range(months - 1):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return Asked(first, today.replace(day=1))


@dataclass
class Rates:
    """The rate over everything, and by each of what it can be broken down by; most tried first."""

    overall: Rate
    corrected: int = 0
    """Of the wrong ones those for which the customer has a verified value since, as counted with them."""
    by: dict[str, list[tuple[Any, Rate]]] = field(default_factory=dict)
    places: dict[Any, Place] = field(default_factory=dict)


def scope_sql(user: User, ability: str) -> str:
    """The test that keeps to the places of a person's scope; empty for those who see all."""
    spans = ranges(user, ability)
    if not spans:
        return " AND false"
    if sees_everything(user, spans):
        return ""
    # The spans are numbers out of our own tree.
    tests = " OR ".join(f"lo BETWEEN {int(lo)} AND {int(hi)}" for lo, hi in spans)
    return f" AND place_id IN (SELECT id FROM places_place WHERE {tests})"


def rates_of(user: User, asked: Asked, most_sites: int = 200, sites_from: int = 0) -> Rates:
    """Wrong ÷ tried in the months asked for, with everything that it can be broken down by."""
    more, facts = scope_sql(user, "quality.see"), {"first": asked.first, "last": asked.last}
    if asked.kind:
        more += " AND kind = %(kind)s"
    if asked.source is not None:
        more += " AND source = %(source)s"
    if asked.place is not None:
        more += " AND place_id IN (SELECT id FROM places_place WHERE lo BETWEEN %(lo)s AND %(hi)s)"
        facts |= {"lo": asked.place.lo, "hi": asked.place.hi}
    facts |= {"kind": asked.kind, "source": asked.source}
    found: dict[str, list[tuple[Any, Rate]]] = defaultdict(list)
    overall, put_right = Rate(0, 0), 0
    with connection.cursor() as cursor:
        sums = FROM_CELLS.format(more=more) if more else FROM_WHOLE
        cursor.execute(SUMS.format(sums=sums), facts)
        for kind, *keys, wrong, tried, corrected in cursor.fetchall():
            if kind == 0b11111:
                overall, put_right = Rate(wrong, tried), corrected
                continue
            # grouping() has a 0 at the one column that the row was summed by
            at = next(i for i in range(5) if not kind >> (4 - i) & 1)
            found[BY[at]].append((keys[at], Rate(wrong, tried)))
    for name in ("month", "age"):
        found[name].sort(key=lambda pair: pair[0])
    found["place_id"] = found["place_id"][sites_from : sites_from + most_sites]
    names = Place.objects.in_bulk([key for key, _rate in found["place_id"] if key])
    return Rates(overall, put_right, dict(found), names)


def place_asked_for(user: User, code: str) -> Place | None:
    """The place of a code within the scope; None without one."""
    return places_visible_to(user, "quality.see").filter(code=code).first() if code else None
