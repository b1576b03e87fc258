"""Next product on its page: what is offered to how many, and how well it ranks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dangol.scores.models import Run, ScoreModel
from dangol.scores.words import named


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """Products by how many customers they are the best offer for."""
    total = sum(sizes.values()) or 1
    rows: list[dict[str, Any]] = [
        {
            "name": named(c["name"], c["name_en"]), "customers": sizes.get(code, 0),
            "share": 100 * sizes.get(code, 0) / total,
            "url": f"{reverse('scores:customers')}?model={model.key}&value_from=0",
        }
        for code, c in run.summary["cells"].items()
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["customers"])
    return {
        "total": sum(sizes.values()), "products": rows,
        "chart": {
            "kind": "rank", "x": [r["name"] for r in rows[:12]], "digits": 0,
            "series": [{"name": _("Customers"), "data": [r["customers"] for r in rows[:12]]}],
        },
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """The champion's ranking on unseen days against what is popular, and how the ridge was tuned."""
    version = model.champion
    assert version is not None
    tuning = version.report["tuning"]
    return {
        "version": version, "metrics": version.metrics, "report": version.report,
        "ridge": version.parameters["ridge"],
        "first_hit": f"{100 * version.metrics['first_hit']:.0f} %",
        "tuning": {
            "kind": "line", "x": [f"{float(k):g}" for k in tuning], "digits": 3,
            "series": [{"name": "NDCG@10", "data": list(tuning.values()), "role": "main"}],
        },
    }  # fmt: skip
