"""What comes in from the desk."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.contact_centre.models import BreakReason, State
from dangol.customers.models import ContactKind, ContactState
from dangol.interactions.models import Outcome

AFTER = [State.AVAILABLE, State.BREAK, State.TRAINING, State.OFFLINE]


class StateForm(forms.Form):
    """What the agent does next."""

    state = forms.ChoiceField(choices=[(s.value, s.label) for s in AFTER])
    reason = forms.ChoiceField(choices=[("", ""), *BreakReason.choices], required=False)


class CallBackField(forms.DateTimeField):
    """A local date and time, as the browser's own field writes it.

    A year that is half typed arrives as 0001 or 0020; stored, it could not be read again.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def clean(self, value: object) -> dt.datetime | None:
        given: dt.datetime | None = super().clean(value)  # type: ignore[arg-type]
        if given and not 2000 <= given.year <= 2200:
            raise ValidationError(_("The year lies between 2000 and 2200."))
        return given


class FinishForm(forms.Form):
    """How the call ended and what is noted."""

    outcome = forms.ChoiceField(
        choices=Outcome.choices, error_messages={"required": _("Choose how the call ended.")}
    )
    call_back_at = CallBackField(label=_("Call back at"), required=False)
    note = forms.CharField(required=False, max_length=5000)
    then = forms.ChoiceField(choices=[(s.value, s.label) for s in AFTER], required=False)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        at = cleaned.get("call_back_at")
        if cleaned.get("outcome") == Outcome.CALL_BACK:
            if not isinstance(at, dt.datetime) or at <= timezone.now():
                self.add_error("call_back_at", _("Say when to call back, later than now."))
        else:
            cleaned["call_back_at"] = None
        return cleaned


class DraftForm(forms.Form):
    """What was typed so far; a moment that is only half typed is left out, a note is cut."""

    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    call_back_at = CallBackField(required=False)
    note = forms.CharField(required=False)


class CheckForm(forms.Form):
    """What the call said about a contact point."""

    outcome = forms.ChoiceField(
        choices=[c for c in ContactState.choices if c[0] != ContactState.UNVERIFIED]
    )
    new_value = forms.CharField(required=False, max_length=254)


class PointForm(forms.Form):
    """Another way to reach the customer."""

    kind = forms.ChoiceField(choices=ContactKind.choices)
    value = forms.CharField(max_length=254)


class TransferForm(forms.Form):
    """Where the customer is handed to."""

    to = forms.RegexField(r"^[0-9+*#-]{2,20}$", max_length=20)
