"""What is compared of organisations, how they are found, and what a steward answers, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LEVELS: dict[str, str | Promise] = {
    "name.same": gettext_lazy("The same company name, legal form aside"),
    "name.sound": gettext_lazy("The company name in other letters or in English"),
    "name.typo": gettext_lazy("One letter of the company name differs"),
    "name.part": gettext_lazy("One company name begins with the other"),
    "name.else": gettext_lazy("Another company name"),
    "branch.same": gettext_lazy("The same branch"),
    "branch.one": gettext_lazy("Only one names a branch"),
    "branch.else": gettext_lazy("Another branch"),
    "registration.same": gettext_lazy("The same business registration number"),
    "registration.typo": gettext_lazy("A slip in the business registration number"),
    "registration.else": gettext_lazy("Another business registration number"),
    "corporate.same": gettext_lazy("The same corporate number"),
    "corporate.typo": gettext_lazy("One digit of the corporate number differs"),
    "corporate.else": gettext_lazy("Another corporate number"),
    "phone.same": gettext_lazy("The same phone"),
    "phone.line": gettext_lazy("Phones of one block of numbers"),
    "phone.typo": gettext_lazy("One digit of the phone differs"),
    "phone.else": gettext_lazy("Another phone"),
    "email.same": gettext_lazy("The same e-mail"),
    "email.domain": gettext_lazy("The same web domain"),
    "email.else": gettext_lazy("Another e-mail and web domain"),
    "owner.same": gettext_lazy("The same representative"),
    "owner.typo": gettext_lazy("One letter of the representative’s name differs"),
    "owner.else": gettext_lazy("Another representative"),
    "address.unit": gettext_lazy("The same building and unit"),
    "address.postcode_unit": gettext_lazy("The same postcode and unit"),
    "address.building": gettext_lazy("The same building"),
    "address.line": gettext_lazy("Nearly the same address"),
    "address.postcode_typo": gettext_lazy("One digit of the postcode differs"),
    "address.postcode": gettext_lazy("The same postcode"),
    "address.district": gettext_lazy("The same district"),
    "address.else": gettext_lazy("Another district"),
}
COMPARED: dict[str, str | Promise] = {
    "name": gettext_lazy("Company name"),
    "branch": gettext_lazy("Branch"),
    "registration": gettext_lazy("Business registration number"),
    "corporate": gettext_lazy("Corporate number"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail or web domain"),
    "owner": gettext_lazy("Representative"),
    "address": gettext_lazy("Address"),
}
WAYS: dict[str, str | Promise] = {
    "organisation.registration": gettext_lazy("Business registration number"),
    "organisation.misread": gettext_lazy("The same wrong registration number"),
    "organisation.corporate": gettext_lazy("Corporate number"),
    "organisation.phone": gettext_lazy("The same phone"),
    "organisation.email": gettext_lazy("The same e-mail"),
    "organisation.domain": gettext_lazy("The same web domain"),
    "organisation.name_building": gettext_lazy("Company name and building"),
    "organisation.name_postcode": gettext_lazy("Company name and postcode"),
    "organisation.name_owner": gettext_lazy("Company name and representative"),
    "organisation.sound_postcode": gettext_lazy("Sound of the name and postcode"),
    "organisation.sound_owner": gettext_lazy("Sound of the name and representative"),
    "organisation.sound_building": gettext_lazy("Sound of the name and building"),
    "organisation.building_owner": gettext_lazy("Building and representative"),
}
ANSWERS: dict[str, str | Promise] = {
    "same": gettext_lazy("One organisation"),
    "household": gettext_lazy("Head office and branch"),
    "apart": gettext_lazy("Two organisations"),
    "unsure": gettext_lazy("Cannot tell"),
}


def why_name(levels: Mapping[str, str]) -> str:
    """Why two heavy records are asked about (see matching/company_outcomes.py), by their levels."""
    if levels.get("registration") == "same":
        return _("The same business registration number, but another company name")
    if levels.get("name") == "part":
        return _("One company name begins with the other")
    if levels.get("corporate") == "else":
        return _("Each has a corporate number of its own")
    if levels.get("name") in ("same", "sound", "typo"):
        return _("The name is the same, but neither phone, address nor a number")
    return _("Much is the same, but not the company name")
