"""What people send about data quality."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.quality.models import Policy

HELPS = {
    "verify_seconds": _("Taken until the calls themselves say how much longer each verification makes them."),
    "minute_cost": _("Wages and line for one minute of a call."),
    "currency": _("Three letters, as in KRW."),
    "fresh_days": _("A value that no source said and nobody verified for longer is old."),
    "ask_from": _("Between 0 and 1: the desk asks to verify what is wrong with at least this chance."),
    "task_from": _("Between 0 and 1: from here on a contact point may become a site’s task."),
    "tasks_a_day": _("Each open site gets so many at most, the most probable first; 0: none. A site with three days of open tasks gets no more."),
    "task_minutes": _("Of the site’s own calendar."),
}  # fmt: skip


class PolicyForm(forms.ModelForm):
    """What the company sets."""

    class Meta:
        model = Policy
        fields = [
            "verify_seconds", "minute_cost", "currency", "fresh_days", "ask_from", "ask_most", "task_from", "tasks_a_day", "task_minutes",
        ]  # fmt: skip
        help_texts = HELPS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {
            "verify_seconds": (1, 3600), "minute_cost": (0, 10_000_000), "fresh_days": (7, 3650),
            "ask_from": (0, 1), "ask_most": (0, 10), "task_from": (0, 1), "tasks_a_day": (0, 500),
            "task_minutes": (10, 100_000),
        }  # fmt: skip
        for name, (least, most) in limits.items():
            field = self.fields[name]
            field.min_value, field.max_value = least, most  # type: ignore[attr-defined]
            field.widget.attrs |= {"min": str(least), "max": str(most)}
            if name in {"ask_from", "task_from"}:
                field.widget.attrs["step"] = "0.05"

    def clean(self) -> dict[str, Any]:
        """Within sensible limits."""
        data = super().clean() or {}
        for name, value in list(data.items()):
            field = self.fields[name]
            least = getattr(field, "min_value", None)
            if least is not None and not least <= value <= field.max_value:  # type: ignore[attr-defined]
                told = _("Between %(least)s and %(most)s.")
                self.add_error(name, told % {"least": least, "most": field.max_value})  # type: ignore[attr-defined]
        return data

    def clean_currency(self) -> str:
        """A code that money can be written with."""
        code = self.cleaned_data["currency"].upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise forms.ValidationError(_("Three letters, as in KRW."))
        return code


class ClosingForm(forms.Form):
    """What came of a correction task."""

    outcome = forms.ChoiceField(
        label=_("What did the customer say?"), widget=forms.RadioSelect,
        choices=[
            ("verified", _("It is right")), ("wrong", _("It is wrong")),
            ("moved", pgettext_lazy("correction", "Moved or changed it")),
            ("unreached", _("Nobody reached")),
        ],
    )  # fmt: skip
    new_value = forms.CharField(
        label=_("New value"), required=False, max_length=254,
        help_text=_("If the customer told it. It begins verified."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
