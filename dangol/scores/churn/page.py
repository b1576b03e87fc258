"""Churn on its page: how many may leave, and how the test on unseen days went."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.scores.churn import left
from dangol.scores.churn.recipe import CELLS
from dangol.scores.models import ModelVersion, Run, ScoreModel
from dangol.scores.told import drift_lines
from dangol.scores.words import cell_label, cell_meaning, named

WEAK = 0.55
"""An AUC under which a score is not to be acted on."""


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """What the page shows of a finished run."""
    summary = run.summary
    drift = {
        {"recency": "last", "often": "repeat"}.get(n, n): v for n, v in summary["drift"].items()
    }
    return {
        "weak": bool(model.champion) and model.champion.metrics.get("auc", 1) < WEAK,
        "total": sum(sizes.values()), "horizon": summary.get("horizon"),
        "said": named(*summary["left_by"]) if "left_by" in summary else "",
        "rate": f"{100 * summary['rate']:.1f}%", "drift": drift_lines(drift),
        "cells": [
            {
                "name": cell_label("churn", name), "meaning": cell_meaning("churn", name),
                "customers": sizes.get(name, 0), "chance": f"{100 * c['chance']:.0f}%",
                "url": f"{reverse('scores:customers')}?model={model.key}&cell={name}",
            }
            for name in reversed(CELLS) if (c := summary["cells"].get(name))
        ],
        "chart": {
            "kind": "bar", "x": [f"{10 * i}–{10 * i + 10}%" for i in range(10)],
            "series": [{"name": _("Customers"), "data": summary["parts"], "role": "main"}],
        },
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """The champion's test, and the newest challenger's."""
    newest = model.versions.order_by("-number").first()
    assert model.champion is not None
    return {
        "champion": tested(model.champion),
        "challenger": tested(newest) if newest and newest.pk != model.champion_id else None,
    }


def algorithms() -> dict[str, str]:
    """The learners in words, whichever churn they learn."""
    words = {"boosting": _("Gradient boosting"), "logistic": _("Logistic regression")}
    return words | {left.PREFIX + name: word for name, word in words.items()}


def tested(version: ModelVersion) -> dict[str, Any]:
    """One version's test as the page draws it."""
    report = version.report
    share = [round(100 * x, 1) if x is not None else None for x in report["came"]]
    lift = [0.0, *np.cumsum(np.array(report["lift"]) * 100).round(1).tolist()]
    names = algorithms()
    return {
        "version": version, "metrics": version.metrics, "report": report,
        "weak": version.metrics["auc"] < WEAK,
        "said": named(*report["left_by"]) if "left_by" in report else "",
        "telling": [named(*names) for names in report.get("telling", [])],
        "present": bool(version.parameters.get("own")),
        "name": names[version.algorithm], "rate": f"{100 * version.metrics['rate']:.1f}%",
        "off": f"{100 * version.metrics['calibration_error']:.1f} %p",
        "roc": {
            "kind": "line", "x": [f"{5 * i}%" for i in range(21)], "unit": "%", "min": 0, "max": 100,
            "series": [
                {"name": pgettext("lift", "This score"), "data": [round(100 * y, 1) for y in report["roc"]], "role": "main"},
                {"name": pgettext("lift", "By chance"), "data": [5 * i for i in range(21)], "role": "goal"},
            ],
        },
        "calibration": {
            "kind": "bar", "x": [str(i) for i in range(1, 11)], "unit": "%",
            "series": [
                {"name": pgettext("purchases", "Actual"), "data": share},
                {"name": pgettext("purchases", "Expected"), "role": "main",
                 "data": [round(100 * x, 1) if x is not None else None for x in report["said"]]},
            ],
        },
        "lift": {
            "kind": "line", "x": [f"{10 * i}%" for i in range(11)], "unit": "%", "min": 0, "max": 100,
            "series": [
                {"name": pgettext("lift", "This score"), "data": lift, "role": "main"},
                {"name": pgettext("lift", "By chance"), "data": [10 * i for i in range(11)], "role": "goal"},
            ],
        },
        "candidates": [
            {**c, "name": names[n], "chosen": n == version.algorithm}
            for n, c in report["candidates"].items()
        ],
    }  # fmt: skip
