"""Merging and splitting in the palette (Ctrl-K), from anywhere."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.ui.finders import Finder, Found, register


def find(request: HttpRequest, words: str) -> Iterable[Found]:
    """Deeds and lists of the matching whose name holds the words."""
    known = [(_("Merges"), "matching:merges", "history"), (_("Splits"), "matching:splits", "split")]
    if request.user.can("matching.decide"):  # type: ignore[union-attr]
        known.insert(0, (_("Merge two customers"), "matching:merge_new", "users"))
    for label, name, icon in known:
        if words.lower() in label.lower():
            yield Found(label, reverse(name), icon, str(_("Matching")))


register(Finder("matching", gettext_lazy("Matching"), find, "matching.see", order=60, shortest=1))
