"""Several merges or splits taken back at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from dangol.identity.stewarding.namesakes import named
from dangol.ui.views import back


def undone(
    request: HttpRequest, rows: Iterable[Any], undo: Callable[[Any], Any], page: str
) -> HttpResponse:
    """Undo each by itself, tell how many and what stood in the way of the others; the list stays as it was searched."""
    done = 0
    for row in rows:
        try:
            undo(row)
            done += 1
        except ValidationError as refusal:
            messages.error(request, f"{named(row)}: {' '.join(refusal.messages)}")
    if done:
        said = ngettext("%(n)s was undone.", "%(n)s were undone.", done)
        messages.success(request, said % {"n": done})
    came_from = back(request)
    return redirect(came_from if came_from != "/" else f"matching:{page}")
