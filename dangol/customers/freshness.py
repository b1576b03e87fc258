"""How fresh the customer data are: the rate of wrong contact points with its confidence bound."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from dangol.core.models import User
from dangol.customers.models import Check
from dangol.places.models import Place
from dangol.places.scope import ranges, scoped

LINE = 0.03
"""At most this share may be wrong (product.md, K1)."""
Z_95_ONE_SIDED = 1.6448536269514722


@dataclass(frozen=True)
class Rate:
    """Wrong out of checked, and the bounds of the true share (95 %, each side by itself)."""

    wrong: int
    checked: int

    @property
    def share(self) -> float | None:
        """Wrong ÷ checked; None when nothing was checked."""
        return self.wrong / self.checked if self.checked else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's score interval (E. B. Wilson, JASA 22, 1927), one-sided 95 % at each end.

        centre = (p + z²/2n) / (1 + z²/n), half = z/(1 + z²/n) · √(p(1−p)/n + z²/4n²)
        """
        n, z = self.checked, Z_95_ONE_SIDED
        if not n:
            return 0.0, 1.0
        p = self.wrong / n
        below = 1 + z * z / n
        centre = (p + z * z / (2 * n)) / below
        half = z / below * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    @property
    def verdict(self) -> str:
        """good: surely below the line; bad: surely above; watch: too few checks to say."""
        low, high = self.bounds
        if not self.checked:
            return ""
        return "good" if high <= LINE else "bad" if low > LINE else "watch"


def checks_visible_to(user: User) -> QuerySet[Check]:
    """Checks of customers in the person's scope."""
    return scoped(Check.objects.all(), user, "customers.see", "contact_point__customer__home_place")


SECONDS_KEPT = 300


@dataclass(frozen=True)
class Freshness:
    """The rate over everything, and by month, source and home site; the most checked first."""

    overall: Rate
    by_month: list[tuple[dt.datetime, Rate]]
    by_source: list[tuple[str, Rate]]
    by_site: list[tuple[Place | None, Rate]]


def freshness_of(user: User, days: int, at: dt.datetime, limit: int = 1000) -> Freshness:
    """How fresh the data in the person's scope are over some days; figures are kept five minutes."""
    spans = "-".join(f"{lo}.{hi}" for lo, hi in ranges(user, "customers.see"))
    key = f"customers:freshness:{days}:{spans}"
    if (kept := cache.get(key)) is None:
        kept = summed_up(checks_visible_to(user), at - dt.timedelta(days=days), limit)
        cache.set(key, kept, SECONDS_KEPT)
    return kept  # type: ignore[no-any-return]


def summed_up(checks: QuerySet[Check], since: dt.datetime, limit: int) -> Freshness:
    """One pass over the checks since an instant, added up three ways."""
    rows = (
        checks.filter(at__gte=since)
        .annotate(month=TruncMonth("at"), site=F("contact_point__customer__home_place"))
        .values("month", "source", "site")
        .annotate(wrong=Count("pk", filter=Q(outcome__in=["wrong", "moved"])), checked=Count("pk"))
        .order_by()
    )
    sums: dict[str, dict[Any, list[int]]] = {"": {}, "month": {}, "source": {}, "site": {}}
    for row in rows:
        for by, groups in sums.items():
            group = groups.setdefault(row.get(by), [0, 0])
            group[0] += row["wrong"]
            group[1] += row["checked"]

    def told(by: str) -> list[tuple[Any, Rate]]:
        found = [(key, Rate(*counts)) for key, counts in sums[by].items()]
        return sorted(found, key=lambda pair: -pair[1].checked)

    sites = told("site")[:limit]
    names = Place.objects.in_bulk([key for key, _rate in sites])
    return Freshness(
        overall=Rate(*sums[""].get(None, [0, 0])),
        by_month=sorted(told("month"), key=lambda pair: pair[0]),
        by_source=told("source")[:60],
        by_site=[(names.get(key), rate) for key, rate in sites],
    )
