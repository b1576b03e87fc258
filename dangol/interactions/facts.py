"""What interactions lends to the lake: threads, conversations and how long each part took."""

from django.utils.translation import gettext_lazy as _

from dangol.interactions.models import Interaction, Thread
from dangol.warehouse.facts import (
    FactTable,
    flag,
    instant,
    key,
    local_day,
    ref,
    register,
    seconds,
    text,
)

RANG = "(coalesce({answered_at}, {ended_at}) - {ringing_at})"

register(
    FactTable(
        name="threads", model=Thread, label=_("Threads"),
        also=_("course of contact happy call"),
        grain=_("One turn of the loop, from what began it to a content customer"),
        time="begun_at", customer="customer",
        columns=(
            key(),
            ref("customer", of="customers", label=_("Customer")),
            ref("place", of="places", label=_("Site")),
            ref("transaction", of="transactions", label=_("Transaction")),
            text("begun_by", label=_("Begun by")),
            instant("begun_at", "{created_at}", _("Begun")),
            local_day("day", "{created_at}", "{place.time_zone}", _("Day"), _("The day where the site is.")),
            instant("ended_at", label=_("Ended")),
        ),
        settled=("place",),
    ),
    FactTable(
        name="interactions", model=Interaction, label=_("Interactions"),
        also=_("call phone chat contact enquiry conversation"),
        grain=_("One conversation, or one try at it"), time="queued_at", customer="customer",
        columns=(
            key(),
            ref("thread", of="threads", label=_("Thread")),
            ref("customer", of="customers", label=_("Customer")),
            ref("place", of="places", label=_("Site")),
            ref("agent", of="staff", label=_("Agent")),
            ref("contact_point", of="contact_points", label=_("Contact point")),
            text("channel", label=_("Channel"), also=_("phone e-mail chat text message")),
            flag("outbound", label=_("Outbound")),
            text("purpose", label=_("Purpose")),
            text("outcome", label=_("Outcome"), also=_("answered busy no answer")),
            instant("queued_at", label=_("Queued")),
            local_day("day", "{queued_at}", "{place.time_zone}", _("Day"), _("The day where the site is.")),
            instant("answered_at", label=_("Answered")),
            instant("ended_at", label=_("Ended")),
            seconds("ring_seconds", RANG, _("Ringing"), _("Seconds until somebody answered or the try ended.")),
            seconds("talk_seconds", "({ended_at} - {answered_at})", _("Talking"), _("Seconds from answer to end.")),
            seconds("wrap_seconds", "({wrapped_at} - {ended_at})", _("Wrap-up"), _("Seconds of work after the call.")),
        ),
        settled=("place",),
    ),
)  # fmt: skip
