"""What campaigns lends to the lake: programmes, stages, due calls and each try."""

from django.utils.translation import gettext_lazy as _

from dangol.campaigns.models import Attempt, Campaign, Stage, Target
from dangol.warehouse.facts import (
    FactTable,
    count,
    day,
    flag,
    instant,
    key,
    local_day,
    ref,
    register,
    seconds,
    text,
)

register(
    FactTable(
        name="programmes", model=Campaign, label=_("Programmes"), grain=_("One programme"),
        whole=True,
        columns=(
            key(),
            text("name", label=_("Name")),
            text("name_en", label=_("English name")),
            text("purpose", label=_("Purpose")),
            ref("place", of="places", label=_("Place")),
            day("starts_on", label=_("Starts")),
            day("ends_on", label=_("Ends")),
        ),
    ),
    FactTable(
        name="stages", model=Stage, label=_("Stages"), grain=_("One call of a programme"),
        whole=True,
        columns=(
            key(),
            ref("programme", "programmes", "{campaign}", _("Programme")),
            count("position", "{order}", _("Order")),
            text("name", label=_("Name")),
            text("name_en", label=_("English name")),
            count("days_after", label=_("Days after")),
        ),
    ),
    FactTable(
        name="targets", model=Target, label=_("Due calls"),
        also=_("happy call planned outbound call"), grain=_("One due call"),
        time="due_at", customer="customer",
        columns=(
            key(),
            ref("programme", "programmes", "{campaign}", _("Programme")),
            ref("stage", of="stages", label=_("Stage")),
            ref("customer", of="customers", label=_("Customer")),
            ref("thread", of="threads", label=_("Thread")),
            ref("transaction", of="transactions", label=_("Transaction")),
            ref("place", of="places", label=_("Site")),
            day("due_on", label=_("Due")),
            instant("due_at", label=_("Due at")),
            count("attempts_made", label=_("Attempts")),
            instant("finished_at", label=_("Finished")),
            ref("finished_by", of="staff", label=_("Finished by")),
            text("result", label=_("Result")),
        ),
    ),
    FactTable(
        name="attempts", model=Attempt, label=_("Attempts"),
        also=_("outbound call try no answer"), grain=_("One try of a due call"),
        time="at", customer="customer",
        columns=(
            key(),
            ref("target", of="targets", label=_("Due call")),
            ref("programme", "programmes", "{campaign}", _("Programme")),
            ref("stage", of="stages", label=_("Stage")),
            ref("interaction", of="interactions", label=_("Interaction")),
            ref("customer", "customers", "{interaction.customer}", _("Customer")),
            ref("place", "places", "{interaction.place}", _("Site")),
            ref("agent", of="staff", label=_("Agent")),
            text("outcome", label=_("Outcome")),
            instant("at", label=_("When")),
            local_day("day", "{at}", "{interaction.place.time_zone}", _("Day"), _("The day where the site is.")),
            text("channel", "{interaction.channel}", _("Channel")),
            flag("answered", "({interaction.answered_at} IS NOT NULL)", _("Answered")),
            seconds("talk_seconds", "({interaction.ended_at} - {interaction.answered_at})", _("Talking"), _("Seconds from answer to end.")),
            seconds("wrap_seconds", "({interaction.wrapped_at} - {interaction.ended_at})", _("Wrap-up"), _("Seconds of work after the call.")),
        ),
    ),
)  # fmt: skip
