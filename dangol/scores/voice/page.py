"""Voice of the customer on its page: how content, about what, and which words are new."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dangol.scores.models import Run, ScoreModel
from dangol.scores.words import cell_label, cell_meaning
from dangol.surveys.models import Process


def group_words(group: str) -> str:
    """A group of texts in words."""
    key = group.removeprefix("process:")
    if not key:
        return _("Everything")
    return _("Cases") if key == "case" else str(dict(Process.choices).get(key, key))


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """What the page shows of a finished run."""
    summary, total = run.summary, sum(sizes.values())
    weeks = [w for w in summary["weeks"] if w[2] is not None]
    return {
        "total": total, "texts": summary["texts"], "topics": summary["topics"],
        "cells": [
            {
                "name": cell_label("voice", c), "meaning": cell_meaning("voice", c),
                "customers": sizes.get(c, 0), "share": 100 * sizes.get(c, 0) / total if total else 0,
                "url": f"{reverse('scores:customers')}?model={model.key}&cell={c}",
            }
            for c in ("glad", "mixed", "sad")
        ],
        "weeks": {
            "kind": "line", "x": [w[0] for w in weeks], "digits": 2, "min": -1, "max": 1,
            "series": [{"name": _("Sentiment"), "data": [w[2] for w in weeks], "role": "main"}],
        },
        "emerging": [(group_words(g), words) for g, words in summary["emerging"]["time"].items() if words],
        "products": [(p, words) for p, words in summary["emerging"]["products"].items() if words],
        "sites": [(site, words) for site, words in summary["emerging"]["sites"].items() if words],
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """How well the champion told content from discontent in words that it had not seen."""
    version = model.champion
    assert version is not None
    return {"version": version, "metrics": version.metrics, "labels": version.report["labels"],
            "right": f"{100 * version.metrics['right']:.1f} %" if "right" in version.metrics else "–"}  # fmt: skip
