"""Precision and recall from what the stewards said of the samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dangol.identity.audits.intervals import Share, stratified
from dangol.identity.models import Answer, Audit, Question


@dataclass(frozen=True, slots=True)
class Audited:
    """One week's sample: how much of it was answered, and what it says."""

    audit: Audit
    drawn: int
    answered: int
    precision: Share | None
    recall: Share | None
    strata: list[dict[str, Any]]


def audited(limit: int = 26) -> list[Audited]:
    """The samples of the last half year, the latest first."""
    audits = list(Audit.objects.order_by("-drawn_on")[:limit])
    told: dict[Any, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = Question.objects.filter(audit__in=audits).exclude(settled="")
    for audit, stratum, settled in rows.values_list("audit_id", "stratum", "settled"):
        told[audit][stratum].append(settled)
    return [figures_of(audit, told[audit.pk]) for audit in audits]


def figures_of(audit: Audit, told: dict[str, list[str]]) -> Audited:
    """Precision and recall of one sample."""
    strata = []
    for one in audit.strata:
        answers = told.get(one["key"], [])
        same = sum(a == Answer.SAME for a in answers)
        strata.append(one | {"answered": len(answers), "same": same})
    joined = [s for s in strata if s["decided"] == "joined"]
    apart = [s for s in strata if s["decided"] == "apart"]
    precision = stratified((s["pairs"], s["answered"], s["same"]) for s in joined)
    return Audited(
        audit, sum(s["drawn"] for s in strata), sum(s["answered"] for s in strata), precision,
        recall_of(joined, apart, precision), strata,
    )  # fmt: skip


def recall_of(
    joined: list[dict[str, Any]], apart: list[dict[str, Any]], precision: Share | None
) -> Share | None:
    """Of all pairs that are one person, the share that was joined; its interval is that of the
    pairs that were missed."""
    missed = stratified((s["pairs"], s["answered"], s["same"]) for s in apart)
    if precision is None or missed is None:
        return None
    found = precision.value * sum(s["pairs"] for s in joined)
    behind = sum(s["pairs"] for s in apart if s["answered"])
    value, low, high = (
        found / (found + share * behind) if found else 0.0
        for share in (missed.value, missed.high, missed.low)
    )  # fmt: skip
    return Share(value, low, high, missed.n)


def trend(rows: Iterable[Audited], words: tuple[str, str, str]) -> dict[str, Any]:
    """The chart of the weeks: precision with its interval, recall beside it."""
    known = [r for r in reversed(list(rows)) if r.precision]
    precision, recall, interval = words

    def share(value: float | None) -> float | None:
        return None if value is None else round(100 * value, 2)

    return {
        "kind": "line", "unit": "%", "digits": 1, "max": 100,
        "x": [f"{r.audit.drawn_on.month}/{r.audit.drawn_on.day}" for r in known],
        "series": [
            {"name": interval, "role": "interval",
             "data": [[share(r.precision.low), share(r.precision.high)] for r in known if r.precision]},
            {"name": precision, "role": "main",
             "data": [share(r.precision.value) for r in known if r.precision]},
            {"name": recall, "data": [share(r.recall.value if r.recall else None) for r in known]},
        ],
    }  # fmt: skip
