"""How fresh the customer data are: the rate of wrong contact points with its confidence bound."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from scipy.special import betaincinv

from dangol.core.models import User
from dangol.places.models import Place
from dangol.places.scope import ranges, sees_everything

LINE = 0.03
"""At most this share may be wrong (the goal of a misinformation rate of 3%)."""
BEYOND = 0.025
"""By chance the true share lies beyond either bound at most so often."""


@lru_cache(65536)
def exact_bounds(wrong: int, checked: int) -> tuple[float, float]:
    """The exact 95% interval (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934).

    Between the shares under which so many wrong or more, so many or fewer, come by a chance of
    2.5%: quantiles of beta distributions. Wilson's score interval and the mid-P one keep their 95%
    on average alone, and lie too high where few were checked and few are wrong (L. D. Brown,
    T. T. Cai and A. DasGupta, Statistical Science 16, 2001); this one is called sure.
    """
    if not checked:
        return 0.0, 1.0
    right = checked - wrong
    low = float(betaincinv(wrong, right + 1, BEYOND)) if wrong else 0.0
    high = float(betaincinv(wrong + 1, right, 1 - BEYOND)) if right else 1.0
    return low, high


@dataclass(frozen=True)
class Rate:
    """Wrong out of checked, and the bounds of the true share (95%)."""

    wrong: int
    checked: int

    @property
    def share(self) -> float | None:
        """Wrong ÷ checked; None when nothing was checked."""
        return self.wrong / self.checked if self.checked else None

    @property
    def bounds(self) -> tuple[float, float]:
        """The exact interval: what is called sure is outside of it."""
        return exact_bounds(self.wrong, self.checked)

    @property
    def verdict(self) -> str:
        """good: surely below the line; bad: surely above; watch: too few checks to say."""
        low, high = self.bounds
        if not self.checked:
            return ""
        return "good" if high <= LINE else "bad" if low > LINE else "watch"


@dataclass(frozen=True)
class Freshness:
    """The rate over everything, and by month, source and home site; the most checked first."""

    overall: Rate
    by_month: list[tuple[dt.date, Rate]]
    by_source: list[tuple[str, Rate]]
    by_site: list[tuple[Place | None, Rate]]


# The month in which the span begins is read by the day, the others by the month.
SUMS = """
    SELECT grouping(month, source, place_id), month, source, place_id,
           sum(wrong)::bigint, sum(checked)::bigint
    FROM (SELECT date_trunc('month', first)::date AS month, source, place_id, wrong, checked
          FROM customers_checktally
          WHERE span = 'day' AND first >= %(first)s AND first < %(whole)s
          UNION ALL SELECT first, source, place_id, wrong, checked
          FROM customers_checktally WHERE span = 'month' AND first >= %(whole)s) tally
    {inside}
    GROUP BY GROUPING SETS ((), (month), (source), (place_id))
    HAVING sum(checked) > 0
    ORDER BY sum(checked) DESC
"""
EVERYTHING, MONTH, SOURCE, SITE = 0b111, 0b011, 0b101, 0b110
"""What `grouping` says of a row: which columns it was summed over."""


def inside(user: User) -> str:
    """The test that keeps to the places in the person's scope."""
    spans = ranges(user, "customers.see")
    if not spans:
        return "WHERE false"
    if sees_everything(user, spans):
        return ""
    # The spans are numbers out of our own tree.
    tests = " OR ".join(f"lo BETWEEN {int(lo)} AND {int(hi)}" for lo, hi in spans)
    return f"WHERE place_id IN (SELECT id FROM places_place WHERE {tests})"


def freshness_of(user: User, days: int, at: dt.datetime, limit: int = 1000) -> Freshness:
    """How fresh the data in the person's scope are over some days up to today, from the tallies."""
    first = timezone.localdate(at) - dt.timedelta(days=days - 1)
    whole = (
        first if first.day == 1 else (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    )
    found: dict[int, list[tuple[Any, Rate]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(inside=inside(user)), {"first": first, "whole": whole})
        for kind, *key, wrong, checked in cursor.fetchall():
            found[kind].append((key, Rate(wrong, checked)))
    sites = [(place, rate) for (_month, _source, place), rate in found[SITE][:limit]]
    names = Place.objects.in_bulk([place for place, _rate in sites if place])
    return Freshness(
        overall=found[EVERYTHING][0][1] if found[EVERYTHING] else Rate(0, 0),
        by_month=sorted(((key[0], rate) for key, rate in found[MONTH]), key=lambda pair: pair[0]),
        by_source=[(key[1], rate) for key, rate in found[SOURCE][:60]],
        by_site=[(names[key] if key else None, rate) for key, rate in sites],
    )
