"""Where data came from, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dangol.customers.records.models import OURS

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
    OURS: _("Dangol"),
}
OWN_NAMES = frozenset({OURS, "manual", "agent", "api", "import", "demo", ""})
"""Under these Dangol writes itself: a system of that name would be taken for people here."""
_lent: list[Callable[[], Mapping[str, str]]] = []


def lend_names(names: Callable[[], Mapping[str, str]]) -> None:
    """An app that knows further systems says how they are called."""
    if names not in _lent:
        _lent.append(names)


def source_name(code: str | None) -> str | Promise:
    """A source in words; a system that nobody has named stays as it was given."""
    if not code:
        return ""
    if code in SOURCES:
        return SOURCES[code]
    return next((found for names in _lent if (found := names().get(code))), code)
