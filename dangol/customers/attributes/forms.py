"""What people fill in about attributes, and about a customer's values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.customers.attributes.models import Attribute, AttributeKind
from dangol.customers.attributes.queries import PREFIX
from dangol.customers.attributes.values import choices_of, code_of

YES_NO = (
    ("", "–"),
    ("yes", pgettext_lazy("own attribute", "Yes")),
    ("no", pgettext_lazy("own attribute", "No")),
)


class AttributeForm(forms.Form):
    """An attribute's definition; key and kind are given once."""

    name = forms.CharField(max_length=80, label=_("name"))
    name_en = forms.CharField(max_length=80, required=False, label=_("English name"))
    key = forms.CharField(
        max_length=40, label=_("key"),
        help_text=_("Small letters a–z, digits and _; files and programs use it, and it stays."),
    )  # fmt: skip
    kind = forms.ChoiceField(choices=AttributeKind.choices, label=_("kind"))
    unit = forms.CharField(
        max_length=20, required=False, label=_("unit"), help_text=_("Of numbers, such as months.")
    )
    choices = forms.CharField(
        required=False, label=_("Choices"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Of a choice: one a line, as “name” or “name | English name”. Of three parts the first is the code, which stays."),
    )  # fmt: skip
    consent = forms.BooleanField(
        required=False, label=_("This is a consent"),
        help_text=_("Of yes or no. When two customers become one it stays only where both said Yes, else it has to be asked again: a consent never becomes wider. Whoever was merged before is looked at too, within minutes."),
    )  # fmt: skip
    position = forms.IntegerField(min_value=0, max_value=9999, label=_("Place in the list"))

    def __init__(self, attribute: Attribute | None, *args: Any) -> None:
        initial = {}
        if attribute:
            lines = [
                " | ".join((c["code"], c["name"], c.get("name_en") or c["name"]))
                for c in attribute.choices
            ]
            initial = {
                "name": attribute.name, "name_en": attribute.name_en, "unit": attribute.unit,
                "choices": "\n".join(lines), "position": attribute.position,
                "consent": attribute.consent,
            }  # fmt: skip
        super().__init__(*args, initial=initial)
        gone = ("key", "kind") if attribute else ("position",)
        if attribute and attribute.kind != AttributeKind.CHOICE:
            gone += ("choices",)
        if attribute and attribute.kind != AttributeKind.NUMBER:
            gone += ("unit",)
        if attribute and attribute.kind != AttributeKind.YES_NO:
            gone += ("consent",)
        for name in gone:
            del self.fields[name]

    def clean_choices(self) -> list[dict[str, str]]:
        """Lines as choices."""
        lines = [line for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        found = []
        for line in lines:
            parts = [part.strip() for part in line.split("|")]
            if len(parts) > 3 or not all(parts):
                raise ValidationError(_("A line has one to three parts with | between them."))
            if len(parts) < 3:
                found += choices_of([(parts[0], parts[1] if len(parts) == 2 else "")])
            elif code_of(parts[0]) != parts[0]:
                raise ValidationError(_("A choice needs letters or digits."))
            else:
                found.append({"code": parts[0], "name": parts[1][:80], "name_en": parts[2][:80]})
        codes = [c["code"] for c in found]
        if len(set(codes)) < len(codes):
            raise ValidationError(_("A choice stands there twice."))
        return found


class ValuesForm(forms.Form):
    """What the attributes of one customer are."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, attributes: list[Attribute], values: dict[str, Any], revision: int, data: Any = None
    ) -> None:
        super().__init__(data, auto_id="own-%s", initial={"revision": revision})
        self.attributes = attributes
        for attribute in attributes:
            self.fields[PREFIX + attribute.key] = field_of(attribute, values.get(attribute.key))

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by the attribute's key."""
        return {a.key: plain(a, self.cleaned_data[PREFIX + a.key]) for a in self.attributes}

    def seen(self, data: Any) -> dict[str, Any]:
        """What the form showed, as values."""
        found: dict[str, Any] = {}
        for attribute in self.attributes:
            name = PREFIX + attribute.key
            if (raw := data.get(f"seen-{name}")) is not None:
                try:
                    found[name] = plain(attribute, self.fields[name].clean(raw))
                except ValidationError:
                    continue
        return found


def plain(attribute: Attribute, cleaned: Any) -> Any:
    """A cleaned field as the action takes it."""
    if attribute.kind == AttributeKind.YES_NO:
        return {"yes": True, "no": False}.get(cleaned)
    return None if cleaned in ("", None) else cleaned


def field_of(attribute: Attribute, value: Any) -> forms.Field:
    """The field for an attribute's value."""
    label = f"{attribute} ({attribute.unit})" if attribute.unit else str(attribute)
    given: dict[str, Any] = {"label": label, "required": False, "initial": value}
    match attribute.kind:
        case AttributeKind.NUMBER:
            whole = int(value) if value is not None and value == int(value) else value
            widget = forms.NumberInput(attrs={"step": "any"})
            return forms.FloatField(widget=widget, **{**given, "initial": whole})
        case AttributeKind.YES_NO:
            given["initial"] = {True: "yes", False: "no"}.get(value, "")
            return forms.ChoiceField(choices=YES_NO, **given)
        case AttributeKind.CHOICE:
            return forms.ChoiceField(choices=[("", "–"), *attribute.codes.items()], **given)
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **given)
