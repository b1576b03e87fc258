"""Figures as people read them, on pages, in files and in mails alike."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.core.money import shown_money
from dangol.cubes.asking.durations import spoken
from dangol.cubes.asking.formulas import Formula
from dangol.cubes.asking.results import Figure
from dangol.cubes.subjects.catalogue import Measure
from dangol.ui.templatetags.measures import figures

Told = Measure | Formula
"""What a figure can be of: a measure, or a formula of the reader's own."""


def figure_text(measure: Told | None, value: Any, currency: str = "") -> str:
    """A value with its digits; money with its currency."""
    if currency == "*":
        return _("several currencies")
    if value is None:
        return "–"
    if measure is None or (
        isinstance(measure, Formula) and measure.decimals is None and not measure.kind
    ):
        return figures(value, 0 if float(value).is_integer() or abs(float(value)) >= 1000 else 2)
    if measure.money and currency:
        return shown_money(round(value), currency)
    return figures(value, measure.digits)


def with_unit(measure: Told | None, text: str) -> str:
    """A figure and what it counts."""
    unit = str(measure.unit) if measure else ""
    if not unit or text == "–":
        return text
    if unit == "%" or (get_language() or "").startswith("ko"):
        return f"{text}{unit}"  # 84.3점: Koreans write the unit at once
    return f"{text} {unit}"


def told(measure: Told | None, value: Any, currency: str = "") -> str:
    """A figure that stands alone: durations in hours and minutes, others with their unit."""
    if isinstance(measure, Measure) and measure.lasting and value is not None:
        return spoken(float(value) * measure.lasting, measure.lasting)
    return with_unit(measure, figure_text(measure, value, currency))


def in_cell(measure: Told | None, text: str) -> str:
    """A figure in a table: shares with their sign; other units stand in the head."""
    return with_unit(measure, text) if measure and measure.unit == "%" else text


def titled(measure: Told) -> str:
    """A figure's name with what it is counted in, as heads and charts say it."""
    unit = str(measure.unit)
    return f"{measure.label} ({unit})" if unit not in ("", "%") else str(measure.label)


def change_of(measure: Told | None, figure: Figure) -> dict[str, Any] | None:
    """How a figure moved: words, and whether that is good."""
    change = figure.change
    if change is None:
        return None
    better = measure.better if isinstance(measure, Measure) else ""
    meaning = ""
    if better and change:
        meaning = "good" if (change > 0) == (better == "up") else "bad"
    digits = measure.digits if measure else 2
    if round(change, digits) == 0:
        return {"text": "±0", "meaning": "", "sign": ""}
    points = _("pp") if measure and measure.unit == "%" else ""
    return {
        "text": figures(abs(change), digits) + points, "meaning": meaning, "sign": "▲" if change > 0 else "▼",
    }  # fmt: skip
