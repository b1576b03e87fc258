"""What people write about watches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.cubes.models import Test, Watch
from dangol.cubes.subjects.catalogue import Measure


class WatchForm(forms.Form):
    """What a watch looks for."""

    name = forms.CharField(label=_("Name"), max_length=80)
    measure = forms.ChoiceField(label=_("Figure"))
    test = forms.ChoiceField(label=_("Decided by"), choices=Test.choices, initial=Test.SUDDEN)
    threshold = forms.FloatField(label=_("Threshold"), required=False, help_text=_("Not for sudden changes."))  # fmt: skip
    least = forms.IntegerField(label=_("At least so many"), initial=10, min_value=1, max_value=100_000, help_text=_("Rows with fewer facts are not judged."))  # fmt: skip
    hours = forms.IntegerField(label=_("Hours to act"), initial=48, min_value=1, max_value=720)

    def __init__(self, *args: Any, measures: tuple[Measure, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["measure"].choices = [(m.name, m.label) for m in measures]  # type: ignore[attr-defined]

    @staticmethod
    def told(watch: Watch) -> dict[str, Any]:
        """A watch as the form shows it."""
        return {n: getattr(watch, n) for n in ("name", "measure", "test", "threshold", "least", "hours")}  # fmt: skip
