"""What is expected of all contact points in a person's scope, and what the work on them brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from dangol.core.models import User
from dangol.customers.freshness import Rate
from dangol.customers.models import ContactPoint
from dangol.places.scope import scoped
from dangol.quality.measures.reading import sees_all
from dangol.quality.models import CorrectionTask, Risk, Standing, TaskOutcome

FOUND_WRONG = [TaskOutcome.CORRECTED, TaskOutcome.WRONG, TaskOutcome.MOVED]


@dataclass(frozen=True)
class Expected:
    """How many contact points are in use, how many are known and how many expected to be wrong."""

    points: int
    known: int
    guessed: float

    @property
    def share(self) -> float | None:
        """Expected to be wrong now, of all in use; None without any."""
        return (self.known + self.guessed) / self.points if self.points else None


def expected_now(user: User) -> dict[str, Expected]:
    """By kind, as of the last night for those who see the company; from their sites' points else."""
    if sees_all(user):
        latest = Standing.objects.order_by("-day").values_list("day", flat=True).first()
        rows = Standing.objects.filter(day=latest) if latest else Standing.objects.none()
        return {r.kind: Expected(r.points, r.known_wrong, r.expected_wrong) for r in rows}
    guessed = {
        row["kind"]: (row["n"], row["sum"] or 0.0)
        for row in scoped(Risk.objects.all(), user, "quality.see", "place")
        .order_by().values("kind").annotate(n=Count("pk"), sum=Sum("chance"))
    }  # fmt: skip
    wrong = ContactPoint.objects.filter(ended_at=None, state__in=["wrong", "moved"])
    known = dict(
        scoped(wrong, user, "quality.see", "customer__home_place")
        .order_by().values_list("kind").annotate(n=Count("pk"))
    )  # fmt: skip
    return {
        kind: Expected(guessed.get(kind, (0, 0))[0] + known.get(kind, 0), known.get(kind, 0), guessed.get(kind, (0, 0.0))[1])
        for kind in {*guessed, *known}
    }  # fmt: skip


def together(kinds: dict[str, Expected]) -> Expected:
    """All kinds added up."""
    rows = kinds.values()
    return Expected(
        sum(r.points for r in rows), sum(r.known for r in rows), sum(r.guessed for r in rows)
    )


def whole_parts(kinds: dict[str, Expected]) -> dict[str, int]:
    """How many more each kind expects, in whole numbers that add up to the rounded sum of all.

    By largest remainders: each is rounded down, and those that lost most are rounded up instead.
    """
    parts = {kind: int(row.guessed) for kind, row in kinds.items()}
    missing = round(together(kinds).guessed) - sum(parts.values())
    lost = sorted(kinds, key=lambda kind: parts[kind] - kinds[kind].guessed)
    return parts | {kind: parts[kind] + 1 for kind in lost[:missing]}


@dataclass(frozen=True)
class TaskFigures:
    """How the sites' tasks stand, and what those closed in some days found."""

    open: int
    overdue: int
    closed: int
    unreached: int
    found: Rate
    corrected: int
    expected: float
    """How many of the checked ones the model had expected to be wrong."""

    @property
    def unchecked(self) -> int:
        """How many ended because nobody need work on them any more."""
        return self.closed - self.found.checked - self.unreached


def task_figures(user: User, at: dt.datetime, days: int = 30) -> TaskFigures:
    """Open and closed tasks in the person's scope."""
    rows = scoped(CorrectionTask.objects.all(), user, "quality.see", "place")
    since = at - dt.timedelta(days=days)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=since))
    checked = Q(outcome__in=[*FOUND_WRONG, TaskOutcome.VERIFIED])
    found = rows.aggregate(
        open=Count("pk", filter=Q(closed_at=None)),
        overdue=Count("pk", filter=Q(closed_at=None, due_at__lt=at)),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
        unreached=Count("pk", filter=Q(outcome=TaskOutcome.UNREACHED)),
        tried=Count("pk", filter=checked),
        wrong=Count("pk", filter=Q(outcome__in=FOUND_WRONG)),
        corrected=Count("pk", filter=Q(outcome=TaskOutcome.CORRECTED)),
        expected=Sum("chance", filter=checked),
    )
    return TaskFigures(
        found["open"], found["overdue"], found["closed"], found["unreached"],
        Rate(found["wrong"], found["tried"]), found["corrected"], found["expected"] or 0.0,
    )  # fmt: skip
