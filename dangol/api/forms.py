"""What a person fills in for a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.core.roles import ABILITIES


class TokenForm(forms.Form):
    """Name, abilities, days."""

    name = forms.CharField(max_length=100, label=_("Name"), help_text=_("Which program uses it."))
    days = forms.IntegerField(
        min_value=1, max_value=366, initial=90, label=_("Days until it expires")
    )
    abilities = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label=_("What it may do")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(a, a) for a in ABILITIES if user.can(a) and a != "tokens.own"]
        self.fields["abilities"].choices = held  # type: ignore[attr-defined]
