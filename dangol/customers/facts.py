"""What customers lends to the lake: attributes without identifiers, and how fresh contacts are."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dangol.customers.models import AttributeValue, Check, ContactPoint, Customer
from dangol.warehouse.facts import (
    Column,
    FactTable,
    Type,
    count,
    day,
    flag,
    instant,
    key,
    local_day,
    ref,
    register,
    text,
)

ZONE = f"'{settings.TIME_ZONE}'"
BORN = "(extract(year FROM {born_on})::int / 5 * 5)"

register(
    FactTable(
        name="customers", model=Customer, label=_("Customers"), grain=_("One customer"),
        time="created_at", customer="id",
        columns=(
            key(),
            text("kind", label=_("Kind"), also=_("person company firm organisation")),
            count("birth_band", BORN, _("Year of birth, in fives"), _("The first of the five years in which the customer was born."), also=_("age birthday born generation")),
            text("gender", label=_("Gender"), also=_("sex man woman male female")),
            text("language", label=_("Language"), also=_("foreigner Korean English")),
            ref("home_place", of="places", label=_("Home site"), also=_("region area store shop branch location city")),
            text("tier", label=_("Tier"), also=_("grade level VIP membership")),
            text("source", label=_("Source"), also=_("origin acquisition campaign where from")),
            instant("created_at", label=_("Known since")),
        ),
    ),
    FactTable(
        name="contact_points", model=ContactPoint, label=_("Contact points"),
        also=_("phone mobile e-mail address post"),
        grain=_("One phone, e-mail or postal address"), time="created_at", customer="customer",
        columns=(
            key(),
            ref("customer", of="customers", label=_("Customer")),
            text("kind", label=_("Kind")),
            text("state", label=_("State")),
            flag("preferred", label=_("Preferred")),
            text("source", label=_("Source")),
            instant("created_at", label=_("Known since")),
            local_day("day", "{created_at}", ZONE, _("Day"), _("The company's day on which it became known.")),
            instant("checked_at", label=_("Last checked")),
            instant("ended_at", label=_("Ended")),
        ),
    ),
    FactTable(
        name="checks", model=Check, label=_("Checks"),
        also=_("wrong number bounced unreachable invalid"), grain=_("One try to use a contact point"),
        time="at", customer="customer",
        columns=(
            key(),
            ref("contact_point", of="contact_points", label=_("Contact point")),
            ref("customer", "customers", "{contact_point.customer}", _("Customer")),
            text("kind", "{contact_point.kind}", _("Kind")),
            text("outcome", label=_("Outcome")),
            instant("at", label=_("When")),
            day("day", label=_("Day"), meaning=_("The day where the home site is.")),
            ref("home_place", of="places", label=_("Home site"), meaning=_("The customer's at that time.")),
            ref("by", of="staff", label=_("By")),
            ref("place", of="places", label=_("Place")),
            text("source", label=_("Source"), meaning=_("Where the checked value had come from.")),
        ),
    ),
    FactTable(
        name="customer_attributes", model=AttributeValue, label=_("Own attributes"),
        grain=_("One own attribute of one customer, as it is now"), customer="customer",
        columns=(
            key(),
            ref("customer", of="customers", label=_("Customer")),
            text("attribute", "{attribute.key}", _("Attribute"), _("The attribute’s key.")),
            Column("figure", Type.REAL, label=_("Figure")),
            flag("flag", label=_("Yes or no")),
            text("choice", label=_("Choice"), meaning=_("The code of what was chosen.")),
            day("day", label=_("Date")),
        ),
        settled=("attribute",),
    ),
)  # fmt: skip
