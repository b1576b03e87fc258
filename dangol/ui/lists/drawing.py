"""Rows of a list as HTML: fifty rows of ten cells are put together here, not by a template."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dangol.ui.lists.columns import NOTHING

NOBODY = uuid.UUID(int=0)


@lru_cache(256)
def _around(url_name: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the key in a record's address."""
    before, _key, after = reverse(url_name, args=[NOBODY]).partition(str(NOBODY))
    return before, after


def record_url(url_name: str, key: uuid.UUID) -> str:
    """The address of a record; a list asks for fifty of the same form."""
    before, after = _around(url_name, get_script_prefix())
    return f"{before}{key}{after}"


def drawn_rows(lines: Iterable[dict[str, Any]], pick: bool) -> SafeString:
    """All rows of a piece: where each leads, the tick of a list with actions, its cells."""
    opened: dict[str, str] = {}
    return mark_safe("\n".join(drawn(line, pick, opened) for line in lines))


def drawn(line: dict[str, Any], pick: bool, opened: dict[str, str]) -> str:
    """One row; `opened` keeps how the cells of each column begin."""
    panel = f' data-panel="{conditional_escape(line["panel"])}"' if line["panel"] else ""
    url = conditional_escape(line["url"]) if line["url"] else ""
    parts = [f'<tr tabindex="-1" data-row="{conditional_escape(line["pk"])}"']
    parts.append(f' data-href="{url}"{panel}>' if url else f"{panel}>")
    if pick:
        parts.append(tick(line["pk"]))
    for column, cell in line["cells"]:
        inside = conditional_escape(cell if isinstance(cell, str) else localize(cell))
        if column.main and url:
            inside = f'<a class="main-link" href="{url}"{panel}>{inside}</a>'
        begin = opened.get(column.name)
        if begin is None:
            classes = column.classes()
            named = f' data-label="{conditional_escape(column.label)}"' if column.number else ""
            begin = f'<td class="{classes}"{named}>' if classes else f"<td{named}>"
            opened[column.name] = begin
        if inside in (NOTHING, "–") and not column.main:
            # a narrow screen leaves it out
            begin = f"{begin[:-1]} data-none>"
        parts.append(f"{begin}{inside}</td>")
    parts.append("</tr>")
    return "".join(parts)


def tick(pk: Any) -> str:
    """The box that chooses a row."""
    label = conditional_escape(_("Choose row"))
    return (
        '<td class="pick"><input type="checkbox" class="tick" name="pick"'
        f' value="{conditional_escape(pk)}" form="bulk" data-pick aria-label="{label}"></td>'
    )
