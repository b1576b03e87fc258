"""A field for a figure: a number as it is written, a duration as it is spoken."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.cubes.asking.durations import NoDuration, seconds_of, spoken
from dangol.cubes.subjects.catalogue import FARTHEST, Measure

HELP = gettext_lazy("Of a duration: 90, 1:30, 90 min or 1 h 30 min.")


class FigureField(forms.CharField):
    """Text until it is known which measure it is of."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=40, help_text=more.pop("help_text", HELP), **more)


def number_of(text: str, measure: Measure) -> float | None:
    """The figure in the measure's unit; ValidationError where it is none."""
    text = text.strip()
    if not text:
        return None
    try:
        if measure.lasting:
            found = seconds_of(text, measure.lasting) / measure.lasting
        else:
            found = float(text.replace(",", "").removesuffix("%"))
    except NoDuration:
        raise ValidationError(_("Write a duration: 90, 1:30, 90 min or 1 h 30 min.")) from None
    except ValueError:
        raise ValidationError(_("Enter a number.")) from None
    if not math.isfinite(found) or abs(found) > FARTHEST:
        raise ValidationError(_("Enter a number."))
    return found


def text_of(value: float | None, measure: Measure | None) -> str:
    """A figure as it can be written again."""
    if value is None:
        return ""
    if measure and measure.lasting and value == round(value):
        return spoken(value * measure.lasting, measure.lasting)
    return f"{value:.12g}"
