"""Which part of the queue somebody works on: theirs to choose, and it stays chosen."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dangol.identity.models import Question
from dangol.identity.stewarding.queries import PARTS, parts_of, queue_of

PART = "steward_part"


def choose_part(request: HttpRequest) -> None:
    """Keep the part that somebody chose just now."""
    if request.GET.get("part", "-") in {"", *PARTS}:
        request.session[PART] = request.GET["part"]


def part_for(request: HttpRequest, parts: dict[str, int]) -> str:
    """The part that the person chose; who chose none is asked the questions first, then everything."""
    chosen = request.session.get(PART)
    if chosen is None:
        return "asked" if parts["asked"] else ""
    return str(chosen)


def queue_for(request: HttpRequest) -> QuerySet[Question]:
    """What waits for the person, of the part that they work on."""
    part = part_for(request, parts_of(request.user))  # type: ignore[arg-type]
    return queue_of(request.user, part)  # type: ignore[arg-type]


def lines_of_parts(request: HttpRequest, parts: dict[str, int]) -> list[dict[str, Any]]:
    """The parts of the queue to choose from; none where there is nothing to choose."""
    if not request.session.get(PART) and not all(parts.values()):
        return []
    names = {"": _("All"), "asked": pgettext("pairs", "Asked"), "lot": pgettext("pairs", "By lot")}
    counts, here = {"": sum(parts.values()), **parts}, part_for(request, parts)
    return [
        {"part": key, "label": name, "count": counts[key], "here": key == here}
        for key, name in names.items()
    ]
