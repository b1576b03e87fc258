"""What is done to sources and subscribers, in the words of the trail."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.places.trail import lend_words

lend_words(
    {
        "allow_run": _("Run of a source allowed"),
        "answer_gone_site": _("Site that is gone from its source answered"),
        "begin_anew": _("Subscriber begins anew"),
        "change_connection": _("Connection changed"),
        "choose_place": _("Table or file of a source chosen"),
        "connect_source": _("Source connected"),
        "enable_again": _("Subscriber sent to again"),
        "end_subscriber": _("Subscriber ended"),
        "map_source": _("Columns of a source mapped"),
        "pause_source": _("Source paused"),
        "remove_source": _("Source removed"),
        "resend": _("Message sent again"),
        "resume_source": _("Source resumed"),
        "run_source": _("Run of a source started"),
        "schedule_source": _("Schedule of a source changed"),
        "stop_run": _("Run of a source stopped"),
        "subscribe": _("Subscriber added"),
        "trust_source": _("Trust in a source changed"),
    },
    {
        "sources.delivery": _("Message to a subscriber"),
        "sources.gonesite": _("Site that is gone from its source"),
        "sources.run": _("Run of a source"),
        "sources.source": pgettext_lazy("connected", "Source"),
        "sources.subscriber": _("Subscriber"),
    },
)
