"""What is done to sources and subscribers, in the words of the trail."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.places.trail import Field, lend_fields, lend_labels, lend_names, lend_pages, lend_words
from dangol.sources.models import Run, Source
from dangol.sources.words import asked_words


def source_names(keys: set[str]) -> dict[str, str]:
    """What sources are called."""
    return {
        str(key): name for key, name in Source.objects.filter(pk__in=keys).values_list("pk", "name")
    }


def run_names(keys: set[str]) -> dict[str, str]:
    """Runs by their source and the moment when they were made."""
    rows = Run.objects.filter(pk__in=keys).values_list("pk", "source__name", "created_at")
    return {
        str(key): f"{name} · {date_format(timezone.localtime(at), 'SHORT_DATETIME_FORMAT')}"
        for key, name, at in rows
    }


def asked_in_words(value: Any) -> str | None:
    """What a run had asked, and what it was answered."""
    if isinstance(value, dict):
        return asked_words(value)
    return str(pgettext_lazy("of a run", "Allowed")) if value == "allowed" else None


lend_names("sources.source", source_names)
lend_names("sources.run", run_names)
lend_fields(
    "sources.source",
    {"run": Field(_("Run"), names=run_names)}.get,
)
lend_fields("sources.run", {"asked": Field(_("What stood out"), told=asked_in_words)}.get)

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
lend_pages(
    {
        "change feed": _("Change feed"),
    }
)
lend_labels(
    {
        "closed": _("Site closed"),
        "mapping": _("Columns"),
        "reach": _("Connection"),
        "secret": _("Password"),
        "trust": _("Trust"),
    }
)
