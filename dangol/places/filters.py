"""Lists asked for a place: searched by name or code, and everything below it counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from dangol.places.choosing import SEPARATOR
from dangol.places.models import Place
from dangol.ui.lists import TextFilter
from dangol.ui.lists.filters import Filter


class PlaceFilter(TextFilter):
    """Rows at a place or anywhere below it; words that name no place are looked for in the names."""

    kind = "lookup"

    def __init__(self, name: str, label: Any, path: str = "place") -> None:
        super().__init__(name, label, path)

    @property
    def address(self) -> str:
        """Where the list under the input comes from."""
        return reverse("places:found")

    def place(self, value: str) -> Place | None:
        """The place of a code, alone or after its name."""
        return Place.objects.filter(code__iexact=value.rpartition(SEPARATOR)[2].strip()).first()

    def condition(self, value: str) -> Q:
        """At the place or below."""
        found = self.place(value)
        if found is None:
            return Q(**{f"{self.path}__name__icontains": value})
        if found.kind == "site":
            return Q(**{self.path: found.pk})
        return Q(**{f"{self.path}__in": Place.objects.filter(found.within).values("pk")})

    def tell(self, value: str) -> str:
        """The place by its name."""
        return str(self.place(value) or f"“{value}”")

    def sentence(self, value: str) -> str:
        """Is the place, or holds the words."""
        return (Filter if self.place(value) else TextFilter).sentence(self, value)
