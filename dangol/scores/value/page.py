"""Value on its page: what customers will bring, who is still one, and how the back-test went."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.core.money import compact_money
from dangol.scores.models import ModelVersion, Run, ScoreModel
from dangol.scores.told import drift_lines
from dangol.scores.words import cell_label, cell_meaning


def algorithm_words(name: str) -> str:
    """A candidate in words."""
    plain = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD"}
    short, first, _rest = name.partition("+first")
    said = plain.get(short, short)
    return _("%(model)s with the first purchase") % {"model": said} if first else said


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """What the page shows of a finished run."""
    summary, currency = run.summary, run.summary.get("currency") or "KRW"
    total = sum(sizes.values())
    return {
        "total": total, "horizon": summary["horizon"], "currency": currency,
        "value": compact_money(round(summary["value"]), currency),
        "alive": round(summary["alive"]), "distinct": summary["distinct"],
        "cells": [
            {
                "name": cell_label("value", name), "meaning": cell_meaning("value", name),
                "customers": sizes.get(name, 0), "value": compact_money(round(c["value"]), currency),
                "share": 100 * c["value"] / summary["value"] if summary["value"] else 0,
                "each": compact_money(round(c["value"] / max(1, c["customers"])), currency),
                "url": f"{reverse('scores:customers')}?model={model.key}&cell={name}",
            }
            for name in ("top", "high", "middle", "low")
            if (c := summary["cells"].get(name))
        ],
        "alive_chart": {
            "kind": "bar", "x": [f"{10 * i}–{10 * i + 10}%" for i in range(10)],
            "series": [{"name": _("Customers"), "data": summary["alive_parts"], "role": "main"}],
        },
        "drift": drift_lines(summary["drift"]), "without_rate": summary.get("without_rate", {}),
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """The champion's back-test, beside it the newest challenger's."""
    champion = model.champion
    newest = model.versions.order_by("-number").first()
    assert champion is not None
    return {
        "champion": tested(champion),
        "challenger": tested(newest) if newest and newest.pk != champion.pk else None,
    }


def tested(version: ModelVersion) -> dict[str, Any]:
    """One version's back-test as the page draws it."""
    report, metrics = version.report, version.metrics
    course, calls = report["course"], report["by_frequency"]
    return {
        "version": version, "metrics": metrics, "algorithm": algorithm_words(version.algorithm),
        "calibrated": report["calibrated"], "customers": report["customers"],
        "asked": report["asked"], "distinct": report["distinct"],
        "total_error": f"{100 * metrics['total_error']:+.1f}%",
        "holdout_error": f"{100 * metrics['holdout_error']:+.1f}%",
        "interval_holds": f"{100 * metrics['interval_holds']:.0f}%",
        "top_tenth": f"{100 * metrics['top_tenth']:.0f}%",
        "course": {
            "kind": "line", "x": [f"{w:.0f}" for w in course["week"]], "digits": 0, "min": 0,
            "series": [
                {"name": pgettext("purchases", "Actual"), "data": course["actual"], "role": "compare"},
                {"name": pgettext("purchases", "Expected"), "data": course["expected"], "role": "main"},
            ],
        },
        "frequency": {
            "kind": "bar", "x": [str(x) for x in calls["x"][:-1]] + [f"{calls['x'][-1]}+"], "digits": 2,
            "series": [
                {"name": pgettext("purchases", "Actual"), "data": calls["actual"]},
                {"name": pgettext("purchases", "Expected"), "data": calls["expected"], "role": "main"},
            ],
        },
        "lift": lift(report),
        "candidates": [
            c | {"name": algorithm_words(c["name"]), "total_error": f"{100 * c['total_error']:+.1f}%", "chosen": i == 0}
            for i, c in enumerate(report["candidates"])
        ],
    }  # fmt: skip


def lift(report: dict[str, Any]) -> dict[str, Any]:
    """How much of what came lay with the customers that were ranked first."""

    def running(tenths: list[float]) -> list[float]:
        sums, total = [0.0], 0.0
        for share in tenths:
            total += 100 * share
            sums.append(round(total, 2))
        return sums

    return {
        "kind": "line", "x": [f"{10 * i}%" for i in range(11)], "unit": "%", "min": 0, "max": 100,
        "series": [
            {"name": pgettext("lift", "This score"), "data": running(report["lift"]), "role": "main"},
            {"name": pgettext("lift", "Best possible"), "data": running(report["lift_best"]), "role": "compare"},
            {"name": pgettext("lift", "By chance"), "data": [10.0 * i for i in range(11)], "role": "goal"},
        ],
    }  # fmt: skip
