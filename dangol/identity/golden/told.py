"""The golden record explained: each value, where it came from, and what it won over."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.customers.source_names import source_name
from dangol.identity.golden.survivorship import COMPANY_FIELDS, FIELDS, REACH, Said, reached, said
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.written import TITLES, places_of, shown_value, stored_value


@dataclass(frozen=True, slots=True)
class Told:
    """One source's value in words."""

    value: str
    source: str | Promise
    since: dt.datetime
    verified: bool
    record_id: int
    gone: bool
    state: str = ""
    """Of a contact point: what the latest check said."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A field with the value that survived and those that did not."""

    field: str
    title: str | Promise
    kept: Told
    losers: list[Told] = dataclasses.field(default_factory=list)
    agreeing: int = 1
    """How many records say what survived."""


def records_of(customer: uuid.UUID) -> list[SourceRecord]:
    """The records under a customer, the oldest first."""
    return list(SourceRecord.objects.filter(customer=customer).order_by("first_seen_at", "pk"))


def explained(customer: Customer, records: list[SourceRecord]) -> list[Explained]:
    """Every field that a record speaks of."""
    trust, places = trust_of_sources(), places_of(records)
    live = [r for r in records if r.gone_at is None] or records
    gone = {r.pk for r in records if r.gone_at}
    found = []
    for name in (*FIELDS, *COMPANY_FIELDS):
        if values := said(live, name, trust):
            found.append(_explained(name, values, places, gone))
    return found


def ways(customer: Customer, records: list[SourceRecord]) -> list[Explained]:
    """Each way to reach the customer with the sources that know it, and what checks said."""
    trust = trust_of_sources()
    states = {
        (p.kind, p.value): p for p in ContactPoint.objects.filter(customer=customer, ended_at=None)
    }
    live = [r for r in records if r.gone_at is None] or records
    found = []
    for way in REACH:
        by_value: dict[str, list[Said]] = {}
        for one in reached(live, way, trust):
            by_value.setdefault(stored_value(way, one.value), []).append(one)
        for value, all_ in by_value.items():
            point = states.get((way, value))
            told = _told(way, all_[0], {}, set(), point.state if point else "")
            said_by = sum(
                stored_value(way, str(r.values.get(f) or "")) == value
                for r in live for f in REACH[way]
            )  # fmt: skip
            found.append(Explained(way, TITLES[way], told, [], said_by))
    return found


def _explained(name: str, values: list[Said], places: dict[str, str], gone: set[int]) -> Explained:
    told = [_told(name, one, places, gone) for one in values]
    kept, losers, seen = told[0], [], {told[0].value}
    for one in told[1:]:
        if one.value not in seen:
            seen.add(one.value)
            losers.append(one)
    agreeing = sum(one.value == kept.value for one in told)
    return Explained(name, TITLES[name], kept, losers, agreeing)


def _told(name: str, one: Said, places: dict[str, str], gone: set[int], state: str = "") -> Told:
    return Told(
        shown_value(name, one.value, places), source_name(one.source), one.since,
        one.verified or state == "verified", one.record_id, one.record_id in gone, state,
    )  # fmt: skip


def as_json(lines: list[Explained]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "field": line.field, "value": line.kept.value, "source": str(line.kept.source),
            "since": line.kept.since, "verified": line.kept.verified,
            "record_id": line.kept.record_id, "agreeing": line.agreeing,
            "losers": [
                {"value": o.value, "source": str(o.source), "since": o.since, "record_id": o.record_id}
                for o in line.losers
            ],
        }
        for line in lines
    ]  # fmt: skip
