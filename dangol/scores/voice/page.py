"""Voice of the customer on its page: how content, about what, and which words are new."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.scores.models import Run, ScoreModel
from dangol.scores.told import drift_lines
from dangol.scores.words import cell_label, cell_meaning
from dangol.surveys.models import Process


def group_words(group: str) -> str:
    """A group of texts in words."""
    key = group.removeprefix("process:")
    if not key:
        return _("Everything")
    return _("Cases") if key == "case" else str(dict(Process.choices).get(key, key))


def told_words(part: str, of: str, words: list[list[Any]]) -> list[dict[str, Any]]:
    """Words with the texts that say them; runs of before 2026-11-23 counted no texts elsewhere."""
    return [
        {
            "word": word, "z": z, "now": now, "before": more[0] if more else None,
            "url": f"{reverse('scores:said')}?{urlencode({'word': word, part: of})}",
        }
        for word, z, now, *more in words
    ]  # fmt: skip


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """What the page shows of a finished run."""
    summary, total = run.summary, sum(sizes.values())
    emerging = summary["emerging"]
    weeks = [w for w in summary["weeks"] if w[2] is not None]
    return {
        "total": total, "texts": summary["texts"], "topics": summary["topics"],
        "drift": drift_lines(summary.get("drift", {})),
        "cells": [
            {
                "name": cell_label("voice", c), "meaning": cell_meaning("voice", c),
                "customers": sizes.get(c, 0), "share": 100 * sizes.get(c, 0) / total if total else 0,
                "url": f"{reverse('scores:customers')}?model={model.key}&cell={c}",
            }
            for c in ("glad", "mixed", "sad")
        ],
        "weeks": {
            "kind": "line", "x": [w[0][5:] for w in weeks], "digits": 2, "min": -1, "max": 1,
            "series": [{"name": _("Sentiment"), "data": [w[2] for w in weeks], "role": "main"}],
        },
        "emerging": [
            (title, [(name, told_words(part, of, words)) for name, of, words in rows])
            for title, part, rows in (
                ("", "process", [(group_words(g), g.removeprefix("process:"), w) for g, w in emerging["time"].items() if w]),
                (_("By product"), "product", [(p, p, w) for p, w in emerging["products"].items() if w]),
                (_("By site"), "site", [(s, s, w) for s, w in emerging["sites"].items() if w]),
            )
            if rows
        ],
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """How well the champion told content from discontent in words that it had not seen."""
    version, newest = model.champion, model.versions.order_by("-number").first()
    assert version is not None
    report, metrics = version.report, version.metrics
    lift = [0.0]
    for part in report.get("lift", []):
        lift.append(round(lift[-1] + 100 * part, 1))
    return {
        "version": version, "metrics": metrics, "labels": report["labels"],
        "challenger": newest if newest and newest.pk != version.pk else None,
        "right": f"{100 * metrics['right']:.1f}%" if "right" in metrics else "–",
        "lift": {
            "kind": "line", "x": [f"{10 * i}%" for i in range(11)], "unit": "%", "min": 0, "max": 100,
            "series": [
                {"name": pgettext("lift", "This score"), "data": lift, "role": "main"},
                {"name": pgettext("lift", "By chance"), "data": [10 * i for i in range(11)], "role": "goal"},
            ],
        } if len(lift) > 1 else None,
        "content": {
            "kind": "bar", "x": [str(i) for i in range(1, len(report["content"]) + 1)], "unit": "%", "min": 0, "max": 100,
            "series": [{"name": cell_label("voice", "glad"), "role": "main",
                        "data": [None if x is None else round(100 * x, 1) for x in report["content"]]}],
        } if report.get("content") else None,
    }  # fmt: skip
