"""What people fill in about customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.customers.choosing import CustomerField
from dangol.customers.contact_values import contact_value
from dangol.customers.hangul import tidy
from dangol.customers.models import SEXES, ContactKind, Customer, CustomerKind
from dangol.customers.relations import directions
from dangol.places.choosing import PlaceField


class CustomerForm(forms.ModelForm):
    """A customer's own facts; carries what the person saw, so that no edit is lost."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    home_place = PlaceField(required=False, label=_("Home site"))

    class Meta:
        model = Customer
        fields = ["kind", "name", "born_on", "gender", "language", "home_place", "note"]
        widgets = {
            "born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "gender": forms.Select(choices=[("", "–"), *SEXES.items()]),
            "note": forms.Textarea(attrs={"rows": 3}),
            "language": forms.Select(choices=[("ko", "한국어"), ("en", "English")]),
        }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_place"].within(user, "customers.edit", "site")  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial.setdefault("revision", self.instance.revision)
        if self.instance.kind == CustomerKind.ORGANISATION:
            del self.fields["gender"]

    def clean_name(self) -> str:
        """Without what cannot be seen; a name of nothing else is none."""
        name = tidy(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("A customer needs a name."))
        return name


class NewCustomerForm(CustomerForm):
    """A customer with a phone or an e-mail address to begin with."""

    phone = forms.CharField(max_length=40, required=False, label=_("Phone"))
    email = forms.CharField(max_length=254, required=False, label=_("E-mail"))

    def clean_phone(self) -> str:
        """As E.164, or refused."""
        return (
            contact_value("phone", self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""
        )

    def clean_email(self) -> str:
        """In lower case, or refused."""
        return (
            contact_value("email", self.cleaned_data["email"]) if self.cleaned_data["email"] else ""
        )


class ContactPointForm(forms.Form):
    """A further way to reach the customer."""

    kind = forms.ChoiceField(choices=ContactKind.choices, label=_("Kind"))
    value = forms.CharField(max_length=254, label=_("Value"))

    def clean(self) -> dict[str, Any]:
        """The value must be of its kind."""
        data = super().clean() or {}
        if data.get("kind") and data.get("value"):
            try:
                data["value"] = contact_value(data["kind"], data["value"])
            except ValidationError as refusal:
                self.add_error("value", refusal)
        return data


class UnmaskForm(forms.Form):
    """Why somebody needs to see a customer whole."""

    reason = forms.CharField(max_length=200, min_length=4, label=_("Reason"))


class RelationForm(forms.Form):
    """How this customer is tied to whom."""

    kind = forms.ChoiceField(choices=directions, label=_("Relation"))
    other = CustomerField(label=_("Customer"))

    def __init__(self, user: User, customer: Customer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="relation-%s", **kwargs)
        self.fields["other"].within(user, customer)  # type: ignore[attr-defined]
