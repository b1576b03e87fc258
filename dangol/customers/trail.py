"""What is done to customers, in the words of the trail, and their fields as they may be seen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.core.masking import WHOLE, shown_contact, shown_name, shown_phone, shown_words
from dangol.customers.attributes.queries import PREFIX, all_attributes
from dangol.customers.company_numbers import corporate_words, registration_words
from dangol.customers.models import Customer, CustomerKind, RelationKind
from dangol.places.trail import Field, lend_fields, lend_labels, lend_pages, lend_words, place_names


def as_is(text: str) -> str:
    """What says nothing of who somebody is."""
    return text


def shown_birth(text: str) -> str:
    """The year of a birth, or the day for those who see customers whole."""
    return text if WHOLE.get() else f"{text[:4]}-**-**"


def shown_kind(text: str) -> str:
    """Whether somebody is a person, in words."""
    return str(dict(CustomerKind.choices).get(text, text))


def shown_relation(text: str) -> str:
    """How two are tied, in words."""
    return str(dict(RelationKind.choices).get(text, text))


def hidden(text: str) -> str:
    """What nobody has described yet is shown to those only who see customers whole."""
    return text if WHOLE.get() else "***"


def shown_way(kind: str, text: str) -> str:
    """A way to reach somebody."""
    return shown_contact(kind, shown_phone(text) if kind == "phone" else text)


def customer_names(keys: set[str]) -> dict[str, str]:
    """What customers are called, masked as names are; nobody who was merged away."""
    rows = Customer.objects.filter(pk__in=keys).values_list("pk", "name")
    return {str(key): shown_name(name) for key, name in rows}


WAYS: dict[str, tuple[str | Promise, str | Promise]] = {
    "phone": (_("Phone"), _("Preferred phone")),
    "email": (_("E-mail"), _("Preferred e-mail")),
    "address": (_("Address"), _("Preferred address")),
}
HOME = Field(_("Home site"), names=place_names)
FIELDS = {
    "kind": Field(_("Kind"), shown_kind),
    "name": Field(_("Name"), shown_name),
    "given_name": Field(_("Given name"), shown_name),
    "family_name": Field(_("Family name"), shown_name),
    "born_on": Field(_("Date of birth"), shown_birth),
    "gender": Field(pgettext_lazy("of a person", "Sex"), as_is),
    "language": Field(_("Language"), as_is),
    "home_place": HOME,
    "home_place_id": HOME,
    "tier": Field(_("Tier"), as_is),
    "note": Field(_("Note"), shown_words),
    "source": Field(_("Source"), as_is),
    "source_key": Field(_("Source key")),
    "registration": Field(_("Business registration number"), registration_words),
    "corporate": Field(_("Corporate number"), corporate_words),
    "owner": Field(_("Representative"), shown_name),
    "website": Field(_("Web page"), as_is),
    "relation": Field(_("Relation"), shown_relation),
    "customer": Field(_("Customer"), names=customer_names),
}


def field_of(name: str) -> Field:
    """What a field of a customer is: a second phone is a phone, an own attribute has its own name."""
    if name.startswith(PREFIX):
        key = name.removeprefix(PREFIX)
        attribute = all_attributes().get(key)
        return Field(str(attribute or key), as_is)
    way = name.removeprefix("preferred_").rstrip("0123456789")
    if way in WAYS:
        usual, preferred = WAYS[way]
        label = preferred if name.startswith("preferred_") else usual
        return Field(label, lambda text: shown_way(way, text))
    return FIELDS.get(name) or Field(name, hidden)


lend_fields("customers.customer", field_of)
lend_words(
    {
        "add_contact_point": _("Contact point added"),
        "add_customer": _("Customer added"),
        "add_relation": _("Relation added"),
        "change_attribute": _("Own attribute changed"),
        "change_customer": _("Customer changed"),
        "check_contact_point": _("Contact point checked"),
        "choose_contact_point": _("Contact point chosen"),
        "end_attribute": _("Own attribute ended"),
        "end_relation": _("Relation ended"),
        "import_customer": _("Customer changed by a file"),
        "make_attribute": _("Own attribute made"),
        "refuse_again": _("Consent refused once more"),
        "resume_attribute": _("Own attribute taken up again"),
        "unmask_customer": _("Customer shown whole"),
    },
    {
        "customers.attribute": _("Own attribute"),
        "customers.contactpoint": _("Contact point"),
        "customers.customer": _("Customer"),
    },
)
lend_pages(
    {
        "api customer": _("Customer page"),
        "api customers": _("List of customers"),
        "api find": _("Search"),
        "customer": _("Customer page"),
        "customer attributes": _("Own attributes"),
        "customer doubles": _("Search for double customers"),
        "customers": _("List of customers"),
        "find": _("Search"),
        "unmask": _("Shown whole"),
    }
)
lend_labels(
    {
        "choices": _("Choices"),
        "consent": _("Consent"),
    }
)
