"""Figures of data quality as people read them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.customers.freshness import LINE, Rate
from dangol.customers.models import ContactKind


def percent(value: float | None, digits: int = 1) -> str:
    """A share as people read it."""
    return "–" if value is None else f"{value * 100:.{digits}f}%"


def rounded(value: float | None, digits: int = 2) -> float | None:
    """A share as a chart draws it, in per cent."""
    return None if value is None else round(value * 100, digits)


def verdict_words(verdict: str) -> str:
    """Where the interval lies against the line."""
    return {
        "good": _("surely below the line"),
        "bad": _("surely above the line"),
        "watch": _("too few checks to be sure"),
    }.get(verdict, "")


def short_verdict(verdict: str) -> str:
    """The same in one word."""
    return {"good": _("below"), "bad": _("above"), "watch": _("unsure")}.get(verdict, "")


def told_rate(label: Any, rate: Rate, url: str = "") -> dict[str, Any]:
    """One line of a table of rates."""
    low, high = rate.bounds
    return {
        "label": label or _("unknown"), "url": url, "rate": percent(rate.share),
        "bounds": f"{low * 100:.1f} – {high * 100:.1f}%", "wrong": rate.wrong,
        "checked": rate.checked, "verdict": rate.verdict, "word": short_verdict(rate.verdict),
        "share": rate.share or 0.0, "interval": rate.bounds,
    }  # fmt: skip


def with_intervals(rows: list[dict[str, Any]], mark: float | None = LINE) -> list[dict[str, Any]]:
    """The same rows with their intervals as places on one common scale from 0 to 100."""
    ends = [row["interval"][1] for row in rows]
    top = max([*ends, 2 * (mark or 0.0)]) or 1.0
    for row in rows:
        low, high = row["interval"]
        row["x"], row["width"] = (
            round(100 * low / top, 2),
            max(round(100 * (high - low) / top, 2), 0.8),
        )
        row["point"] = round(min(max(100 * row["share"] / top - 0.6, 0.0), 98.8), 2)
        row["mark"] = None if mark is None else round(100 * mark / top, 2)
    return rows


def kind_word(kind: str) -> str:
    """Phone, e-mail, address."""
    return str(ContactKind(kind).label)


def tabs_for(user: Any) -> list[tuple[str, str, str]]:
    """The pages of data quality that a person may open."""
    pages = [
        ("summary", pgettext("quality", "Summary"), "quality:summary", "quality.see"),
        ("rates", _("Misinformation"), "quality:rates", "quality.see"),
        ("decay", _("Decay"), "quality:decay", "quality.see"),
        ("measures", _("Measures"), "quality:measures", "quality.see"),
        ("points", _("Probably wrong"), "quality:points", "customers.see"),
        ("tasks", _("Correction tasks"), "quality:tasks", "quality.correct"),
        ("settings", _("Settings"), "quality:settings", "quality.configure"),
    ]
    return [(key, word, reverse(url)) for key, word, url, ability in pages if user.can(ability)]


__all__ = ["LINE", "kind_word", "percent", "rounded", "short_verdict", "tabs_for", "told_rate"]
