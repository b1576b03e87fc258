"""Names of algorithms and of the figures of their tests, in either language."""

from __future__ import annotations

from django.utils.translation import gettext as _


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
        "top_tenth": _("Purchases of the first tenth"), "interval_holds": _("Within the 80 % interval"),
        "log_likelihood": _("Log-likelihood"), "ndcg_10": "NDCG@10",
        "popular_ndcg_10": _("NDCG@10 by popularity"), "first_hit": _("First offer was bought"),
        "texts": _("Texts with a score"), "right": _("Right"),
    }.get(name, name)  # fmt: skip
