"""The measures of the last day in a person's scope, by source and field, by site, and their history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet, Sum

from dangol.core.models import User
from dangol.places.models import Place
from dangol.places.scope import ranges, scoped, sees_everything
from dangol.quality.measures.fields import FIELDS, MEASURES
from dangol.quality.models import Measure

COUNTS = ("records", "filled", "valid", "shared", "fresh", "compared", "agreeing")


@dataclass(frozen=True)
class Counts:
    """What was counted of one field; shares are None where there is nothing to share."""

    records: int
    filled: int
    valid: int
    shared: int
    fresh: int
    compared: int
    agreeing: int

    def share(self, measure: str) -> float | None:
        """One of the five measures."""
        part, whole = {
            "complete": (self.filled, self.records),
            "valid": (self.valid, self.filled),
            "unique": (self.filled - self.shared, self.filled),
            "fresh": (self.fresh, self.filled),
            "consistent": (self.agreeing, self.compared),
        }[measure]
        return part / whole if whole else None

    def faults(self, measure: str) -> int:
        """How many records stand behind what is missing to the whole."""
        return {
            "complete": self.records - self.filled,
            "valid": self.filled - self.valid,
            "unique": self.shared,
            "fresh": self.filled - self.fresh,
            "consistent": self.compared - self.agreeing,
        }[measure]


UNIQUE_FIELDS = {"name", "phone", "email"}


def tells(measure: str, field: str) -> bool:
    """Whether a measure says something of a field: births and genders are shared by nature."""
    return measure != "unique" or field in UNIQUE_FIELDS


def last_day() -> dt.date | None:
    """When records were measured last."""
    return Measure.objects.aggregate(last=Max("day"))["last"]


def rows_of(user: User, day: dt.date) -> QuerySet[Measure]:
    """A day's rows: of the company for those who see it whole, of their sites for the others."""
    rows = Measure.objects.filter(day=day)
    if sees_all(user):
        return rows.filter(place=None)
    return scoped(rows.exclude(place=None), user, "quality.see", "place")


def sees_all(user: User) -> bool:
    """Whether the person sees the quality of the whole company."""
    spans = ranges(user, "quality.see")
    return bool(spans) and sees_everything(user, spans)


def summed(rows: QuerySet[Measure], *by: str) -> dict[Any, Counts]:
    """Counts added up by some columns."""
    found = rows.order_by().values(*by).annotate(**{f"n_{c}": Sum(c) for c in COUNTS})
    return {
        tuple(row[name] for name in by): Counts(*(int(row[f"n_{c}"] or 0) for c in COUNTS))
        for row in found
    }


def by_source(user: User, day: dt.date) -> dict[str, dict[str, Counts]]:
    """Source: field: counts; the source with the most records first."""
    made: dict[str, dict[str, Counts]] = defaultdict(dict)
    for (source, field), counts in summed(rows_of(user, day), "source", "field").items():
        made[source][field] = counts
    return dict(sorted(made.items(), key=lambda kv: -kv[1]["name"].records))


def by_site(
    user: User, day: dt.date, field: str, measure: str, most: int
) -> list[tuple[Place, Counts]]:
    """A field's counts by site in the scope, those first that lack the most records."""
    rows = scoped(Measure.objects.filter(day=day, field=field).exclude(place=None), user, "quality.see", "place")  # fmt: skip
    found = sorted(
        summed(rows, "place").items(),
        key=lambda pair: (-pair[1].faults(measure), -pair[1].records),
    )[:most]
    places = Place.objects.in_bulk([key[0] for key, _counts in found])
    return [(places[key[0]], counts) for key, counts in found]


def history(
    field: str, measure: str, days: int, today: dt.date
) -> dict[str, list[tuple[dt.date, float | None]]]:
    """Source: the company's share on each of the last days."""
    rows = Measure.objects.filter(
        place=None, field=field, day__gt=today - dt.timedelta(days=days)
    ).order_by("day")
    made: dict[str, list[tuple[dt.date, float | None]]] = defaultdict(list)
    for row in rows:
        counts = Counts(*(getattr(row, c) for c in COUNTS))
        made[row.source].append((row.day, counts.share(measure)))
    return dict(made)


__all__ = ["FIELDS", "MEASURES", "by_site", "by_source", "history", "last_day", "tells"]
