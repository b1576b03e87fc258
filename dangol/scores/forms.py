"""The schedule and settings of a score."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.customers.attributes.queries import attributes_in_use
from dangol.purchases.models import TransactionKind
from dangol.scores.models import Every, Kind, ScoreModel

EVERY = "*"


def told(attributes: bool | list[str] | None) -> list[str]:
    """The settings' attributes as ticks."""
    return [EVERY] if attributes is True else list(attributes or [])


class ModelForm(forms.Form):
    """What may be set; a kind sees only what concerns it."""

    score_every = forms.ChoiceField(label=_("Score"), choices=Every.choices, required=False)
    learn_every = forms.ChoiceField(label=_("Learn"), choices=Every.choices, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("What counts as a purchase"), choices=TransactionKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Nothing ticked: everything counts."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Only the last days"), required=False, min_value=7, max_value=3650,
        help_text=_("Empty: the whole history."),
    )  # fmt: skip
    horizon = forms.IntegerField(
        label=_("Days ahead"), required=False, min_value=7, max_value=3650,
        help_text=_("How far the score looks ahead; empty: it chooses for itself."),
    )  # fmt: skip
    rates = forms.CharField(
        label=_("Rates"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One currency a line, as in “USD 1380”: what one unit is in the company’s currency."),
    )  # fmt: skip

    left_by = forms.ChoiceField(
        label=_("Who left"), required=False,
        help_text=_("Who buys nothing for the days ahead, or what the company says: an own attribute of yes and no. It is then learned from the other attributes alone, and the days ahead and rates do not matter."),
    )  # fmt: skip
    attributes = forms.MultipleChoiceField(
        label=_("Own attributes to learn from"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are known as they are now, not as they were: one that was filled in after somebody left makes the test look better than the score is."),
    )  # fmt: skip

    OWN = ("left_by", "attributes")
    UNUSED = {
        Kind.RFM: ("learn_every", "horizon", *OWN), Kind.VALUE: ("days", *OWN), Kind.CHURN: ("days",),
        Kind.NEXT: ("days", "horizon", "rates", *OWN), Kind.VOICE: ("horizon", "rates", "kinds", *OWN),
    }  # fmt: skip

    def __init__(self, model: ScoreModel, data: Any = None) -> None:
        known = model.settings
        super().__init__(data, initial={
            "score_every": model.score_every, "learn_every": model.learn_every,
            "kinds": known.get("kinds", []), "days": known.get("days"), "horizon": known.get("horizon"),
            "rates": "\n".join(f"{c} {r}" for c, r in known.get("rates", {}).items()),
            "left_by": known.get("left_by", ""), "attributes": told(known.get("attributes")),
        })  # fmt: skip
        self.model = model
        for name in self.UNUSED[Kind(model.kind)]:
            del self.fields[name]
        if "left_by" in self.fields:
            self.offer_attributes()

    def offer_attributes(self) -> None:
        """The own attributes in use; without any there is nothing to choose."""
        own = list(attributes_in_use())
        said = [(a.key, str(a)) for a in own if a.kind == "yes_no"]
        self.fields["left_by"].choices = [("", _("Who stays away")), *said]  # type: ignore[attr-defined]
        self.fields["attributes"].choices = [
            (EVERY, _("All of them")),
            *((a.key, str(a)) for a in own),
        ]  # type: ignore[attr-defined]
        if not own:
            del self.fields["left_by"], self.fields["attributes"]

    def clean_attributes(self) -> bool | list[str]:
        """True for all of them."""
        chosen: list[str] = self.cleaned_data["attributes"]
        return True if EVERY in chosen else chosen

    def clean_rates(self) -> dict[str, str]:
        """Lines of currency and number as a mapping."""
        found = {}
        for line in self.cleaned_data["rates"].splitlines():
            if not line.strip():
                continue
            words = line.replace("=", " ").split()
            if len(words) != 2:
                raise forms.ValidationError(
                    _("A line is a currency and a number, as in “USD 1380”.")
                )
            found[words[0].upper()] = words[1].replace(",", "")
        return found

    def changes(self) -> dict[str, Any]:
        """What the action takes; settings that the kind has not stay as they are."""
        given = self.cleaned_data
        named = {
            n: given[n] for n in ("kinds", "days", "horizon", "rates", *self.OWN) if n in given
        }
        return {
            "score_every": given["score_every"],
            "learn_every": given.get("learn_every", self.model.learn_every),
            "settings": {**self.model.settings, **named},
        }
