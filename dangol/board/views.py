"""Board pages: a place's index, its rank, what customers say and what to do."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from dangol.board.duties import duties
from dangol.board.page import Ways, answers_url, board_context, tables_context
from dangol.board.queries import boards_visible_to, may_at, own_board
from dangol.board.voices import voices
from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.places.models import Place


def the_place(request: HttpRequest, pk: uuid.UUID) -> Place:
    """A place whose board this person may see, or 404."""
    return get_object_or_404(boards_visible_to(request.user).select_related("parent"), pk=pk)  # type: ignore[arg-type]


@needs("board.see")
def home(request: HttpRequest) -> HttpResponse:
    """The person's own board."""
    place = own_board(request.user)  # type: ignore[arg-type]
    if place is None:
        raise Http404
    return redirect("board:board", place.pk)


@needs("board.see")
def board(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The board of a place."""
    place = the_place(request, pk)
    ways = Ways.of(request.user, place)  # type: ignore[arg-type]
    context = board_context(place, timezone.now(), request.GET.get("process", ""), ways)
    context |= duties(request.user, place) | {"voices": heard(request, place)}  # type: ignore[arg-type]
    context["may_hear"] = may_at(request.user, "answers.see", place)  # type: ignore[arg-type]
    context["parent_visible"] = place.parent and may_at(request.user, "board.see", place.parent)  # type: ignore[arg-type]
    if context["may_hear"]:
        context["answers_url"] = answers_url(place)
    return render(request, "board/board.html", context)


@needs("board.see")
def tables(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The tables of places below: they come after the figures, and again when answers came."""
    place = the_place(request, pk)
    context = tables_context(place, timezone.now(), request.GET.get("process", ""))
    context["may_hear"] = may_at(request.user, "answers.see", place)  # type: ignore[arg-type]
    part = "items" if "items" in context else "tables"
    return render(request, f"board/board.html#{part}", context)


@needs("board.see")
def side(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open cases and the latest voices, drawn again."""
    place = the_place(request, pk)
    context = {"place": place, "voices": heard(request, place), **duties(request.user, place)}  # type: ignore[arg-type]
    context["may_hear"] = may_at(request.user, "answers.see", place)  # type: ignore[arg-type]
    return render(request, "board/board.html#side", context)


@needs("board.see")
def wall(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same without chrome, for a big screen."""
    place = the_place(request, pk)
    context = board_context(place, timezone.now(), request.GET.get("process", ""))
    context |= duties(request.user, place) | {"voices": heard(request, place, 4)}  # type: ignore[arg-type]
    if not context["is_site"]:
        context |= tables_context(place, timezone.now(), context["chosen"])
    part = "#wall_side" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"board/wall.html{part}", context)


def heard(request: HttpRequest, place: Place, count: int = 8) -> list[dict[str, object]]:
    """The latest voices; who was shown is written down."""
    if not may_at(request.user, "answers.see", place):  # type: ignore[arg-type]
        return []
    found = voices(place, count)
    record_access(request, "board", [voice["customer_id"] for voice in found])  # type: ignore[misc]
    return found
