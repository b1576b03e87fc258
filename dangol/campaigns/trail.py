"""What is done to programmes and due calls, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.campaigns.models import Reason
from dangol.places.trail import Field, in_words, lend_fields, lend_labels, lend_pages, lend_words

lend_words(
    {
        "add_stage": _("Stage added"),
        "change_programme": _("Programme changed"),
        "change_stage": _("Stage changed"),
        "drop_target": _("Due call dropped"),
        "end_stage": _("Stage ended"),
        "hand_over": _("Due calls handed over"),
        "open_programme": _("Programme opened"),
        "pause": _("Programme paused"),
        "reprioritise": _("Priority changed"),
        "resume": _("Programme resumed"),
    },
    {
        "campaigns.campaign": _("Programme"),
        "campaigns.stage": _("Stage"),
        "campaigns.target": _("Due call"),
    },
)
lend_pages(
    {
        "api claim": _("Claim of a due call"),
        "api decisions": _("Reasons of choice"),
        "api due calls": _("Due calls"),
        "decisions": _("Reasons of choice"),
        "happy calls": _("Happy calls of a customer"),
        "targets": _("Due calls"),
    }
)
lend_fields("campaigns.target", {"result": Field(_("Result"), told=in_words(Reason.choices))}.get)
lend_labels(
    {
        "level": _("Level"),
        "paused_at": _("Paused on"),
        "stage": _("Stage"),
    }
)
