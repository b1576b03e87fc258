"""How fresh the customer data are: the rate of wrong contact points with its confidence bound."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from dangol.core.models import User
from dangol.customers.models import Check
from dangol.places.scope import scoped

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


def rates(
    checks: QuerySet[Check], by: str, since: dt.datetime, limit: int = 60
) -> list[tuple[Any, Rate]]:
    """The rate for each source, site or month since an instant, the most checked first."""
    rows = checks.filter(at__gte=since)
    if by == "month":
        rows = rows.annotate(key=TruncMonth("at"))
    else:
        path = {"source": "source", "site": "contact_point__customer__home_place__name"}[by]
        rows = rows.annotate(key=F(path))
    counted = rows.values("key").annotate(
        wrong=Count("pk", filter=Q(outcome__in=["wrong", "moved"])), checked=Count("pk")
    )
    order = "key" if by == "month" else "-checked"
    return [
        (row["key"], Rate(row["wrong"], row["checked"])) for row in counted.order_by(order)[:limit]
    ]


def overall(checks: QuerySet[Check], since: dt.datetime) -> Rate:
    """The rate over everything since an instant."""
    counted = checks.filter(at__gte=since).aggregate(
        wrong=Count("pk", filter=Q(outcome__in=["wrong", "moved"])), checked=Count("pk")
    )
    return Rate(counted["wrong"], counted["checked"])
