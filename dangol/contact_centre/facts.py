"""What the contact centre lends to the lake: lines under calls, and what agents did when."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dangol.contact_centre.models import AgentInterval, Call
from dangol.warehouse.facts import (
    Column,
    FactTable,
    Type,
    instant,
    key,
    local_day,
    ref,
    register,
    seconds,
    text,
)

ZONE = f"'{settings.TIME_ZONE}'"

register(
    FactTable(
        name="calls", model=Call, label=_("Calls"),
        also=_("phone telephone line"), grain=_("One line, under one interaction"),
        time="began_at", customer="customer",
        columns=(
            key(),
            ref("interaction", of="interactions", label=_("Interaction")),
            ref("customer", "customers", "{interaction.customer}", _("Customer")),
            ref("place", "places", "{interaction.place}", _("Site")),
            ref("agent", "staff", "{interaction.agent}", _("Agent")),
            text("outcome", "{interaction.outcome}", _("Outcome")),
            text("driver", label=_("Telephony")),
            text("line", label=_("Line state")),
            text("cause", label=_("Cause")),
            instant("began_at", "{created_at}", _("Begun")),
            local_day("day", "{created_at}", "{interaction.place.time_zone}", _("Day"), _("The day where the site is.")),
            instant("ended_at", label=_("Ended")),
            Column("held_seconds", Type.REAL, label=_("On hold"), meaning=_("Seconds on hold.")),
        ),
        settled=("interaction.place",),
    ),
    FactTable(
        name="agent_intervals", model=AgentInterval, label=_("Agent states"),
        grain=_("One state of one agent, from when to when"), time="began_at",
        columns=(
            key(),
            ref("agent", of="staff", label=_("Agent")),
            text("state", label=_("State")),
            text("reason", label=_("Reason")),
            instant("began_at", label=_("Begun")),
            local_day("day", "{began_at}", ZONE, _("Day"), _("The company's day.")),
            instant("ended_at", label=_("Ended")),
            seconds("seconds", "({ended_at} - {began_at})", _("Seconds"), _("Empty while it lasts.")),
        ),
    ),
)  # fmt: skip
