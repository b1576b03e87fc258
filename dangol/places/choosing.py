"""Choosing a place of a thousand: a search field for forms, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse

from dangol.core.access import needs
from dangol.core.models import User
from dangol.core.roles import ABILITIES
from dangol.places.models import Kind, Place
from dangol.places.scope import places_visible_to
from dangol.ui.choosing import ChosenField, Offered, offer

SHOWN = 20
SEPARATOR = " · "


def written(place: Place) -> str:
    """A place as it stands in a field: the name, and the code that no other place has."""
    return f"{place}{SEPARATOR}{place.code}"


class PlaceField(ChosenField):
    """A place, found by name or code among those that the person may use."""

    def __init__(self, queryset: QuerySet[Place] | None = None, **more: Any) -> None:
        super().__init__(Place.objects.none() if queryset is None else queryset, **more)

    def within(self, user: User, ability: str, kind: str = "") -> None:
        """Only places where the person holds the ability, and that are open."""
        self.queryset = open_places(user, ability, kind)
        self.search("places:found", **{"for": ability, "kind": kind})

    def written(self, row: Place) -> str:
        """Name and code."""
        return written(row)

    def read(self, text: str) -> Iterable[Place]:
        """A code, alone or after the name; else the name itself."""
        code = text.rpartition(SEPARATOR)[2].strip()
        if found := list(self.queryset.filter(code__iexact=code)):
            return found
        return list(self.queryset.filter(Q(name__iexact=text) | Q(name_en__iexact=text))[:2])


def open_places(user: User, ability: str, kind: str = "") -> QuerySet[Place]:
    """Open places where the person holds the ability; of one kind, or those that hold others."""
    rows = places_visible_to(user, ability).filter(closed_at=None)
    if kind == "above":
        return rows.exclude(kind=Kind.SITE)
    return rows.filter(kind=kind) if kind in Kind.values else rows


def places_found(rows: QuerySet[Place], words: str) -> QuerySet[Place]:
    """The places that fit the words: a code or a name that begins so before one that holds them."""
    if words:
        begins = Q(code__istartswith=words) | Q(name__istartswith=words)
        begins |= Q(name_en__istartswith=words)
        holds = Q(name__icontains=words) | Q(name_en__icontains=words)
        rank = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = rows.filter(begins | holds | Q(parent__name__icontains=words)).annotate(fit=rank)
        rows = rows.order_by("fit", "lo")
    return rows.select_related("parent")[:SHOWN]


@needs("places.see")
def found(request: HttpRequest) -> HttpResponse:
    """What a place field offers for the words in it."""
    ability = request.GET.get("for", "places.see")
    if ability not in ABILITIES:
        raise Http404
    words = request.GET.get("q", "").strip()[:80].rpartition(SEPARATOR)[2]
    rows = open_places(request.user, ability, request.GET.get("kind", ""))  # type: ignore[arg-type]
    lines = (
        Offered(place.pk, written(place), str(place), f"{place.parent or ''} {place.code}".strip())
        for place in places_found(rows, words)
    )
    return offer(request, lines, words)
