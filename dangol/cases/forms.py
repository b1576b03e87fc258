"""What people fill in about cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.cases.models import Case, Category, Priority, Rule
from dangol.cases.queries import categories_in_use
from dangol.cases.rule_words import PROCESSES, question_choices
from dangol.core.masking import shown_words
from dangol.core.models import User
from dangol.customers.choosing import CustomerField
from dangol.interactions.question_names import Named
from dangol.places.choosing import PlaceField


class WhoseForm(forms.Form):
    """Whose case it will be."""

    customer = CustomerField(label=_("Customer"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].within(user)  # type: ignore[attr-defined]


class OpenCaseForm(forms.Form):
    """Open a case by hand for a customer."""

    place = PlaceField(label=_("Site"))
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
        self.fields["place"].within(user, "cases.work", "site")  # type: ignore[attr-defined]
        self.fields["category"].queryset = categories_in_use()  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Give a case to another site."""

    place = PlaceField(label=_("Site"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="move-%s", **kwargs)
        self.fields["place"].within(user, "cases.work", "site")  # type: ignore[attr-defined]


class EditCaseForm(forms.ModelForm):
    """Correct a case's own facts."""

    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, label=_("Priority"))

    class Meta:
        model = Case
        fields = ["title", "category", "priority", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "description"):
            # who may not see it whole cannot rewrite it either
            if shown_words(getattr(self.instance, name)) != getattr(self.instance, name):
                del self.fields[name]
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

    def __init__(self, known: list[Named], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = question_choices(known)  # type: ignore[attr-defined]

    class Meta:
        model = Rule
        fields = ["name", "process", "question", "at_most", "equals", "category", "priority"]
        help_texts = {
            "at_most": _("On the scale from 0 to 100."),
            "equals": _("For choices: the chosen option; for yes or no: yes, no."),
        }

    process = forms.ChoiceField(choices=list(PROCESSES.items()), required=False, label=_("Process"))
    question = forms.ChoiceField(required=False, label=_("Question"))
    priority = forms.TypedChoiceField(
        choices=Priority.choices, coerce=int, initial=Priority.NORMAL, label=_("Priority")
    )
