"""What an administrator fills in about places, hours and people."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.choosing import PlaceField
from dangol.places.models import Calendar, Place

SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})$")


def read_spans(text: str) -> list[list[str]]:
    """ "09:00-12:00, 13:00-18:00" → [["09:00", "12:00"], ["13:00", "18:00"]]; in order, apart."""
    spans: list[list[str]] = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        match = SPAN.match(part)
        if match is None:
            raise ValidationError(_("“%s” is not a span like 09:00-12:00.") % part)
        begin, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4]))
        if not 0 <= begin < end <= 24 * 60:
            raise ValidationError(_("“%s” does not end after it begins.") % part)
        spans.append([f"{begin // 60:02}:{begin % 60:02}", f"{end // 60:02}:{end % 60:02}"])
    spans.sort()
    if any(a[1] > b[0] for a, b in zip(spans, spans[1:], strict=False)):
        raise ValidationError(_("Two spans overlap."))
    return spans


def shown_spans(spans: list[list[str]]) -> str:
    """Spans as people write them."""
    return ", ".join(f"{a}-{b}" for a, b in spans)


def shown_week(hours: dict[str, list[list[str]]]) -> list[str]:
    """A week in as few lines as it takes: days in a row with the same hours stand together."""
    runs: list[tuple[int, int, str]] = []
    for day in range(7):
        spans = shown_spans(hours.get(str(day), [])) or _("closed all day")
        if runs and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return [
        f"{WEEKDAYS_ABBR[first]}{f'–{WEEKDAYS_ABBR[last]}' if last > first else ''} {spans}"
        for first, last, spans in runs
    ]


class HoursForm(forms.Form):
    """A calendar's hours, one line for each weekday; the gap is the lunch break."""

    name = forms.CharField(max_length=100, label=gettext_lazy("Name"))
    country = forms.CharField(
        max_length=10,
        required=False,
        label=gettext_lazy("Public holidays of"),
        help_text=gettext_lazy("Country code such as KR; empty: none."),
    )

    def __init__(self, calendar: Calendar | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            self.fields[f"day{day}"] = forms.CharField(
                required=False,
                label=WEEKDAYS[day],
                initial=shown_spans(calendar.hours.get(str(day), [])) if calendar else "",
                widget=forms.TextInput(attrs={"placeholder": "09:00-12:00, 13:00-18:00"}),
            )
        if calendar:
            self.fields["name"].initial = calendar.name
            self.fields["country"].initial = calendar.country

    def clean(self) -> dict[str, Any]:
        """Read every weekday's spans."""
        data = super().clean() or {}
        hours: dict[str, list[list[str]]] = {}
        for day in range(7):
            try:
                hours[str(day)] = read_spans(data.get(f"day{day}") or "")
            except ValidationError as refusal:
                self.add_error(f"day{day}", refusal)
        data["hours"] = hours
        return data


class PlaceForm(forms.ModelForm):
    """A place's own facts."""

    parent = PlaceField(required=False, label=gettext_lazy("Part of"))

    class Meta:
        model = Place
        fields = [
            "parent", "kind", "site_kind", "code", "name", "name_en", "calendar", "time_zone",
            "phone", "address",
        ]  # fmt: skip
        labels = {
            "calendar": gettext_lazy("Calendar"),
        }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = self.fields["parent"]
        above.within(user, "places.edit", "above")  # type: ignore[attr-defined]
        if self.instance.parent_id:
            own = Place.objects.filter(pk=self.instance.parent_id)
            above.queryset = above.queryset | own  # type: ignore[attr-defined]


class ExceptionForm(forms.Form):
    """One day that differs at one place."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.CharField(
        required=False,
        label=gettext_lazy("Hours"),
        help_text=gettext_lazy("Empty: closed all day. Otherwise like 10:00-15:00."),
    )
    reason = forms.CharField(max_length=100, required=False, label=gettext_lazy("Reason"))

    def clean_hours(self) -> list[list[str]]:
        """The spans."""
        return read_spans(self.cleaned_data["hours"])


class PersonForm(forms.ModelForm):
    """A person who may sign in."""

    class Meta:
        model = User
        fields = ["name", "email", "extension", "language"]
        labels = {"language": gettext_lazy("Language")}

    def clean_email(self) -> str:
        """In lower case; one account for each address."""
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody signs in with this address already."))
        return email


class GrantForm(forms.Form):
    """A role at a place."""

    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))
    place = PlaceField(
        label=gettext_lazy("Place"), help_text=gettext_lazy("It holds there and everywhere below.")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].within(user, "people.edit")  # type: ignore[attr-defined]
