"""What the sidebar offers, lent by every app, shown only to those who use it."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from dangol.ui.permission import may


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the sidebar: where it leads and who needs it."""

    label: str | Promise
    url_name: str
    icon: str = "circle"
    ability: str = ""
    order: int = 100
    group: str | Promise = ""
    key: str = ""
    also: tuple[str, ...] = ()
    """Beginnings of the names of pages that belong to this line, wherever their addresses lie."""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A menu item as one person sees it on one page."""

    item: MenuItem
    url: str
    here: bool


_items: list[MenuItem] = []


def register(*items: MenuItem) -> None:
    """Lend lines to the sidebar; ValueError when two lines would share a key."""
    for item in items:
        if item in _items:
            continue
        if item.key and any(item.key == other.key for other in _items):
            raise ValueError(f"{item.url_name}: the key {item.key} belongs to another line")
        _items.append(item)


def menu_for(request) -> list[tuple[str, list[MenuLine]]]:
    """The sidebar of this person: groups of lines in order."""
    groups: dict[str, list[MenuLine]] = {}
    lines = [(item, _address(item)) for item in sorted(_items, key=lambda item: item.order)]
    seen = [(item, url) for item, url in lines if url and may(request.user, item.ability)]
    here = _named(request, seen) or _closest(request.path, [url for _, url in seen])
    for item, url in seen:
        groups.setdefault(str(item.group), []).append(MenuLine(item, url, url == here))
    return list(groups.items())


def _named(request, seen: list[tuple[MenuItem, str]]) -> str:
    """The line that the page says it belongs to (`menu_line` of the request, a URL name), or whose
    item names the page."""
    match = request.resolver_match
    told = getattr(request, "menu_line", "")
    name = match.view_name if match else ""
    for item, url in seen:
        if item.url_name == told or (not told and item.also and name.startswith(item.also)):
            return url
    return ""


def _closest(path: str, urls: list[str]) -> str:
    """The menu line that the current page belongs to: the longest address that begins it."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")


def _address(item: MenuItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""
