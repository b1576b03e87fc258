"""What people fill in about cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.cases.models import Case, Category, Priority, Rule
from dangol.cases.queries import categories_in_use
from dangol.core.models import User
from dangol.places.models import Place
from dangol.places.scope import places_visible_to


class OpenCaseForm(forms.Form):
    """Open a case by hand for a customer."""

    place = forms.ModelChoiceField(Place.objects.none(), label=_("Site"))
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"))
    priority = forms.TypedChoiceField(
        choices=Priority.choices, coerce=int, initial=Priority.NORMAL, label=_("Priority")
    )
    title = forms.CharField(max_length=200, label=_("Title"))
    description = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}), required=False, label=_("What the customer says")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = places_visible_to(user, "cases.work").filter(kind="site", closed_at=None)
        self.fields["place"].queryset = sites  # type: ignore[attr-defined]
        self.fields["category"].queryset = categories_in_use()  # type: ignore[attr-defined]


class EditCaseForm(forms.ModelForm):
    """Correct a case's own facts."""

    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, label=_("Priority"))

    class Meta:
        model = Case
        fields = ["title", "category", "priority", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories_in_use()  # type: ignore[attr-defined]


class ResolveForm(forms.Form):
    """What was done for the customer."""

    resolution = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("What was done"),
        help_text=_(
            "The customer is asked whether it is solved; write it so that an agent can say it."
        ),
    )


class CloseForm(forms.Form):
    """End a case without the customer's word."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=_("Reason"))


class NoteForm(forms.Form):
    """Say something inside the company."""

    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Note"),
        help_text=_("Name people with @, for example @grace: they are told."),
    )


class FileForm(forms.Form):
    """Keep a file with the case."""

    file = forms.FileField(label=_("File"), help_text=_("At most 20 MB."))


class CategoryForm(forms.ModelForm):
    """What cases can be about."""

    class Meta:
        model = Category
        fields = ["parent", "code", "name", "name_en", "kind", "minutes"]


class RuleForm(forms.ModelForm):
    """When a response opens a case by itself."""

    class Meta:
        model = Rule
        fields = ["name", "process", "question", "at_most", "equals", "category", "priority"]
        help_texts = {
            "question": _(
                "Empty: the index of the whole response. call_me: the wish to be called."
            ),
            "at_most": _("On the scale from 0 to 100."),
            "equals": _("For choices: the chosen option; for yes or no: yes, no."),
        }

    process = forms.ChoiceField(
        choices=[
            ("", _("any")),
            ("sales", _("sales")),
            ("service", _("service")),
            ("product", _("product")),
            ("other", _("other")),
        ],
        required=False,
        label=_("Process"),
    )
    priority = forms.TypedChoiceField(
        choices=Priority.choices, coerce=int, initial=Priority.NORMAL, label=_("Priority")
    )
