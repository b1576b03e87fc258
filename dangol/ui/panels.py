"""Panels that other apps lend to a record page: the customer page knows none of them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from dangol.ui.permission import may


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a record page that is fetched on demand from the app that owns it."""

    key: str
    subject: str
    title: str | Promise
    url_name: str
    ability: str = ""
    order: int = 100
    open: bool = True

    def url(self, pk) -> str:
        return reverse(self.url_name, args=[pk])


_panels: dict[tuple[str, str], Panel] = {}


def register(*panels: Panel) -> None:
    """Lend panels to the record pages of their subject."""
    for panel in panels:
        _panels[panel.subject, panel.key] = panel


def panels_for(user, subject: str) -> list[Panel]:
    """The panels of this subject that the person may see, in order."""
    mine = [panel for panel in _panels.values() if panel.subject == subject]
    return sorted((p for p in mine if may(user, p.ability)), key=lambda p: (p.order, p.key))
