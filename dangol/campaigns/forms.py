"""What comes in about programmes and their stages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.campaigns.models import LATER, ORDINARY, SOONER, Campaign, Stage
from dangol.campaigns.script import VARIABLES
from dangol.core.models import User
from dangol.interactions.models import Questionnaire
from dangol.places.models import Place
from dangol.places.scope import places_visible_to
from dangol.purchases.models import Product, TransactionKind

DAYS = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
LEVEL_CHOICES = [(SOONER, _("Sooner")), (ORDINARY, _("Ordinary")), (LATER, _("Later"))]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SpansField(forms.CharField):
    """A day's calling hours: 09:00-12:00, 13:00-18:00; empty for none."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{a}-{b}" for a, b in value)
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        spans = []
        for part in filter(None, (p.strip() for p in text.replace("–", "-").split(","))):
            first, _dash, last = (piece.strip() for piece in part.partition("-"))
            try:
                opens, closes = dt.time.fromisoformat(first.zfill(5)), end_of(last.zfill(5))
            except ValueError:
                raise forms.ValidationError(
                    _("Write hours like 09:00-12:00, 13:00-18:00.")
                ) from None
            if opens.hour * 60 + opens.minute >= closes:
                raise forms.ValidationError(_("A span ends after it begins."))
            spans.append([f"{opens:%H:%M}", f"{closes // 60:02}:{closes % 60:02}"])
        if any(a[1] > b[0] for a, b in zip(sorted(spans), sorted(spans)[1:], strict=False)):
            raise forms.ValidationError(_("Spans must not overlap."))
        return sorted(spans)


def end_of(text: str) -> int:
    """The end of a span in minutes; 24:00 is midnight."""
    if text == "24:00":
        return 24 * 60
    end = dt.time.fromisoformat(text)
    return end.hour * 60 + end.minute


class ProgrammeForm(forms.ModelForm):
    """A programme's rules."""

    class Meta:
        model = Campaign
        fields = [
            "name", "name_en", "purpose", "place", "priority", "daily_capacity", "starts_on",
            "ends_on", "quarantine_days", "valid_days", "country",
        ]  # fmt: skip
        widgets = {"starts_on": DATE, "ends_on": DATE}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_visible_to(user, "programmes.edit").exclude(kind="site")
        self.fields["place"].queryset = places.order_by("lo")  # type: ignore[attr-defined]
        self.fields["place"].initial = places.order_by("lo").first()
        self.fields["priority"].widget = forms.NumberInput(attrs={"min": 1, "max": 9})
        self.fields["priority"].max_value = 9  # type: ignore[attr-defined]
        for day, label in enumerate(DAYS):
            spans = self.instance.hours.get(str(day), [])
            self.fields[f"hours_{day}"] = SpansField(label=label, required=False, initial=spans)

    @property
    def rules(self) -> list[Any]:
        """The fields of the rules, calling hours apart."""
        return [self[name] for name in self.Meta.fields]

    @property
    def week(self) -> list[Any]:
        """The fields of the calling hours."""
        return [self[f"hours_{day}"] for day in range(7)]

    def clean_priority(self) -> int:
        value: int = self.cleaned_data["priority"]
        if not 1 <= value <= 9:
            raise forms.ValidationError(_("1 comes first, 9 last."))
        return value

    def values(self) -> dict[str, Any]:
        """What to hand to the action."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        week = {str(day): self.cleaned_data[f"hours_{day}"] for day in range(7)}
        return fields | {"hours": {day: spans for day, spans in week.items() if spans}}


class StageForm(forms.ModelForm):
    """A stage: when, about what, what is said and asked, how often it is tried."""

    busy = forms.IntegerField(label=_("Busy: again after (minutes)"), min_value=1, max_value=20000)
    no_answer = forms.IntegerField(
        label=_("No answer: again after (minutes)"), min_value=1, max_value=20000
    )
    failed = forms.IntegerField(
        label=_("Failed: again after (minutes)"), min_value=1, max_value=20000
    )

    class Meta:
        model = Stage
        fields = [
            "name", "name_en", "order", "days_after", "kind", "product", "place", "questionnaire",
            "script", "script_en", "max_attempts",
        ]  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Place.objects.exclude(kind="site").order_by("lo")  # type: ignore[attr-defined]
        products = Product.objects.filter(ended_on=None).order_by("lo")
        self.fields["product"].queryset = products  # type: ignore[attr-defined]
        self.fields["questionnaire"].queryset = Questionnaire.objects.filter(ended_at=None)  # type: ignore[attr-defined]
        for name in ("place", "product"):
            self.fields[name].empty_label = _("Any")  # type: ignore[attr-defined]
        self.fields["questionnaire"].empty_label = _("None")  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Any")), *TransactionKind.choices]  # type: ignore[attr-defined]
        names = " ".join(f"{{{name}}}" for name in VARIABLES)
        self.fields["script"].help_text = _("Variables: %(names)s") % {"names": names}
        for outcome in ("busy", "no_answer", "failed"):
            self.fields[outcome].initial = self.instance.waits.get(outcome)

    def values(self) -> dict[str, Any]:
        """What to hand to the action."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        waits = {name: self.cleaned_data[name] for name in ("busy", "no_answer", "failed")}
        return fields | {"waits": waits}


class HandOverForm(forms.Form):
    """To whom, or to which programme's stage."""

    agent = forms.UUIDField(required=False)
    stage = forms.UUIDField(required=False)
