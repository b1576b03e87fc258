"""What it costs to correct one record: minutes of verification, from the calls themselves when they say it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.db import connection, transaction

from dangol.customers.freshness import Rate
from dangol.quality.models import Policy, VerificationTime
from dangol.quality.tried.rates import Rates

ENOUGH_CALLS = 300
DAYS_MEASURED = 90
MEASURED = """
    SELECT regr_slope(seconds, checks), regr_count(seconds, checks), regr_sxx(seconds, checks),
           regr_syy(seconds, checks), regr_sxy(seconds, checks)
    FROM (SELECT extract(epoch FROM i.wrapped_at - i.answered_at)::float8 AS seconds, n.checks
          FROM (SELECT interaction_id, count(*)::float8 AS checks FROM customers_check
                WHERE day >= %(first)s AND interaction_id IS NOT NULL GROUP BY 1) n
          JOIN interactions_interaction i ON i.id = n.interaction_id
          WHERE i.answered_at IS NOT NULL AND i.wrapped_at IS NOT NULL AND i.outbound) calls
    WHERE seconds BETWEEN 5 AND 3600
"""


@dataclass(frozen=True)
class Seconds:
    """How long one verification takes: learned from calls, or as set."""

    value: float
    low: float | None = None
    high: float | None = None
    calls: int = 0

    @property
    def measured(self) -> bool:
        """Whether calls said it."""
        return self.low is not None


@dataclass(frozen=True)
class Cost:
    """What verification cost in some months, and what came of it."""

    rate: Rate
    corrected: int
    seconds: Seconds
    policy: Policy

    @property
    def whole(self) -> float:
        """Money for all verifications."""
        return self.rate.checked * self.seconds.value / 60 * float(self.policy.minute_cost)

    @property
    def for_one_corrected(self) -> float | None:
        """Money for each record that was wrong and is right now; None when there is none."""
        return self.whole / self.corrected if self.corrected else None


@transaction.atomic
def measure_verification_time(today: dt.date) -> VerificationTime | None:
    """Keep by how much one more verification lengthens a call; None when the calls do not say it.

    The slope of handle seconds over checks, by ordinary least squares over the answered calls of
    90 days; believed from 300 calls on and when its 95% interval lies above nought.
    """
    with connection.cursor() as cursor:
        cursor.execute(MEASURED, {"first": today - dt.timedelta(days=DAYS_MEASURED)})
        slope, calls, sxx, syy, sxy = cursor.fetchone()
    if slope is None or calls < ENOUGH_CALLS or not sxx:
        return None
    half = 1.96 * math.sqrt(max(0.0, syy - sxy * sxy / sxx) / (calls - 2) / sxx)
    if slope <= half:
        return None
    return VerificationTime.objects.create(
        seconds=slope, low=slope - half, high=slope + half, calls=calls
    )


def verification_seconds(policy: Policy) -> Seconds:
    """As the calls said last, or as the company set it."""
    told = VerificationTime.objects.order_by("-created_at").first()
    if told is None:
        return Seconds(float(policy.verify_seconds))
    return Seconds(told.seconds, told.low, told.high, told.calls)


def cost_of(policy: Policy, found: Rates) -> Cost:
    """What the verifications of some months cost, and how many they put right, as counted together."""
    return Cost(found.overall, found.corrected, verification_seconds(policy), policy)
