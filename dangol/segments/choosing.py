"""What a value field of the builder offers: places, products, segments, codes and words of the lake."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import number_format

from dangol.core.access import needs
from dangol.core.models import User
from dangol.places.choosing import open_places, places_found, written
from dangol.segments import catalogue
from dangol.segments.queries import lists_visible_to, segments_visible_to
from dangol.ui.choosing import Offered, offer
from dangol.warehouse.engine import lake
from dangol.warehouse.facts import FACTS, Column, Type
from dangol.warehouse.manifest import NoLake

SHOWN, MOST = 30, 5000


@needs("segments.see")
def found(request: HttpRequest) -> HttpResponse:
    """The lines under a value field: `of` names what is searched, as “transactions.kind”."""
    user: User = request.user  # type: ignore[assignment]
    words = request.GET.get("q", "").strip()[:80]
    of = request.GET.get("of", "segments")
    match of:
        case "segments":
            rows = segments_visible_to(user).filter(ended_at=None)
            lines: Iterable[Offered] = rows_found(rows, words)
        case "lists":
            lines = rows_found(lists_visible_to(user), words)
        case _:
            table, _dot, name = of.partition(".")
            if table == "score":
                return offer(request, choices_found(name, words)[:SHOWN], words)
            lines = values_found(user, table, column_named(table, name), words)
    return offer(request, list(lines)[:SHOWN], words)


def choices_found(name: str, words: str) -> list[Offered]:
    """The choices of a criterion that an app or an own attribute lends."""
    try:
        lent = catalogue.criterion(name)
    except KeyError:
        raise Http404 from None
    told = ((value, str(label)) for value, label in lent.choices)
    return [Offered(v, t, t) for v, t in told if words.casefold() in t.casefold()]


def column_named(table: str, name: str) -> Column:
    """A column that rules may test, or 404."""
    tables = {catalogue.CUSTOMERS, *(fact.name for fact in catalogue.fact_tables())}
    columns = {c.name: c for c in catalogue.usable(FACTS[table])} if table in tables else {}
    if name not in columns:
        raise Http404
    return columns[name]


def values_found(user: User, table: str, column: Column, words: str) -> Iterable[Offered]:
    """What a column can hold."""
    if column.of == "places":
        rows = places_found(open_places(user, "segments.see"), words)
        return [
            Offered(p.pk, written(p), str(p), f"{p.parent or ''} {p.code}".strip()) for p in rows
        ]
    if column.of:
        return rows_found(FACTS[column.of].model.objects.all(), words)
    if column.type is not Type.TEXT:
        raise Http404
    choices = catalogue.choices_of(table, column)
    counts = words_of(table, column.name)
    known = [(value, label) for value, label in choices.items()]
    known += [(value, value) for value in counts if value not in choices]
    return [
        Offered(value, label, label, number_format(counts.get(value, 0), force_grouping=True))
        for value, label in known if words.casefold() in f"{label} {value}".casefold()
    ]  # fmt: skip


def rows_found(rows: object, words: str) -> list[Offered]:
    """Rows of a small table whose words fit."""
    related = [f.name for f in rows.model._meta.fields if f.is_relation]  # type: ignore[attr-defined]
    told = ((row.pk, str(row)) for row in rows.select_related(*related)[:MOST])  # type: ignore[attr-defined]
    return [Offered(key, text, text) for key, text in told if words.casefold() in text.casefold()]


KNOWN: dict[tuple[object, ...], dict[str, int]] = {}


def words_of(table: str, column: str) -> dict[str, int]:
    """The words of a column and how often each is there, the most frequent first."""
    try:
        seen = lake()
    except NoLake:
        return {}
    made = seen.manifest.tables.get(table)
    if made is None:
        return {}
    key = (table, column, made.fingerprint, made.changed_in, *(f.path for f in made.files[:3]))
    if key not in KNOWN:
        rows = seen.table(table)
        counted = rows.filter(rows[column].notnull()).group_by(value=rows[column])
        asked = counted.agg(n=ibis._.count()).order_by(ibis.desc("n"), "value").limit(200)
        if len(KNOWN) > 100:
            KNOWN.clear()
        KNOWN[key] = {r["value"]: r["n"] for r in seen.run(asked).to_pylist() if r["value"]}
    return KNOWN[key]
