"""Places named in files: found by code, else by a name that only one place has."""

from __future__ import annotations

import uuid
from collections import Counter

from django.utils.translation import gettext_noop

from dangol.imports.kinds import Batch
from dangol.imports.staging import refuse_where, resolve, rows_of, texts_in
from dangol.places.models import Place
from dangol.places.scope import ranges


def places_by_text() -> dict[str, uuid.UUID]:
    """Every place by its code and by its name where that is unique."""
    rows = list(Place.objects.values_list("pk", "code", "name", "name_en"))
    count = Counter(name for _pk, _code, *names in rows for name in set(names) if name)
    found = {name: pk for pk, _code, *names in rows for name in names if name and count[name] == 1}
    return found | {code: pk for pk, code, _name, _en in rows}


def resolve_places(batch: Batch, column: str, id_column: str) -> None:
    """Find the places of a batch; unknown ones, and those outside the person's scope, are refused."""
    known = places_by_text()
    resolve(column, id_column, {text: known.get(text) for text in texts_in(column)})
    refuse_where(
        f"s.{column} IS NOT NULL AND s.{id_column} IS NULL", column,
        gettext_noop("there is no site “%(text)s”"), {"text": f"s.{column}"},
    )  # fmt: skip
    if batch.by is None:
        return
    spans = ranges(batch.by, "imports.run")
    used = {key for (key,) in rows_of(f"SELECT DISTINCT {id_column} FROM stage") if key}
    outside = [
        place.pk
        for place in Place.objects.filter(pk__in=used)
        if not any(lo <= place.lo <= hi for lo, hi in spans)
    ]
    if outside:
        listed = ", ".join(f"'{key}'" for key in outside)
        refuse_where(
            f"s.{id_column} IN ({listed})", column,
            gettext_noop("the site “%(text)s” lies outside your part of the company"),
            {"text": f"s.{column}"},
        )  # fmt: skip


__all__ = ["places_by_text", "resolve_places"]
