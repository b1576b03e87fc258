"""Names of algorithms, of the figures of their tests and of drift, in either language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dangol.scores.drift import meaning


def algorithm_words(name: str) -> str:
    """What a version was learned by."""
    model, _plus, more = name.partition("+")
    told = {
        "ntile": _("Exact fifths"), "boosting": _("Gradient boosting"),
        "logistic": _("Logistic regression"), "characters": _("Parts of words, logistic regression"),
        "ease": "EASE", "bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD",
    }.get(model, model)  # fmt: skip
    added = {"first": _("first purchase"), "recent": _("what was bought lately")}
    return f"{told} + {added.get(more, more)}" if more else told


def metric_words(name: str) -> str:
    """A figure of the test on unseen days."""
    return {
        "auc": "AUC", "error": _("Error"), "brier": "Brier", "calibration_error": _("Calibration error"),
        "lift_top_tenth": _("Lift of the first tenth"), "rate": _("Share that left"),
        "total_error": _("Miss of the total"), "holdout_error": _("Miss of the unseen days"),
        "top_tenth": _("Purchases of the first tenth"), "interval_holds": _("Within the 80% interval"),
        "log_likelihood": _("Log-likelihood"), "ndcg_10": "NDCG@10",
        "popular_ndcg_10": _("NDCG@10 by popularity"), "first_hit": _("First offer was bought"),
        "texts": _("Texts with a score"), "right": _("Right"),
    }.get(name, name)  # fmt: skip


def drift_lines(drift: dict[str, float]) -> list[dict[str, Any]]:
    """How far today's customers are from those that the model learned from."""
    names = {
        "repeat": _("Repeat purchases"), "last": _("Days since the last purchase"),
        "age": _("Days since the first purchase"), "chance": _("Predicted chance"),
        "money": _("Money"), "feeling": _("Sentiment of texts with a score"), "owned": _("Products a customer has"),
        "between": _("Days between one product and the next"), "cells": _("Size of cells"),
    }  # fmt: skip
    words = {"good": _("steady"), "watch": _("moving"), "bad": _("learn anew")}
    return [
        {"name": names.get(n, n), "psi": v, "meaning": meaning(v), "word": words[meaning(v)]}
        for n, v in drift.items()
    ]
