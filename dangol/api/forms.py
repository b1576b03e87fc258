"""What a person fills in for a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.core.roles import ABILITIES

ABILITY_LABELS = {
    "places.see": _("See places"),
    "places.edit": _("Change places"),
    "calendars.edit": _("Change calendars"),
    "people.see": _("See accounts"),
    "people.edit": _("Change accounts and roles"),
    "customers.see": _("See customers"),
    "customers.edit": _("Change customers"),
    "customers.unmask": _("Show a customer whole, with a reason"),
    "customers.see_unmasked": _("See names and contact points whole"),
    "customers.export": _("Export customers"),
    "purchases.see": _("See purchases"),
    "imports.run": _("Import files"),
    "surveys.see": _("See surveys"),
    "surveys.edit": _("Change surveys and the index"),
    "answers.see": _("See answers"),
    "answers.correct": _("Correct and withdraw answers"),
    "programmes.see": _("See programmes"),
    "programmes.edit": _("Change programmes"),
    "desk.work": _("Work at the desk"),
    "interactions.see": _("See conversations"),
    "agents.see": _("See agents"),
    "cases.see": _("See cases"),
    "cases.work": _("Work on cases"),
    "cases.configure": _("Change categories and rules"),
    "board.see": _("See boards"),
    "lake.see": _("See the lake"),
    "audit.see": _("See changes and the access log"),
    "attributes.edit": _("Change own attributes"),
    "sources.see": _("See sources and feeds"),
    "sources.run": _("Run sources"),
    "sources.change": _("Change sources and feeds"),
    "segments.see": _("See segments"),
    "segments.members": _("See who is in a segment"),
    "segments.upload": _("Upload lists"),
    "segments.edit": _("Change segments"),
    "cubes.see": _("See figures in the explorer"),
    "goals.edit": _("Change goals"),
    "watches.edit": _("Change watches"),
    "lake.rebuild": _("Rebuild the lake"),
    "scores.see": _("See scores"),
    "scores.run": _("Run scores"),
    "scores.promote": _("Let another version of a score hold"),
    "quality.see": _("See data quality"),
    "quality.correct": _("Correct contact points"),
    "quality.configure": _("Change how data quality is measured"),
    "matching.see": _("See the matching"),
    "matching.decide": _("Decide who is who"),
    "matching.run": _("Run the matching and its model"),
}


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
        held = [(a, ABILITY_LABELS[a]) for a in ABILITIES if user.can(a) and a != "tokens.own"]
        self.fields["abilities"].choices = held  # type: ignore[attr-defined]
