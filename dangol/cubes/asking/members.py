"""Members of dimensions: what they are called, by what key they stand in addresses, their order.

Numbers of the lake never leave: a place is known by its code, an agent by the product's own key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.cubes.subjects.catalogue import Dimension, Kind
from dangol.warehouse.engine import Lake
from dangol.warehouse.numbers import keys_of, numbers_of

KEYED = {"staff": "core.User", "programmes": "campaigns.Campaign", "stages": "campaigns.Stage"}
"""Tables without codes: their rows are known by the product's key."""
SMALL: dict[tuple[str, ...], dict[int, dict[str, Any]]] = {}
SMALL_MOST = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its key in addresses, its words, and what it is sorted by."""

    key: str
    label: str
    order: Any = ""


def small(seen: Lake, table: str) -> dict[int, dict[str, Any]]:
    """A small table of this version by number, kept in memory until it changes."""
    mark = (table, *(f.path for f in seen.manifest.tables[table].files))
    if mark not in SMALL:
        rows = {row["id"]: row for row in seen.run(seen.table(table)).to_pylist()}
        if len(SMALL) >= SMALL_MOST:
            SMALL.clear()
        SMALL[mark] = rows
    return SMALL[mark]


def named(row: Mapping[str, Any]) -> str:
    """A row's name in the reader's language."""
    if (get_language() or "").startswith("en"):
        return (
            row.get("name_en") or row.get("title_en") or row.get("name") or row.get("title") or ""
        )
    return row.get("name") or row.get("title") or ""


def none_of() -> Member:
    """What stands where a fact has no member."""
    return Member("", _("none"), (1, ""))


def members(dimension: Dimension, values: Iterable[Any], seen: Lake) -> dict[Any, Member]:
    """Each value as its member."""
    wanted = set(values)
    known = {v: none_of() for v in wanted if v is None}
    wanted -= {None}
    if dimension.kind == Kind.TIME:
        return known | {v: Member(v.isoformat(), time_label(dimension, v), (0, v)) for v in wanted}
    if dimension.kind == Kind.CODE:
        return known | coded(dimension, wanted)
    if dimension.table == "staff":
        return known | people(wanted)
    rows = small(seen, dimension.table)
    keys = product_keys(dimension.table, wanted)
    for value in wanted:
        row = rows.get(value, {})
        key = str(keys.get(value, "")) if dimension.table in KEYED else str(row.get("code", ""))
        order = row.get("lo") or row.get("position") or 0
        label = named(row) or key or str(_("unknown"))
        known[value] = Member(key, label, (0, order, label))
    return known


def coded(dimension: Dimension, values: set[Any]) -> dict[Any, Member]:
    """Codes with their words, in the order of the words' declaration."""
    words = dimension.words() if dimension.words else {}
    places = {code: n for n, code in enumerate(words)}
    found = {}
    for value in values:
        text = str(value)
        label = str(words.get(text, text)) or str(_("none"))
        found[value] = Member(text, label, (0, places.get(text, len(places)), label))
    return found


def people(numbers: set[Any]) -> dict[Any, Member]:
    """Staff by their product key; names are not in the lake."""
    from dangol.core.models import User

    keys = keys_of(User, numbers)
    users = User.objects.in_bulk(keys.values())
    found = {}
    for number in numbers:
        user = users.get(keys.get(number))
        label = str(user) if user else str(_("unknown"))
        found[number] = Member(str(keys.get(number, "")), label, (0, label))
    return found


def product_keys(table: str, numbers: set[Any]) -> dict[Any, Any]:
    """The product's keys, for tables that have no codes."""
    if table not in KEYED or not numbers:
        return {}
    return keys_of(apps.get_model(KEYED[table]), numbers)


def numbers_for(dimension: Dimension, keys: Iterable[str], seen: Lake) -> list[int]:
    """The numbers of members; a key that means nothing is left out."""
    wanted = {key for key in keys if key}
    if dimension.table in KEYED:
        model = apps.get_model(KEYED[dimension.table])
        good = {one for one in map(valid_key, wanted) if one is not None}
        return list(numbers_of(model, good).values())  # type: ignore[arg-type]
    rows = small(seen, dimension.table)
    return [number for number, row in rows.items() if row.get("code") in wanted]


def valid_key(text: str) -> Any:
    """A key of the product, or None."""
    import uuid

    try:
        return uuid.UUID(text)
    except ValueError:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def spans_for(dimension: Dimension, keys: Iterable[str], seen: Lake) -> list[tuple[int, int]]:
    """The spans of the tree that members cover."""
    rows = small(seen, dimension.table)
    return [(rows[n]["lo"], rows[n]["hi"]) for n in numbers_for(dimension, keys, seen)]


def time_label(dimension: Dimension, day: dt.date) -> str:
    """A day, week, month, quarter or year in words."""
    level = dimension.level
    if level == "Y":
        return _("%(year)s") % {"year": day.year}
    if level == "Q":
        return _("%(year)s Q%(quarter)s") % {"year": day.year, "quarter": (day.month + 2) // 3}
    if level == "M":
        return date_format(day, "YEAR_MONTH_FORMAT")
    if level == "W":
        return _("from %s") % date_format(day, "SHORT_DATE_FORMAT")
    return date_format(day, "SHORT_DATE_FORMAT")


def span_of(level: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a member of time that begins on a day."""
    if level == "D":
        return day, day
    if level == "W":
        return day, day + dt.timedelta(days=6)
    months = {"M": 1, "Q": 3, "Y": 12}[level]
    count = day.year * 12 + day.month - 1 + months
    return day, dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)
