"""What the address says about a list: words, filters, order, columns; and the address again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from dangol.core.keyset import Keyset
from dangol.ui.lists.columns import Column
from dangol.ui.lists.filters import Filter


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with the value that the address gives it."""

    filter: Filter
    value: Any
    query: QueryDict

    @property
    def on(self) -> bool:
        return bool(self.value)

    @property
    def sentence(self) -> str:
        return self.filter.sentence(self.value)

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        chosen = set(self.query.getlist(self.filter.name))
        return [(value, label, value in chosen) for value, label in self.filter.choices()]

    @property
    def off(self) -> str:
        """The address without this filter."""
        query = self.query.copy()
        for name in self.filter.names():
            query.pop(name, None)
        return "?" + query.urlencode()

    @property
    def first(self) -> str:
        return self.query.get(f"{self.filter.name}_from", "")

    @property
    def last(self) -> str:
        return self.query.get(f"{self.filter.name}_to", "")

    @property
    def text(self) -> str:
        return self.query.get(self.filter.name, "")


@dataclass(frozen=True, slots=True)
class State:
    """One state of one list."""

    words: str
    chips: list[Chip]
    order: Keyset
    columns: list[Column]
    query: QueryDict

    def without(self, *names: str, **changed: str) -> str:
        """The address of this state with some parameters gone or changed."""
        query = self.query.copy()
        for name in names:
            query.pop(name, None)
        for name, value in changed.items():
            query[name] = value
        return "?" + query.urlencode()

    @property
    def export_url(self) -> str:
        return self.without(export="csv")

    @property
    def address(self) -> str:
        return self.query.urlencode()


def canonical(query: QueryDict, names: list[str], defaults: dict[str, list[str]]) -> QueryDict:
    """Only what the list knows, nothing empty, nothing that is so anyway, always in one order."""
    clean = QueryDict(mutable=True)
    for name in names:
        values = [v for v in query.getlist(name) if v]
        if values and values != defaults.get(name):
            clean.setlist(name, values)
    return clean
