"""Where data came from, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCES: dict[str, str | Promise] = {
    "manual": _("Written by hand"),
    "agent": _("Agent, on a call"),
    "api": _("API"),
    "import": _("File import"),
    "dealer": _("Dealer"),
    "web": _("Website"),
    "service": _("Workshop visit"),
    "event": _("Event"),
    "demo": _("Demo company"),
}


def source_name(code: str | None) -> str | Promise:
    """A source in words; the name of a connected system stays as it was given."""
    return SOURCES.get(code or "", code or "")
