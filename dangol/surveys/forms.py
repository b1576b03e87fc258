"""Forms of surveys."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.surveys.models import Process, Survey


class NameForm(forms.Form):
    """What a survey is called."""

    title = forms.CharField(label=_("Title"), max_length=200)
    title_en = forms.CharField(label=_("English title"), max_length=200, required=False)


class SurveyForm(NameForm):
    """A new survey."""

    process = forms.ChoiceField(
        label=_("Process"), choices=Process.choices, help_text=_("What the customer lived through.")
    )
    key = forms.SlugField(
        label=_("Short name"),
        max_length=60,
        help_text=_("A short name for files and the API; it stays."),
    )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if Survey.objects.filter(key=key).exists():
            raise forms.ValidationError(_("Another survey has this key."))
        return key
