"""Precision and recall from what the stewards said of the samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dangol.identity.audits.intervals import Share, stratified, total
from dangol.identity.models import Answer, Audit, Question

POOLED = 4
"""Samples that are counted together: one week alone says little."""


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
    """The samples of the last half year, the latest first, each with the three before it."""
    audits = list(Audit.objects.order_by("-drawn_on")[:limit])
    told: dict[Any, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = Question.objects.filter(audit__in=audits).exclude(settled="")
    for audit, stratum, settled in rows.values_list("audit_id", "stratum", "settled"):
        told[audit][stratum].append(settled)
    counted = [strata_of(audit, told[audit.pk]) for audit in audits]
    return [
        figures_of(audit, counted[at], counted[at : at + POOLED]) for at, audit in enumerate(audits)
    ]


def strata_of(audit: Audit, told: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The parts of one sample with what was answered."""
    found = []
    for one in audit.strata:
        answers = told.get(one["key"], [])
        same = sum(a == Answer.SAME for a in answers)
        found.append(one | {"answered": len(answers), "same": same})
    return found


def pooled(samples: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The same parts of several samples counted together, with the latest one's pairs behind them;
    a part with other limits, of another model, is not the same."""
    found = []
    for one in samples[0]:
        alike = [s for sample in samples for s in sample if _limits(s) == _limits(one)]
        found.append(
            one | {what: sum(s[what] for s in alike) for what in ("answered", "same", "drawn")}
        )
    return found


def _limits(stratum: dict[str, Any]) -> tuple[Any, ...]:
    return stratum["key"], stratum["low"], stratum["high"]


def figures_of(
    audit: Audit, strata: list[dict[str, Any]], samples: list[list[dict[str, Any]]]
) -> Audited:
    """Precision and recall of a sample and those before it."""
    together = pooled(samples)
    joined = [s for s in together if s["decided"] == "joined"]
    apart = [s for s in together if s["decided"] == "apart"]
    within = sum(s["pairs"] for s in together if s["decided"] == "within")
    strata = [s for s in strata if s["decided"] != "within"]
    precision = stratified((s["pairs"], s["answered"], s["same"]) for s in joined)
    return Audited(
        audit, sum(s["drawn"] for s in strata), sum(s["answered"] for s in strata), precision,
        recall_of(joined, apart, precision, within), [s for s in strata if s["drawn"] or s["pairs"]],
    )  # fmt: skip


def recall_of(
    joined: list[dict[str, Any]],
    apart: list[dict[str, Any]],
    precision: Share | None,
    within: int = 0,
) -> Share | None:
    """Of all pairs that are one person, the share that was joined; its interval is that of the
    pairs that were missed. None until something of every part was answered."""
    missed = total((s["pairs"], s["answered"], s["same"]) for s in apart if s["drawn"])
    if precision is None or missed is None:
        return None
    found = precision.value * (within or sum(s["pairs"] for s in joined))
    value, low, high = (
        found / (found + many) if found else 0.0 for many in (missed[0], missed[2], missed[1])
    )
    return Share(value, low, high, sum(s["answered"] for s in apart))


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
