"""What Ctrl-K finds: every app may answer, the menu always does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from dangol.ui.deeds import deeds_for, record_at
from dangol.ui.menu import menu_for
from dangol.ui.permission import may


@dataclass(frozen=True, slots=True)
class Found:
    """One answer in the palette."""

    label: str
    url: str
    icon: str = "arrow-right"
    hint: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """A way to look something up: `find(request, words)` gives at most a handful of answers."""

    key: str
    title: str | Promise
    find: Callable[[HttpRequest, str], Iterable[Found]]
    ability: str = ""
    order: int = 100
    shortest: int = 2


_finders: dict[str, Finder] = {}


def register(*finders: Finder) -> None:
    """Lend a way of finding to the palette."""
    for finder in finders:
        _finders[finder.key] = finder


def found_for(request, words: str) -> list[tuple[str, list[Found]]]:
    """Everything that these words find for this person, by kind."""
    groups = []
    for finder in sorted(_finders.values(), key=lambda f: f.order):
        if len(words) < finder.shortest or not may(request.user, finder.ability):
            continue
        if answers := list(finder.find(request, words)):
            groups.append((finder.title, answers))
    return groups


def deeds_found(request, words: str) -> list[Found]:
    """What the words name of what can be done with the record whose page is open."""
    at = request.GET.get("at", "")[:200]
    here = record_at(at) if at else None
    if here is None:
        return []
    subject, key = here
    return [
        Found(str(deed.label), deed.url(key), deed.icon)
        for deed in deeds_for(request.user, subject, key)
        if words.lower() in str(deed.label).lower()
    ]


def pages_found(request, words: str) -> list[Found]:
    """The pages of the menu whose name holds the words."""
    lines = [line for _, lines in menu_for(request) for line in lines]
    return [
        Found(str(line.item.label), line.url, line.item.icon, key=line.item.key)
        for line in lines
        if words.lower() in str(line.item.label).lower()
    ]
