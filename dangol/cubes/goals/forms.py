"""What people write about goals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.cubes.asking.figure_field import FigureField, number_of, text_of
from dangol.cubes.models import Goal
from dangol.cubes.subjects.catalogue import SUBJECTS, Measure
from dangol.places.choosing import PlaceField

DAY = forms.DateInput(attrs={"type": "date"})


def figure_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every measure under its subject; amounts of several currencies have no goal."""
    return [
        (str(s.label), [(f"{s.name}.{m.name}", str(m.label)) for m in s.measures])
        for s in SUBJECTS.values()
    ]


def measure_of(figure: str) -> Measure:
    """The measure of a choice."""
    subject, name = figure.split(".")
    return SUBJECTS[subject].measure(name)


class GoalForm(forms.Form):
    """A goal for a figure of a place."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    figure = forms.ChoiceField(label=_("Figure"), choices=figure_choices, help_text=_("Of a figure that is to stay low the goal is a limit."))  # fmt: skip
    place = PlaceField(label=_("Place"))
    value = FigureField(label=_("Goal"))
    first = forms.DateField(label=_("From"), widget=DAY)
    last = forms.DateField(label=_("Until"), widget=DAY)

    def __init__(self, user: User, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["place"].within(user, "goals.edit")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was written as goal, in the unit of its figure."""
        given = super().clean() or self.cleaned_data
        if "figure" in given and "value" in given:
            try:
                given["value"] = number_of(given["value"], measure_of(given["figure"]))
            except ValidationError as wrong:
                self.add_error("value", wrong)
        return given

    @staticmethod
    def told(goal: Goal) -> dict[str, Any]:
        """A goal as the form shows it."""
        names = ("name", "name_en", "place", "first", "last")
        figure = f"{goal.subject}.{goal.measure}"
        value = text_of(goal.value, measure_of(figure))
        return {n: getattr(goal, n) for n in names} | {"figure": figure, "value": value}
