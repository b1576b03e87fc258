"""What people write about watches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dangol.cubes.asking.figure_field import FigureField, number_of, text_of
from dangol.cubes.models import Test, Watch
from dangol.cubes.subjects.catalogue import Measure


class WatchForm(forms.Form):
    """What a watch looks for."""

    name = forms.CharField(label=_("Name"), max_length=80)
    measure = forms.ChoiceField(label=_("Figure"))
    test = forms.ChoiceField(label=_("Decided by"), choices=Test.choices, initial=Test.SUDDEN)
    threshold = FigureField(label=_("Threshold"), required=False, help_text=_("Not for sudden changes. Of a duration: 90, 1:30, 90 min or 1 h 30 min."))  # fmt: skip
    least = forms.IntegerField(label=_("At least so many"), initial=10, min_value=1, max_value=100_000, help_text=_("Rows with fewer facts are not judged."))  # fmt: skip
    hours = forms.IntegerField(label=_("Hours to act"), initial=48, min_value=1, max_value=720)

    def __init__(self, *args: Any, measures: tuple[Measure, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.measures = {m.name: m for m in measures}
        self.fields["measure"].choices = [(m.name, m.label) for m in measures]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was written as threshold, in the unit of the figure."""
        given = super().clean() or self.cleaned_data
        if "measure" in given and "threshold" in given:
            try:
                given["threshold"] = number_of(given["threshold"], self.measures[given["measure"]])
            except ValidationError as wrong:
                self.add_error("threshold", wrong)
        return given

    @staticmethod
    def told(watch: Watch, measures: tuple[Measure, ...]) -> dict[str, Any]:
        """A watch as the form shows it."""
        known = next((m for m in measures if m.name == watch.measure), None)
        names = ("name", "measure", "test", "least", "hours")
        return {n: getattr(watch, n) for n in names} | {
            "threshold": text_of(watch.threshold, known)
        }
