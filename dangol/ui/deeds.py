"""What can be done with a record that its own app does not know: lent to its menu and to Ctrl-K."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from dangol.ui.permission import may

PAGES: dict[str, str] = {}
"""Subject: the list whose address begins that of each record."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a record's menu: where it leads for that record."""

    key: str
    subject: str
    label: str | Promise
    icon: str
    url: Callable[[uuid.UUID], str]
    ability: str = ""
    order: int = 100
    fits: Callable[[uuid.UUID], bool] | None = None
    """Whether there is anything to do with a certain record; None: always."""


_deeds: dict[tuple[str, str], Deed] = {}


def register(*deeds: Deed) -> None:
    """Lend lines to the menus of records of their subject."""
    for deed in deeds:
        _deeds[deed.subject, deed.key] = deed


def lend_page(subject: str, list_name: str) -> None:
    """Say below which list the pages of a subject lie."""
    PAGES[subject] = list_name


def deeds_for(user: object, subject: str, key: uuid.UUID) -> list[Deed]:
    """What the person may do with this record of a subject, in order."""
    mine = [d for d in _deeds.values() if d.subject == subject and may(user, d.ability)]
    fitting = (d for d in mine if d.fits is None or d.fits(key))
    return sorted(fitting, key=lambda d: (d.order, d.key))


def record_at(path: str) -> tuple[str, uuid.UUID] | None:
    """The subject and key of the record whose page this address is."""
    for subject, name in PAGES.items():
        if found := re.fullmatch(re.escape(reverse(name)) + r"([0-9a-f-]{36})/", path):
            try:
                return subject, uuid.UUID(found[1])
            except ValueError:
                return None
    return None
