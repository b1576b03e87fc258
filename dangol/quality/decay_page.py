"""The page of the decay model: how fast contact points go wrong, and how well that is told."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.core.access import needs
from dangol.customers.source_names import source_name
from dangol.quality.decay.priors import BANDS, FIRST_WRONG, KINDS, YEARLY
from dangol.quality.models import DecayModel
from dangol.quality.queries import model_in_use
from dangol.quality.standing import expected_now
from dangol.quality.words import kind_word, percent, tabs_for, with_intervals

MONTHS = 36


def a_year(model: DecayModel, kind: str) -> tuple[float, float, float]:
    """The share that goes wrong in the first year, with its 95% interval."""
    value, error = model.report["usual"]["k"][kind]
    rates = (math.exp(value + off * error) for off in (0.0, -1.96, 1.96))
    share, low, high = (-math.expm1(-rate) for rate in rates)
    return share, low, high


def held(model: DecayModel, kind: str) -> list[float]:
    """The share of values still right, month by month after they became known to be right."""
    pace = math.exp(model.report["usual"]["k"][kind][0])
    ages = [1.0] + [math.exp(model.parameters["a"][str(b)][0]) for b in BANDS[1:]]
    ends = [*BANDS[1:], math.inf]
    curve = []
    for month in range(MONTHS + 1):
        years = month / 12
        spent = [max(0.0, min(years, hi) - lo) for lo, hi in zip(BANDS, ends, strict=True)]
        whole = sum(a * s for a, s in zip(ages, spent, strict=True))
        curve.append(round(math.exp(-pace * whole) * 100, 2))
    return curve


def survival_chart(model: DecayModel) -> dict[str, Any]:
    """How long values hold, a line for each kind."""
    return {
        "kind": "line", "x": [str(m) for m in range(MONTHS + 1)], "digits": 0, "unit": "%",
        "min": 0, "max": 100,
        "series": [{"name": kind_word(kind), "data": held(model, kind)} for kind in KINDS],
    }  # fmt: skip


def calibration_chart(rows: list[list[float]]) -> dict[str, Any]:
    """Chance said and share found wrong, by tenth of the later checks."""
    return {
        "kind": "line", "x": [percent(row[0]) for row in rows], "digits": 1, "unit": "%", "min": 0,
        "series": [
            {"name": pgettext("calibration", "Found"), "role": "main", "data": [round(r[1] * 100, 2) for r in rows]},
            {"name": _("Interval"), "role": "interval", "data": [[round(r[2] * 100, 2), round(r[3] * 100, 2)] for r in rows]},
            {"name": _("Said"), "role": "goal", "data": [round(r[0] * 100, 2) for r in rows]},
        ],
    }  # fmt: skip


def spans_of(model: DecayModel) -> list[dict[str, Any]]:
    """Observed beside expected, by kind and time since last known to be right."""
    return [
        {
            "kind": kind_word(kind),
            "rows": [
                {
                    "months": f"{years * 12:.0f}", "right": percent(right),
                    "bounds": f"{low * 100:.1f} – {high * 100:.1f}%", "expected": percent(expected),
                    "checks": checks, "off": not low <= expected <= high,
                }
                for years, right, low, high, expected, checks in model.report["survival"][kind]
            ],
        }
        for kind in KINDS
        if model.report["survival"].get(kind)
    ]  # fmt: skip


def factors_of(model: DecayModel) -> list[dict[str, Any]]:
    """By how much sources, ages and verified values differ, with intervals."""
    told = model.parameters
    bands = {"1.0": _("1–3 years old"), "3.0": _("3 years and older")}
    middle = sum(pair[0] for pair in told["s"].values()) / max(1, len(told["s"]))
    rows = [
        (str(source_name(name) or _("unknown")), (value - middle, error))
        for name, (value, error) in told["s"].items()
    ]
    rows += [(bands[name], pair) for name, pair in told["a"].items()]
    rows.append((_("verified once before"), told["v"][""]))
    found = []
    for name, (value, error) in rows:
        low, high = math.exp(value - 1.96 * error), math.exp(value + 1.96 * error)
        found.append(
            {
                "name": name, "factor": f"× {math.exp(value):.2f}", "bounds": f"{low:.2f} – {high:.2f}",
                "share": math.exp(value), "interval": (low, high),
                "verdict": "" if low <= 1 <= high else "bad" if low > 1 else "good",
            }
        )  # fmt: skip
    return with_intervals(found, mark=1.0)


@needs("quality.see")
def decay(request: HttpRequest) -> HttpResponse:
    """How fast contact points go wrong, learned from the company's own checks."""
    model, user = model_in_use(), request.user
    context: dict[str, Any] = {"tabs": tabs_for(user), "view": "decay", "model": model}
    if model:
        test = model.report.get("test")
        expected = expected_now(user)  # type: ignore[arg-type]
        context |= {
            "kinds": [kind_line(model, kind, expected.get(kind)) for kind in KINDS],
            "survival": survival_chart(model), "spans": spans_of(model),
            "factors": factors_of(model), "test": test,
            "calibration": calibration_chart(test["tenths"]) if test else None,
            "better": bool(test and test["brier"] < test["brier_usual"]),
        }  # fmt: skip
    return render(request, "quality/decay.html", context)


def kind_line(model: DecayModel, kind: str, expected: Any) -> dict[str, Any]:
    """One kind: a year's decay beside the published one, and what is expected of it now."""
    share, low, high = a_year(model, kind)
    return {
        "kind": kind_word(kind), "share": percent(share),
        "bounds": f"{low * 100:.1f} – {high * 100:.1f}%", "published": percent(YEARLY[kind]),
        "first": percent(-math.expm1(-math.exp(model.report["usual"]["i"][kind][0]))),
        "first_published": percent(FIRST_WRONG[kind]),
        "now": percent(expected.share) if expected else "–",
        "points": expected.points if expected else None,
    }  # fmt: skip
