"""The pages of the matching, one beside the other."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.core.models import User


def tabs_for(user: User) -> list[tuple[str, str, str]]:
    """(key, label, address) of each page that the person may open."""
    names = [
        ("desk", pgettext("steward", "Desk")), ("questions", _("All pairs")),
        ("merges", _("Merges")), ("splits", _("Splits")), ("audits", _("Quality")), ("runs", _("Runs")),
        ("models", pgettext("matching", "Model")),
    ]  # fmt: skip
    return [(key, label, reverse(f"matching:{key}")) for key, label in names]
