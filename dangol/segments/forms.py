"""What people fill in about a segment; the rule comes as JSON from the builder."""

from __future__ import annotations

import json
from typing import Any as Anything

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.places.choosing import PlaceField, open_places
from dangol.segments.models import Segment


class SegmentForm(forms.ModelForm):
    """Name, place and rule."""

    place = PlaceField(
        label=_("Place"), help_text=_("Only customers whose home site lies at or below this place."),
    )  # fmt: skip
    rule = forms.CharField(
        label=_("Rule as text"), max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip

    class Meta:
        model = Segment
        fields = ["name", "name_en", "description", "place"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, user: User, *args: Anything, **more: Anything) -> None:
        super().__init__(*args, **more)
        self.fields["place"].within(user, "segments.edit")  # type: ignore[attr-defined]
        if not self.instance.place_id:
            top = open_places(user, "segments.edit").order_by("lo").first()
            self.initial.setdefault("place", top and top.pk)

    def clean_rule(self) -> Anything:
        """JSON of some kind; what it says is judged by the action."""
        try:
            return json.loads(self.cleaned_data["rule"])
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("This is no rule.")) from None

    def values(self) -> dict[str, Anything]:
        """What to hand to the action."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "rule")}
