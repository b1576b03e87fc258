"""Next product on its page: what is offered to how many, and how well it ranks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.scores.models import ModelVersion, Run, ScoreModel
from dangol.scores.told import drift_lines
from dangol.scores.words import named


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """Products by how many customers they are the best offer for."""
    total = sum(sizes.values()) or 1
    rows: list[dict[str, Any]] = [
        {
            "name": named(c["name"], c["name_en"]), "customers": sizes.get(code, 0),
            "share": 100 * sizes.get(code, 0) / total,
        }
        for code, c in run.summary["cells"].items()
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["customers"])
    return {
        "total": sum(sizes.values()), "products": rows,
        "drift": drift_lines(run.summary.get("drift", {})),
        "chart": {
            "kind": "rank", "x": [r["name"] for r in rows[:12]], "digits": 0,
            "series": [{"name": _("Customers"), "data": [r["customers"] for r in rows[:12]]}],
        },
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """The champion's ranking on unseen days, beside it the newest challenger's."""
    newest = model.versions.order_by("-number").first()
    assert model.champion is not None
    return {
        "champion": tested(model.champion),
        "challenger": tested(newest) if newest and newest.pk != model.champion_id else None,
    }


def algorithm_words(name: str) -> str:
    """A candidate in words."""
    return {
        "ease": _("EASE over all that a customer has"),
        "ease+recent": _("EASE, what was bought lately weighs more"),
        "popular": _("What most customers have"),
    }[name]


def tested(version: ModelVersion) -> dict[str, Any]:
    """One version's test as the page draws it; versions of before 2026-11-22 kept less."""
    report, metrics = version.report, version.metrics
    tuning = report["tuning"]
    if isinstance(tuning, dict):
        tuning = [[float(ridge), None, figure] for ridge, figure in tuning.items()]
    half_life = version.parameters.get("half_life")
    lines = {(None, _("All alike"))} | (
        {(half_life, _("Half as much after %(n)s more") % {"n": f"{half_life:g}"})}
        if half_life else set()
    )  # fmt: skip
    return {
        "version": version, "metrics": metrics, "report": report, "name": algorithm_words(version.algorithm),
        "ridge": f"{version.parameters['ridge']:g}", "half_life": half_life,
        "first_hit": f"{100 * metrics['first_hit']:.1f}%",
        "candidates": [
            {**c, "name": algorithm_words(c["name"]), "chosen": c["name"] == version.algorithm}
            for c in report.get("candidates", [])
        ],
        "tuning": {
            "kind": "line", "x": [f"{ridge:g}" for ridge, life, _f in tuning if life is None], "digits": 3,
            "series": [
                {"name": label, "data": [f for _r, life, f in tuning if life == wanted],
                 "role": "main" if wanted == half_life else ""}
                for wanted, label in sorted(lines, key=lambda line: line[0] or 0)
            ],
        },
        "found": curve(report) if "found" in report else None,
        "strength": {
            "kind": "bar", "x": [str(i) for i in range(1, len(report["hit_by_tenth"]) + 1)], "unit": "%",
            "series": [{"name": _("Bought it"), "role": "main",
                        "data": [round(100 * x, 1) for x in report["hit_by_tenth"]]}],
        } if report.get("hit_by_tenth") else None,
    }  # fmt: skip


def curve(report: dict[str, Any]) -> dict[str, Any]:
    """The share of what was bought that stood among the first one, two, … ten offers."""
    return {
        "kind": "line", "x": [str(i) for i in range(1, len(report["found"]) + 1)], "unit": "%",
        "series": [
            {"name": pgettext("lift", "This score"), "role": "main",
             "data": [round(100 * x, 1) for x in report["found"]]},
            {"name": _("What most customers have"), "role": "goal",
             "data": [round(100 * x, 1) for x in report["found_popular"]]},
        ],
    }  # fmt: skip
